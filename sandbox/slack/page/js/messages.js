// One message in a conversation or thread.

import { h, icon, iconButton } from "./dom.js";
import { enlarge, plainText, renderBlocks } from "./blocks.js";
import { t } from "./i18n.js";
import { dated, known } from "./mrkdwn.js";

const COLOURS = 8;

export function avatar(person, size = "") {
  const name = person?.real_name ?? "?";
  if (person?.is_bot) return h("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, icon("receipt"));
  const letter = /^[\x20-\x7e]/.test(name) ? name[0] : name.at(-1);
  const colour = [...(person?.id ?? "")].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % COLOURS;
  return h("span", { class: `avatar colour-${Math.abs(colour)} ${size}`, "aria-hidden": "true" }, letter);
}

const when = (ts) => new Date(Number(ts) * 1000);
export const dayOf = (ts) => dated(when(ts), "{date_num}");
export const dayName = (ts) => dated(when(ts), "{date_long_pretty}");

/** The message as an element. `inThread`: without the summary of its own thread. */
export function renderMessage(store, message, { inThread = false, joined = false } = {}) {
  const person = known.people.get(message.user);
  const surface = {
    api: store.api,
    scope: { channel: message.channel, ts: message.ts },
    typed: message.typed,
    act: (block, element, value) => store.act({ channel: message.channel, ts: message.ts }, block, element, value),
  };
  const body = message.blocks ? renderBlocks(surface, message.blocks) : message.text ? [plainText(message.text)] : [];
  return h("li", { class: `message${message.ephemeral ? " ephemeral" : ""}${joined ? " joined" : ""}`, id: inThread ? undefined : `p${message.ts.replace(".", "")}`, dataset: { ts: message.ts } },
    joined ? h("time", { class: "side-time", dateTime: when(message.ts).toISOString() }, dated(when(message.ts), "{time}")) : avatar(person),
    h("div", { class: "message-main" },
      message.ephemeral && h("div", { class: "only-you" }, t("onlyYou")),
      !joined && h("div", { class: "message-head" },
        h("strong", {}, person?.real_name ?? message.user),
        person?.is_bot && h("span", { class: "badge" }, t("app")),
        h("time", { dateTime: when(message.ts).toISOString(), title: dated(when(message.ts), "{date_long} {time_secs}") }, dated(when(message.ts), "{time}"))),
      h("div", { class: "message-body" }, body, message.edited && !message.blocks && h("span", { class: "edited" }, `(${t("edited")})`)),
      files(store, message),
      !inThread && message.reply_count && replies(store, message)),
    tools(store, message, inThread));
}

function replies(store, message) {
  return h("button", { type: "button", class: "replies", onclick: () => store.openThread(message.ts) },
    message.reply_users.slice(0, 3).map((id) => avatar(known.people.get(id), "tiny")),
    h("span", {}, t("replies", { n: message.reply_count })));
}

function files(store, message) {
  if (!message.files.length) return null;
  return h("div", { class: "files" }, message.files.map((file) => {
    if (file.deleted) return h("div", { class: "file-card gone" }, icon("file"), t("fileGone"));
    const mine = file.owner === store.me.id;
    const remove = mine && iconButton("trash", `${t("deleteFile")} ${file.name}`, () => store.removeFile(file.id), { class: "icon-button on-file" });
    if (file.picture) {
      const image = h("img", { src: store.api.fileUrl(file.id, 480), alt: file.title, loading: "lazy" });
      return h("div", { class: "file-picture" }, h("button", { type: "button", class: "picture-button", "aria-label": `${t("picture")}: ${file.name}`, onclick: () => enlarge(store.api.fileUrl(file.id), file.title) }, image), h("div", { class: "file-name" }, file.title), remove);
    }
    return h("div", { class: "file-card" }, icon("file"), h("a", { href: store.api.fileUrl(file.id), target: "_blank", rel: "noopener" }, file.title), h("small", {}, size(file.size)), remove);
  }));
}

export function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

function tools(store, message, inThread) {
  if (message.ephemeral) return null;
  const mine = message.user === store.me.id;
  return h("div", { class: "tools" },
    !inThread && iconButton("reply", t("replyInThread"), () => store.openThread(message.ts)),
    store.shortcuts.map((shortcut) => message.files.length > 0 && iconButton("bolt", shortcut[store.chinese ? "zh" : "en"], () => store.shortcut(message, shortcut.callback_id))),
    mine && iconButton("trash", t("deleteMessage"), () => store.removeMessage(message)));
}
