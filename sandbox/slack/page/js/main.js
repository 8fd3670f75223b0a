// The chat client: what the acting person sees, kept live by the event stream.

import { Api } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { acceptDrops, composer } from "./composer.js";
import { dialog, h, icon, iconButton } from "./dom.js";
import { speak, t } from "./i18n.js";
import { listen } from "./live.js";
import { avatar, dayName, dayOf, renderMessage, size } from "./messages.js";
import { Modals } from "./modal.js";
import { known, mrkdwn } from "./mrkdwn.js";

const app = document.getElementById("app");
const sidebar = document.getElementById("sidebar");
const main = document.getElementById("conversation");
const aside = document.getElementById("thread");
const TOAST_MS = 7000;
const JOIN_SECONDS = 300;

class Store {
  constructor(me) {
    this.api = new Api(me);
    this.modals = new Modals(this);
    this.conversations = new Map();
    this.unread = new Map();
    this.open = null;
    this.tab = "messages";
    this.thread = null;
    this.home = null;
  }

  async load() {
    const [people, workspace, screen] = await Promise.all([this.api.get("/sandbox/people"), this.api.get("/sandbox/workspace"), this.api.screen()]);
    known.people = new Map(people.map((person) => [person.id, person]));
    this.me = known.people.get(this.api.person);
    this.people = people.filter((person) => !person.is_bot);
    this.bot = people.find((person) => person.is_bot);
    this.team = workspace.team;
    this.botAnswers = workspace.bot_answers;
    this.commands = workspace.app.commands;
    this.shortcuts = workspace.app.shortcuts;
    this.chinese = this.me.locale.startsWith("zh");
    known.me = this.me.id;
    known.locale = this.me.locale;
    known.tz = this.me.tz;
    speak(this.me.locale);
    this.conversations = new Map(screen.conversations.map((one) => [one.id, one]));
    known.channels = new Map(screen.conversations.filter((one) => one.kind !== "im").map((one) => [one.id, one.name]));
    this.home = screen.home;
    this.stack = screen.modals;
    if (!this.conversations.has(this.open)) this.open = [...this.conversations.values()].find((one) => one.kind === "im").id;
  }

  get conversation() {
    return this.conversations.get(this.open);
  }

  // What happens

  hear(what) {
    if (what.kind === "message") this.heardMessage(this.conversations.get(what.channel), what.message);
    else if (what.kind === "gone") this.heardGone(this.conversations.get(what.channel), what.ts);
    else if (what.kind === "modals") this.modals.show(what.stack);
    else if (what.kind === "home") { this.home = what.view; if (this.tab === "home") drawConversation(); else drawSidebar(); }
    else if (what.kind === "presence") { this.botAnswers = what.bot_answers; drawSidebar(); }
    else if (what.kind === "notice") this.toast(what.text, "error");
    else if (what.kind === "people") this.load().then(drawAll);
  }

  heardMessage(place, message) {
    if (!place) return;
    const at = place.messages.findIndex((one) => one.ts === message.ts);
    const isNew = at < 0;
    if (isNew) place.messages.push(message);
    else place.messages[at] = message;
    const parent = isNew && message.thread_ts && message.thread_ts !== message.ts && place.messages.find((one) => one.ts === message.thread_ts);
    if (parent && !message.ephemeral) {
      parent.reply_count = (parent.reply_count ?? 0) + 1;
      parent.reply_users = [...new Set([...(parent.reply_users ?? []), message.user])];
      parent.thread_ts = parent.ts;
    }
    if (isNew && message.user !== this.me.id) this.announce(place, message);
    if (place.id === this.open && this.tab === "messages") {
      drawMessage(message, isNew);
      if (parent) drawMessage(parent, false);
    }
    if (place.id === this.open && this.thread && [message.ts, message.thread_ts].includes(this.thread)) drawThreadMessages();
  }

  heardGone(place, ts) {
    if (!place) return;
    const gone = place.messages.find((one) => one.ts === ts);
    place.messages = place.messages.filter((one) => one.ts !== ts);
    const parent = gone?.thread_ts && place.messages.find((one) => one.ts === gone.thread_ts);
    if (parent?.reply_count) parent.reply_count -= 1;
    if (place.id === this.open) { drawMessages(); if (this.thread) drawThreadMessages(); }
  }

  announce(place, message) {
    const name = known.people.get(message.user)?.real_name ?? message.user;
    const words = h("span", {}, ...mrkdwn(message.text || "…")).textContent;
    document.getElementById("live").textContent = t("newFrom", { name, text: words });
    const inClosedThread = message.ephemeral && message.thread_ts && this.thread !== message.thread_ts;
    if (place.id === this.open && this.tab === "messages" && !document.hidden && !inClosedThread) return;
    this.unread.set(place.id, (this.unread.get(place.id) ?? 0) + 1);
    drawSidebar();
    if (message.ephemeral) this.toast(words, "info", { label: t("jump"), go: () => { this.show(place.id); if (message.thread_ts) this.openThread(message.thread_ts); } });
  }

  // What the person does

  async attempt(work) {
    try {
      return await work();
    } catch (failure) {
      this.toast(t("failed", { why: failure.message }), "error");
      return null;
    }
  }

  act(where, block, element, value) {
    return this.attempt(async () => (await this.api.post("clicks", { ...where, block_id: block.block_id, action_id: element.action_id, value })).ok);
  }

  send(said) {
    return this.attempt(() => this.api.send(said));
  }

  command(line, channel) {
    return this.attempt(async () => {
      const outcome = await this.api.post("commands", { text: line, channel });
      if (!outcome.ok && outcome.error && !this.justSaid(outcome.error)) this.toast(outcome.error, "error");
      return true;
    });
  }

  justSaid(words) {
    return [...document.querySelectorAll(".toast")].some((toast) => toast.dataset.words === words);
  }

  dropSample(name) {
    return this.attempt(() => this.api.post("messages", { channel: this.open, samples: [name] }));
  }

  shortcut(message, callback) {
    return this.attempt(() => this.api.post("shortcuts", { channel: message.channel, ts: message.ts, callback_id: callback }));
  }

  removeMessage(message) {
    return this.attempt(() => this.api.remove(`messages/${message.channel}/${message.ts}`));
  }

  removeFile(id) {
    return this.attempt(() => this.api.remove(`files/${id}`));
  }

  show(id, tab = "messages") {
    this.open = id;
    this.tab = tab;
    this.thread = null;
    this.unread.delete(id);
    app.dataset.pane = "conversation";
    remember(this);
    drawAll();
    if (tab === "home") this.attempt(() => this.api.post("home", { tab: "home" }));
    if (matchMedia("(min-width: 721px)").matches) document.getElementById("composer-text")?.focus();
  }

  openThread(ts) {
    const message = this.conversation.messages.find((one) => one.ts === ts);
    this.thread = message?.thread_ts ?? ts;
    app.dataset.pane = "thread";
    drawThread();
    document.getElementById("thread-text")?.focus();
  }

  closeThread() {
    this.thread = null;
    app.dataset.pane = "conversation";
    drawThread();
  }

  toast(words, kind, action) {
    const toast = h("div", { class: `toast ${kind}`, dataset: { words } }, h("span", {}, words),
      action && h("button", { type: "button", class: "button small", onclick: () => { toast.remove(); action.go(); } }, action.label),
      iconButton("close", t("close"), () => toast.remove()));
    document.getElementById("toasts").append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }
}

// Drawing

let store;

function remember({ me, open, tab }) {
  const query = new URLSearchParams({ as: me.id, channel: open, ...(tab === "home" ? { tab } : {}) });
  history.replaceState(null, "", `/?${query}${location.hash}`);
}

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
    main.replaceChildren(head, tabs, h("div", { class: "home", id: "panel", role: "tabpanel", "aria-labelledby": "tab-home" }, homeContent()));
    return;
  }
  currentComposer = composer(store, { channel: place.id, placeholder: t("write", { name }), id: "composer-text" });
  main.replaceChildren(...[head, tabs, h("ol", { class: "messages", id: "panel", role: isDm ? "tabpanel" : "region", "aria-label": t("messages"), tabIndex: 0 }), currentComposer].filter(Boolean));
  if (draft && main.dataset.place === place.id) document.getElementById("composer-text").value = draft;
  main.dataset.place = place.id;
  acceptDrops(main, name, (files) => store.send({ channel: place.id, text: "", files }));
  drawMessages();
}

function homeContent() {
  if (!store.home) return h("p", { class: "empty" }, t("noHome"));
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
  store = new Store(query.get("as") ?? localStorage.getItem("as") ?? "U0LILEI");
  store.open = query.get("channel");
  if (query.get("tab") === "home") store.tab = "home";
  if (query.has("channel")) app.dataset.pane = "conversation";
  await follow();
  if (store.tab === "home" && store.me) store.attempt(() => store.api.post("home", { tab: "home" }));
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
