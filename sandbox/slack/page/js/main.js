// The chat client: draws what the store knows, kept live by the event stream.

import { renderBlocks } from "./blocks.js";
import { acceptDrops, composer } from "./composer.js";
import { dialog, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { listen } from "./live.js";
import { avatar, dayName, dayOf, renderMessage, size } from "./messages.js";
import { remember, Store } from "./store.js";

const app = document.getElementById("app");
const sidebar = document.getElementById("sidebar");
const main = document.getElementById("conversation");
const aside = document.getElementById("thread");
const JOIN_SECONDS = 300;

let store;
const draw = {
  all: drawAll,
  sidebar: drawSidebar,
  conversation: drawConversation,
  home: drawHome,
  messages: drawMessages,
  message: drawMessage,
  thread: drawThread,
  threadMessages: drawThreadMessages,
};

function titleOf(place) {
  return place.kind === "im" ? store.bot.real_name : place.name;
}

function drawAll() {
  document.title = `${titleOf(store.conversation)} · ${store.me.real_name} · ${store.team.name}`;
  const skip = document.getElementById("skip");
  skip.textContent = t("skip");
  drawSidebar();
  drawConversation();
  drawThread();
}

function drawSidebar() {
  const places = [...store.conversations.values()];
  const entry = (place) => {
    const count = store.unread.get(place.id);
    const here = place.id === store.open && store.tab === "messages";
    return h("li", {}, h("button", { type: "button", class: `place${here ? " here" : ""}${count ? " unread" : ""}`, "aria-current": here ? "page" : undefined, onclick: () => store.show(place.id) },
      icon(place.kind === "im" ? "bot" : place.kind === "group" ? "lock" : "hash"), h("span", {}, titleOf(place)), place.kind === "im" && presence(), count && h("span", { class: "count", "aria-label": `${count} ${t("newMessages")}` }, String(count))));
  };
  const dm = places.find((place) => place.kind === "im");
  const atHome = store.tab === "home";
  sidebar.setAttribute("aria-label", t("conversations"));
  sidebar.replaceChildren(
    h("div", { class: "team" }, store.team.name),
    h("button", { type: "button", class: "me", onclick: choosePerson, "aria-haspopup": "dialog" }, avatar(store.me),
      h("span", { class: "me-words" }, h("small", {}, t("actingAs")), h("strong", {}, store.me.real_name), h("span", { class: "me-title" }, roleOf(store.me))), icon("people")),
    h("h2", {}, t("channels")), h("ul", {}, places.filter((place) => place.kind !== "im").map(entry)),
    h("h2", {}, t("apps")), h("ul", {}, entry(dm), h("li", {}, h("button", { type: "button", class: `place sub${atHome ? " here" : ""}`, "aria-current": atHome ? "page" : undefined, onclick: () => store.show(dm.id, "home") }, icon("receipt"), h("span", {}, t("home"))))),
  );
}

/** Whether the bot answers at all: the first thing to look at when nothing happens. */
function presence() {
  if (store.botAnswers === null) return null;
  return h("span", { class: `presence${store.botAnswers ? "" : " away"}` }, h("span", { class: "dot", "aria-hidden": "true" }), t(store.botAnswers ? "botOnline" : "botAway"));
}

function roleOf(person) {
  const marks = [person.profile.title, person.is_stranger && t("stranger"), person.deleted && t("deactivated")];
  return marks.filter(Boolean).join(" · ");
}

function choosePerson() {
  const row = (person) => h("li", {},
    h("a", { class: `person${person.id === store.me.id ? " here" : ""}`, href: `/?as=${person.id}`, "aria-current": person.id === store.me.id ? "true" : undefined },
      avatar(person), h("span", {}, h("strong", {}, person.real_name), h("small", {}, roleOf(person)))),
    h("a", { class: "icon-button", href: `/?as=${person.id}`, target: `as-${person.id}`, title: t("newWindow"), "aria-label": `${person.real_name}: ${t("newWindow")}` }, icon("window")));
  const box = dialog("people", h("header", { class: "modal-head" }, h("h2", { id: "people-title" }, t("switchPerson")), iconButton("close", t("close"), () => box.close())), h("ul", {}, store.people.map(row)));
  box.setAttribute("aria-labelledby", "people-title");
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
}

let currentComposer = null;

function drawConversation() {
  const place = store.conversation;
  const name = titleOf(place);
  const isDm = place.kind === "im";
  const tab = (id, label) => h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-selected": String(store.tab === id), "aria-controls": "panel", class: "tab", onclick: () => store.show(place.id, id) }, label);
  const head = h("header", { class: "head" },
    iconButton("back", t("back"), () => { app.dataset.pane = "list"; }, { class: "icon-button only-narrow" }),
    isDm ? avatar(store.bot) : h("span", { class: "head-icon" }, icon(place.kind === "group" ? "lock" : "hash")),
    h("div", { class: "head-words" }, h("h1", {}, name), h("p", {}, isDm ? t("app") : `${t("members", { n: place.members.length })} · ${place.topic}`)),
    store.tab === "messages" && h("button", { type: "button", class: "button samples-button", onclick: openSamples, "aria-haspopup": "dialog" }, icon("receipt"), h("span", {}, t("samples"))));
  const tabs = isDm && h("div", { class: "tabs", role: "tablist" }, tab("messages", t("messages")), tab("home", t("home")));
  const draft = document.getElementById("composer-text")?.value;
  if (store.tab === "home") {
    currentComposer = null;
    main.replaceChildren(head, tabs, h("div", { class: "home", id: "panel", role: "tabpanel", "aria-labelledby": "tab-home", tabIndex: 0 }));
    drawHome();
    return;
  }
  currentComposer = composer(store, { channel: place.id, placeholder: t("write", { name }), id: "composer-text" });
  main.replaceChildren(...[head, tabs, h("ol", { class: "messages", id: "panel", role: isDm ? "tabpanel" : "region", "aria-label": t("messages"), tabIndex: 0 }), currentComposer].filter(Boolean));
  if (draft && main.dataset.place === place.id) document.getElementById("composer-text").value = draft;
  main.dataset.place = place.id;
  acceptDrops(main, name, (files) => store.send({ channel: place.id, text: "", files }));
  drawMessages();
}

/** The Home tab anew; whoever is at its third button stays at the third button. */
function drawHome() {
  const panel = document.getElementById("panel");
  const controls = () => [...panel.querySelectorAll("button, select, input, textarea")];
  const place = controls().indexOf(document.activeElement);
  panel.replaceChildren(...homeContent());
  if (place >= 0) (controls()[place] ?? controls().at(-1) ?? panel).focus({ preventScroll: true });
}

function homeContent() {
  if (!store.home) return [h("p", { class: "empty" }, t("noHome"))];
  const scope = { view_id: store.home.id };
  return renderBlocks({ api: store.api, scope, typed: store.home.typed ?? {}, act: (block, element, value) => store.act(scope, block, element, value) }, store.home.blocks);
}

const topLevel = (place) => place.messages.filter((message) => !message.thread_ts || message.thread_ts === message.ts || (message.ephemeral && !place.messages.some((one) => one.ts === message.thread_ts)));

function drawMessages() {
  const list = document.getElementById("panel");
  const shown = topLevel(store.conversation);
  list.replaceChildren();
  if (!shown.length) list.append(h("li", { class: "empty" }, icon("receipt"), h("strong", {}, t("emptyTitle")), h("span", {}, t("emptyHint"))));
  shown.forEach((message, at) => list.append(...withDay(message, shown[at - 1])));
  toBottom(list);
}

function withDay(message, before) {
  const newDay = !before || dayOf(before.ts) !== dayOf(message.ts);
  const joined = !newDay && before.user === message.user && !before.ephemeral && !message.ephemeral && !before.reply_count && Number(message.ts) - Number(before.ts) < JOIN_SECONDS;
  const divider = newDay && h("li", { class: "day" }, h("span", {}, dayName(message.ts)));
  return [divider, renderMessage(store, message, { joined })].filter(Boolean);
}

/** Put one message in its place, without disturbing what else is on the screen. */
function drawMessage(message, isNew) {
  const list = document.getElementById("panel");
  const shown = topLevel(store.conversation);
  const at = shown.indexOf(message);
  if (at < 0 || !list) return;
  const atBottom = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const old = list.querySelector(`[data-ts="${message.ts}"]`);
  if (old) {
    const hadFocus = old.contains(document.activeElement);
    const now = renderMessage(store, message, { joined: old.classList.contains("joined") });
    old.replaceWith(now);
    if (hadFocus) (now.querySelector(".message-body button, .message-body select, .message-body input") ?? currentComposer?.querySelector("textarea"))?.focus({ preventScroll: true });
  } else {
    list.querySelector(".empty")?.remove();
    list.append(...withDay(message, shown[at - 1]));
  }
  if (atBottom || (isNew && message.user === store.me.id)) toBottom(list);
}

function toBottom(list) {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) { target.scrollIntoView({ block: "center" }); target.classList.add("found"); history.replaceState(null, "", location.pathname + location.search); return; }
  list.scrollTop = list.scrollHeight;
  for (const image of list.querySelectorAll("img:not([data-heard])")) {
    image.dataset.heard = "1";
    if (!image.complete) image.addEventListener("load", () => { if (list.scrollHeight - list.scrollTop - list.clientHeight < 600) list.scrollTop = list.scrollHeight; }, { once: true });
  }
}

function drawThread() {
  aside.hidden = !store.thread;
  app.classList.toggle("with-thread", Boolean(store.thread));
  if (!store.thread) { aside.replaceChildren(); return; }
  aside.setAttribute("aria-label", t("thread"));
  const box = composer(store, { channel: store.open, thread: store.thread, placeholder: t("replyHere"), id: "thread-text" });
  aside.replaceChildren(
    h("header", { class: "head" }, h("div", { class: "head-words" }, h("h2", {}, t("thread")), h("p", {}, titleOf(store.conversation))), iconButton("close", t("close"), () => store.closeThread())),
    h("ol", { class: "messages", id: "thread-messages", tabIndex: 0, "aria-label": t("thread") }), box);
  acceptDrops(aside, t("thread"), (files) => store.send({ channel: store.open, text: "", thread: store.thread, files }));
  drawThreadMessages();
}

function drawThreadMessages() {
  const list = document.getElementById("thread-messages");
  if (!list) return;
  const shown = store.conversation.messages.filter((message) => [message.ts, message.thread_ts].includes(store.thread));
  list.replaceChildren(...shown.map((message) => renderMessage(store, message, { inThread: true })));
  list.scrollTop = list.scrollHeight;
}

async function openSamples() {
  const list = h("ul", { class: "samples" }, h("li", { class: "empty" }, t("loading")));
  const box = dialog("people", h("header", { class: "modal-head" }, h("h2", { id: "samples-title" }, t("samples")), iconButton("close", t("close"), () => box.close())), h("p", { class: "dialog-hint" }, t("samplesHint")), list);
  box.setAttribute("aria-labelledby", "samples-title");
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  const samples = (await store.attempt(() => store.api.get("/sandbox/samples"))) ?? [];
  list.replaceChildren(...samples.map((sample) => h("li", {}, h("button", { type: "button", class: "person", onclick: () => { box.close(); store.dropSample(sample.name); } }, icon("file"), h("span", {}, h("strong", {}, sample.name), h("small", {}, size(sample.size)))))));
  if (!samples.length) list.append(h("li", { class: "empty" }, t("noSamples")));
}

async function start() {
  const query = new URLSearchParams(location.search);
  store = new Store(query.get("as") ?? localStorage.getItem("as") ?? "U0LILEI", draw);
  store.open = query.get("channel");
  if (query.get("tab") === "home") store.tab = "home";
  if (query.has("channel")) app.dataset.pane = "conversation";
  await follow();
  if (store.me) store.tellOpened();
}

/** Listen first and load then, so that nothing falls between; what is heard meanwhile waits. */
function follow() {
  let waiting = [];
  let lost = false;
  const hear = (what) => (waiting ? waiting.push(what) : store.hear(what));
  return new Promise((ready) => {
    listen(store.api.person, hear, async (connected) => {
      document.documentElement.dataset.live = "false";
      if (!connected) {
        if (!lost && !waiting) store.toast(t("offline"), "error");
        lost = true;
        waiting ??= [];
        return;
      }
      if (await loaded()) {
        if (lost) store.toast(t("online"), "info");
        for (const what of waiting ?? []) store.hear(what);
        waiting = null;
        lost = false;
        document.documentElement.dataset.live = "true";
      }
      ready();
    });
  });
}

async function loaded() {
  try {
    await store.load();
  } catch (failure) {
    localStorage.removeItem("as");
    main.replaceChildren(h("p", { class: "empty" }, failure.message, h("a", { href: "/?as=U0LILEI" }, "U0LILEI")));
    app.dataset.pane = "conversation";
    return false;
  }
  localStorage.setItem("as", store.me.id);
  remember(store);
  drawAll();
  store.modals.show(store.stack);
  return true;
}

start();
