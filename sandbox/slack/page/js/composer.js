// Where one writes: text, files by picker, paste or drop, slash commands.

import { h, icon, iconButton } from "./dom.js";
import { moveInMenu } from "./elements.js";
import { t } from "./i18n.js";
import { size } from "./messages.js";

/** A composer for a conversation, or for a thread when `thread` is its time stamp. */
export function composer(store, { channel, thread, placeholder, id }) {
  let picked = [];
  const chips = h("ul", { class: "chips" });
  const suggestions = h("div", { class: "suggestions", role: "listbox", "aria-label": t("commands"), hidden: true });
  const text = h("textarea", { id, rows: 1, placeholder, "aria-label": placeholder });
  const picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { add(picker.files); picker.value = ""; } });
  const send = h("button", { type: "submit", class: "send", "aria-label": t("send"), title: t("send") }, icon("send"));

  function add(files) {
    picked = [...picked, ...files];
    showChips();
    text.focus();
  }

  function showChips() {
    chips.replaceChildren(...picked.map((file, index) => h("li", {}, icon("file"), h("span", {}, file.name), h("small", {}, size(file.size)), iconButton("close", t("remove", { name: file.name }), () => { picked = picked.filter((_, at) => at !== index); showChips(); }))));
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  }

  function suggest() {
    const typed = text.value;
    const fitting = !thread && typed.startsWith("/") && !typed.includes(" ") ? store.commands.filter((one) => one.command.startsWith(typed)) : [];
    suggestions.hidden = !fitting.length;
    suggestions.replaceChildren(...fitting.map((one) => h("button", { type: "button", role: "option", onclick: () => { text.value = `${one.command} `; suggest(); text.focus(); } },
      h("strong", {}, one.command), h("span", {}, one[store.chinese ? "zh" : "en"]), h("small", {}, one.hint))));
  }

  async function submit() {
    const said = text.value.trim();
    const files = picked;
    if (!said && !files.length) return;
    if (said.startsWith("/") && !files.length && thread) { store.toast(t("commandsNotInThreads"), "error"); return; }
    text.value = "";
    picked = [];
    showChips();
    grow();
    suggest();
    const done = await (said.startsWith("/") && !files.length ? store.command(said, channel) : store.send({ channel, text: said, thread, files }));
    if (!done) { text.value = said; picked = files; showChips(); grow(); }
  }

  text.addEventListener("input", () => { grow(); suggest(); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
    else if (!suggestions.hidden && ["ArrowDown", "ArrowUp", "Tab"].includes(event.key) && !event.shiftKey) { event.preventDefault(); suggestions.firstElementChild.focus(); }
    else if (event.key === "Escape" && !suggestions.hidden) { suggestions.hidden = true; event.stopPropagation(); }
  });
  text.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); add(event.clipboardData.files); } });
  suggestions.addEventListener("keydown", (event) => moveInMenu(event, suggestions, () => { suggestions.hidden = true; text.focus(); }));

  const form = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); submit(); } },
    suggestions, chips,
    h("div", { class: "composer-row" }, iconButton("clip", t("attach"), () => picker.click()), picker, text, send));
  form.addFiles = add;
  return form;
}

/** Files dropped anywhere on `pane` go to the composer. */
export function acceptDrops(pane, name, onFiles) {
  const veil = h("div", { class: "drop-veil", hidden: true }, h("div", {}, icon("receipt"), t("dropHere", { name })));
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const show = (shown) => { veil.hidden = !shown; if (!shown) depth = 0; };
  pane.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { depth += 1; show(true); event.preventDefault(); } });
  pane.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  pane.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) show(false); });
  pane.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(false);
    onFiles([...event.dataTransfer.files]);
  });
  pane.append(veil);
}
