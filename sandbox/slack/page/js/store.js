// What the acting person sees and does: the state of one window.

import { Api } from "./api.js";
import { h, iconButton } from "./dom.js";
import { speak, t } from "./i18n.js";
import { Modals } from "./modal.js";
import { known, mrkdwn } from "./mrkdwn.js";

const TOAST_MS = 7000;
const pane = (name) => { document.getElementById("app").dataset.pane = name; };

export class Store {
  /** `draw` puts what changed on the page. */
  constructor(me, draw) {
    this.draw = draw;
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
    else if (what.kind === "home") { this.home = what.view; if (this.tab === "home") this.draw.home(); }
    else if (what.kind === "presence") { this.botAnswers = what.bot_answers; this.draw.sidebar(); }
    else if (what.kind === "notice") this.toast(what.text, "error");
    else if (what.kind === "people") this.load().then(() => this.draw.all());
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
      this.draw.message(message, isNew);
      if (parent) this.draw.message(parent, false);
    }
    if (place.id === this.open && this.thread && [message.ts, message.thread_ts].includes(this.thread)) this.draw.threadMessages();
  }

  heardGone(place, ts) {
    if (!place) return;
    const gone = place.messages.find((one) => one.ts === ts);
    place.messages = place.messages.filter((one) => one.ts !== ts);
    const parent = gone?.thread_ts && place.messages.find((one) => one.ts === gone.thread_ts);
    if (parent?.reply_count) parent.reply_count -= 1;
    if (place.id === this.open) { this.draw.messages(); if (this.thread) this.draw.threadMessages(); }
  }

  announce(place, message) {
    const name = known.people.get(message.user)?.real_name ?? message.user;
    const words = h("span", {}, ...mrkdwn(message.text || "…")).textContent;
    document.getElementById("live").textContent = t("newFrom", { name, text: words });
    const inClosedThread = message.ephemeral && message.thread_ts && this.thread !== message.thread_ts;
    if (place.id === this.open && this.tab === "messages" && !document.hidden && !inClosedThread) return;
    this.unread.set(place.id, (this.unread.get(place.id) ?? 0) + 1);
    this.draw.sidebar();
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
    pane("conversation");
    remember(this);
    this.draw.all();
    this.tellOpened();
    const box = matchMedia("(min-width: 721px)").matches && document.getElementById("composer-text");
    (box || document.getElementById(`tab-${tab}`))?.focus();
  }

  /** The bot hears when somebody comes to its conversation, on whichever tab. */
  tellOpened() {
    if (this.conversation.kind === "im") this.attempt(() => this.api.post("home", { tab: this.tab }));
  }

  openThread(ts) {
    const message = this.conversation.messages.find((one) => one.ts === ts);
    this.thread = message?.thread_ts ?? ts;
    pane("thread");
    this.draw.thread();
    document.getElementById("thread-text")?.focus();
  }

  closeThread() {
    this.thread = null;
    pane("conversation");
    this.draw.thread();
  }

  toast(words, kind, action) {
    const toast = h("div", { class: `toast ${kind}`, dataset: { words } }, h("span", {}, words),
      action && h("button", { type: "button", class: "button small", onclick: () => { toast.remove(); action.go(); } }, action.label),
      iconButton("close", t("close"), () => toast.remove()));
    document.getElementById("toasts").append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }
}

/** The address names the person and the conversation, so that a window can be opened again. */
export function remember({ me, open, tab }) {
  const query = new URLSearchParams({ as: me.id, channel: open, ...(tab === "home" ? { tab } : {}) });
  history.replaceState(null, "", `/?${query}${location.hash}`);
}
