// Interactive elements of Block Kit. `surface` knows where they stand:
//   {api, scope: {channel, ts} | {view_id}, typed, act(block, element, value, control), ids}

import { dialog, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { known, textOf } from "./mrkdwn.js";

let numbers = 0;
export const freshId = () => `e${(numbers += 1)}`;

/** The element for a block; in an input block it only remembers, elsewhere it acts at once. */
export function interactive(surface, block, element, { inInput = false, labelledBy, describedBy, label } = {}) {
  const make = MAKERS[element.type];
  if (!make) return h("span", { class: "unknown" }, `[${element.type}]`);
  const value = surface.typed[block.block_id]?.[element.action_id] ?? initial(element);
  const remember = (now) => { (surface.typed[block.block_id] ??= {})[element.action_id] = now; };
  const acts = !inInput || block.dispatch_action;
  const change = async (now, control) => {
    remember(now);
    if (!acts) return true;
    return confirmed(element, () => surface.act(block, element, now, control));
  };
  const named = { "aria-labelledby": labelledBy, "aria-describedby": describedBy, "aria-label": labelledBy ? undefined : label ?? element.placeholder?.text };
  return make({ surface, block, element, value, change, remember, named, acts });
}

export function initial(element) {
  const plain = ["initial_value", "initial_date", "initial_time", "initial_date_time", "initial_user", "initial_channel", "initial_conversation"];
  const lists = ["initial_users", "initial_channels", "initial_conversations"];
  if (element.initial_option) return element.initial_option.value;
  if (element.initial_options) return element.initial_options.map((option) => option.value);
  for (const key of [...plain, ...lists]) if (key in element) return element[key];
  return element.type.startsWith("multi_") || ["checkboxes", "file_input"].includes(element.type) ? [] : null;
}

/** Ask first when the element has a confirmation dialog. Gives false when the person declines. */
function confirmed(element, go) {
  const asks = element.confirm;
  if (!asks) return go();
  return new Promise((resolve) => {
    const title = freshId();
    const finish = (yes) => { box.close(); resolve(yes ? go() : false); };
    const box = dialog(
      "confirm",
      h("h2", { id: title }, ...(asks.title ? textOf(asks.title) : textOf(element.text ?? element.placeholder))),
      h("p", {}, ...textOf(asks.text)),
      h("div", { class: "dialog-buttons" },
        h("button", { type: "button", class: "button", onclick: () => finish(false) }, asks.deny ? asks.deny.text : t("cancel")),
        h("button", { type: "button", class: `button ${asks.style === "danger" ? "danger" : "primary"}`, onclick: () => finish(true) }, asks.confirm ? asks.confirm.text : "OK")),
    );
    box.setAttribute("aria-labelledby", title);
    box.addEventListener("cancel", () => resolve(false));
  });
}

/** Work once at a time. The control is not disabled meanwhile: that would take the focus from it. */
export async function busy(control, work) {
  if (control.hasAttribute("aria-busy")) return undefined;
  control.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}

function press({ surface, block, element }) {
  const style = element.style ? ` ${element.style}` : "";
  const control = h("button", { type: "button", class: `button${style}`, "aria-label": element.accessibility_label }, ...textOf(element.text));
  control.addEventListener("click", () => confirmed(element, () => {
    if (element.url) window.open(element.url, "_blank", "noopener");
    return busy(control, () => surface.act(block, element, element.value ?? null, control));
  }));
  return control;
}

function feedback({ surface, block, element }) {
  return h("span", { class: "feedback" }, [element.positive_button, element.negative_button].map((side) => {
    const control = h("button", { type: "button", class: "button small", "aria-label": side.accessibility_label }, ...textOf(side.text));
    control.addEventListener("click", () => busy(control, () => surface.act(block, element, side.value, control)));
    return control;
  }));
}

function overflow({ surface, block, element }) {
  const menu = h("div", { class: "menu", role: "menu", hidden: true });
  const opener = h("button", { type: "button", class: "button menu-opener", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": t("more"), title: t("more") }, icon("dots"));
  const toggle = (open) => {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    menu.classList.remove("up", "leftwards");
    const place = menu.getBoundingClientRect();
    menu.classList.toggle("up", place.bottom > innerHeight - 100);
    menu.classList.toggle("leftwards", place.right > innerWidth);
    menu.firstElementChild.focus();
  };
  for (const option of element.options) {
    menu.append(h("button", { type: "button", role: "menuitem", class: "menu-item", onclick: () => {
      toggle(false);
      opener.focus();
      if (option.url) window.open(option.url, "_blank", "noopener");
      confirmed(element, () => busy(opener, () => surface.act(block, element, option.value, opener)));
    } }, h("span", {}, ...textOf(option.text)), option.description && h("small", {}, option.description.text)));
  }
  opener.addEventListener("click", () => toggle(menu.hidden));
  return h("span", { class: "menu-holder", onkeydown: (event) => moveInMenu(event, menu, () => { toggle(false); opener.focus(); }), onfocusout: (event) => { if (!event.currentTarget.contains(event.relatedTarget)) toggle(false); } }, opener, menu);
}

/** Arrow keys, Home, End and Escape in a menu. */
export function moveInMenu(event, menu, close) {
  if (menu.hidden) return;
  const items = [...menu.querySelectorAll("[role=menuitem], [role=option]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape") { close(); event.stopPropagation(); event.preventDefault(); }
  if (to === undefined) return;
  items[(to + items.length) % items.length]?.focus();
  event.preventDefault();
}

function choices(element) {
  const option = (one) => h("option", { value: one.value }, one.text.text);
  return [
    ...(element.options ?? []).map(option),
    ...(element.option_groups ?? []).map((group) => h("optgroup", { label: group.label.text }, group.options.map(option))),
  ];
}

function select({ element, value, change, named }, options = choices(element)) {
  const control = h("select", { class: "field", ...named }, h("option", { value: "" }, element.placeholder?.text ?? t("chooseOne")), options);
  control.value = value ?? "";
  control.addEventListener("change", () => change(control.value || null, control));
  return control;
}

const everybody = () => [...known.people.values()].filter((person) => !person.deleted).map((person) => h("option", { value: person.id }, person.real_name));
const everywhere = () => [...known.channels].map(([id, name]) => h("option", { value: id }, name));

function many(context, offered = listed(context.element)) {
  const { element, value, change, named } = context;
  const chosen = new Set(value ?? []);
  const most = element.max_selected_items ?? Infinity;
  const boxes = offered.map((one) => {
    const box = h("input", { type: "checkbox", checked: chosen.has(one.value) });
    box.addEventListener("change", async () => {
      if (box.checked && chosen.size >= most) { box.checked = false; return; }
      box.checked ? chosen.add(one.value) : chosen.delete(one.value);
      if ((await change([...chosen], box)) === false) { box.checked = !box.checked; box.checked ? chosen.add(one.value) : chosen.delete(one.value); }
    });
    return h("label", { class: "choice" }, box, h("span", {}, ...one.words, one.description && h("small", {}, ...one.description)));
  });
  return h("div", { class: element.type === "checkboxes" ? "choices" : "choices scroll", role: "group", ...named }, boxes);
}

function listed(element) {
  const options = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  return options.map((option) => ({ value: option.value, words: textOf(option.text), description: option.description && textOf(option.description) }));
}

function radio({ element, value, change, named }) {
  const name = freshId();
  return h("div", { class: "choices", role: "radiogroup", ...named }, listed(element).map((one) => {
    const box = h("input", { type: "radio", name, value: one.value, checked: one.value === value });
    box.addEventListener("change", () => change(one.value, box));
    return h("label", { class: "choice" }, box, h("span", {}, ...one.words, one.description && h("small", {}, ...one.description)));
  }));
}

function picker(type) {
  return ({ value, change, named }) => {
    const control = h("input", { type, class: "field short", ...named, value: type === "datetime-local" ? localTime(value) : value ?? "" });
    control.addEventListener("change", () => {
      const now = control.value || null;
      change(type === "datetime-local" && now ? Math.round(new Date(now).getTime() / 1000) : now, control);
    });
    return control;
  };
}

function localTime(seconds) {
  if (!seconds) return "";
  const when = new Date(seconds * 1000);
  return new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function input(type) {
  return (context) => {
    const { element, value, change, remember, named, acts } = context;
    const common = { class: "field", placeholder: element.placeholder?.text, autofocus: element.focus_on_load, ...named, value: value ?? "" };
    const limits = { maxLength: element.max_length ?? (type === "text" ? 3000 : undefined) };
    const control = element.multiline
      ? h("textarea", { ...common, ...limits, rows: 4 })
      : h("input", { ...common, ...(type === "text" ? limits : {}), type: type === "number" ? "text" : type, inputMode: type === "number" ? "decimal" : undefined, autocomplete: "off" });
    const now = () => control.value || null;
    control.addEventListener("input", () => {
      remember(now());
      if (acts && element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered")) change(now(), control);
    });
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || element.multiline || !acts) return;
      event.preventDefault();
      change(now(), control);
    });
    return control;
  };
}

function richInput({ element, value, remember, named }) {
  const words = value ? value.elements.flatMap((part) => part.elements.map((one) => one.text ?? "")).join("") : "";
  const control = h("textarea", { class: "field", rows: element.min_lines ?? 4, placeholder: element.placeholder?.text, ...named, value: words });
  control.addEventListener("input", () => {
    const section = { type: "rich_text_section", elements: [{ type: "text", text: control.value }] };
    remember(control.value ? { type: "rich_text", elements: [section] } : null);
  });
  return control;
}

function files({ surface, element, value, remember, named }) {
  const list = h("ul", { class: "picked" }, (value ?? []).map((file) => h("li", {}, file.name ?? file)));
  const accept = (element.filetypes ?? []).map((type) => `.${type}`).join(",");
  const control = h("input", { type: "file", class: "field", multiple: (element.max_files ?? 10) > 1, accept, ...named });
  control.addEventListener("change", () => busy(control, async () => {
    const sent = await surface.api.upload([...control.files].slice(0, element.max_files ?? 10));
    remember(sent.map((file) => file.id));
    list.replaceChildren(...sent.map((file) => h("li", {}, file.name)));
  }));
  return h("div", {}, control, list);
}

function external(context) {
  const { surface, block, element, value, change, named } = context;
  const multiple = element.type.startsWith("multi_");
  const first = element.initial_option ? [element.initial_option] : element.initial_options ?? [];
  const chosen = new Set(multiple ? value ?? [] : []);
  const option = (one) => h("option", { value: one.value, selected: multiple && chosen.has(one.value) }, one.text.text);
  const results = h("select", { class: "field", multiple, ...named }, !multiple && h("option", { value: "" }, element.placeholder?.text ?? t("chooseOne")), first.map(option));
  if (!multiple) results.value = value ?? "";
  const search = h("input", { type: "search", class: "field", placeholder: t("search"), "aria-label": t("search") });
  const load = async () => {
    if (search.value.length < (element.min_query_length ?? 3)) return;
    const { options } = await surface.api.post("options", { ...surface.scope, block_id: block.block_id, action_id: element.action_id, query: search.value });
    results.replaceChildren(...(multiple ? [] : [h("option", { value: "" }, t("chooseOne"))]), ...options.map(option));
  };
  search.addEventListener("input", load);
  search.addEventListener("focus", load);
  results.addEventListener("change", () => change(multiple ? [...results.selectedOptions].map((one) => one.value) : results.value || null, results));
  return h("div", { class: "external" }, search, results);
}

const manyOf = (options) => (context) => many(context, options().map((option) => ({ value: option.value, words: [option.textContent] })));

const MAKERS = {
  button: press,
  workflow_button: press,
  icon_button: press,
  feedback_buttons: feedback,
  overflow,
  static_select: (context) => select(context),
  users_select: (context) => select(context, everybody()),
  channels_select: (context) => select(context, everywhere()),
  conversations_select: (context) => select(context, everywhere()),
  external_select: external,
  multi_external_select: external,
  multi_static_select: (context) => many(context),
  multi_users_select: manyOf(everybody),
  multi_channels_select: manyOf(everywhere),
  multi_conversations_select: manyOf(everywhere),
  checkboxes: (context) => many(context),
  radio_buttons: radio,
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: picker("datetime-local"),
  plain_text_input: input("text"),
  email_text_input: input("email"),
  url_text_input: input("url"),
  number_input: input("number"),
  rich_text_input: richInput,
  file_input: files,
};
