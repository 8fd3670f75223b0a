// Slack's mrkdwn, rich_text and markdown as elements. Nothing here ever parses HTML.

import { h } from "./dom.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", hourglass_flowing_sand: "⏳", hourglass: "⌛", tada: "🎉", eyes: "👀", receipt: "🧾",
  moneybag: "💰", page_facing_up: "📄", paperclip: "📎", bell: "🔔", mag: "🔍", pencil2: "✏️", pencil: "📝", memo: "📝", wave: "👋", thumbsup: "👍", "+1": "👍", "-1": "👎",
  thumbsdown: "👎", question: "❓", exclamation: "❗", information_source: "ℹ️", large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", arrow_right: "➡️",
  calendar: "📅", clock1: "🕐", chart_with_upwards_trend: "📈", bar_chart: "📊", inbox_tray: "📥", outbox_tray: "📤", lock: "🔒", smile: "😄", bulb: "💡", no_entry: "⛔", repeat: "🔁", speech_balloon: "💬",
};

/** What mentions need to know: names of people and channels, and the reader's language and zone. */
export const known = { people: new Map(), channels: new Map(), locale: "en-US", tz: "UTC" };

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const emoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

/** A text object of Block Kit. */
export function textOf(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, object.verbatim) : lines(object.emoji === false ? object.text : emoji(object.text));
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

export function mrkdwn(text) {
  const parts = [];
  for (const [index, piece] of text.split(/```/).entries()) {
    if (index % 2) parts.push(h("pre", {}, unescape(piece.replace(/^\n|\n$/g, ""))));
    else parts.push(...quoted(piece));
  }
  return parts;
}

function quoted(text) {
  const parts = [];
  let quote = null;
  const all = text.split("\n");
  for (const [index, line] of all.entries()) {
    const inQuote = line.startsWith("&gt;") || line.startsWith(">");
    if (inQuote) {
      if (!quote) parts.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(line.replace(/^(&gt;|>)\s?/, "")));
    } else {
      if (index && !quote) parts.push(h("br"));
      quote = null;
      parts.push(...inline(line));
    }
  }
  return parts;
}

const TOKENS = /(`[^`\n]+`)|<([^<>]+)>|(?<![\p{L}\p{N}])\*(\S|\S[^*\n]*\S)\*(?![\p{L}\p{N}])|(?<![\p{L}\p{N}_])_(\S|\S[^_\n]*\S)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}])~(\S|\S[^~\n]*\S)~(?![\p{L}\p{N}])/u;

function inline(text) {
  const parts = [];
  let rest = text;
  for (;;) {
    const match = TOKENS.exec(rest);
    if (!match) break;
    if (match.index) parts.push(emoji(unescape(rest.slice(0, match.index))));
    const [, code, mark, bold, italic, strike] = match;
    if (code) parts.push(h("code", {}, unescape(code.slice(1, -1))));
    else if (mark) parts.push(marked(mark));
    else if (bold) parts.push(h("strong", {}, ...inline(bold)));
    else if (italic) parts.push(h("em", {}, ...inline(italic)));
    else parts.push(h("s", {}, ...inline(strike)));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) parts.push(emoji(unescape(rest)));
  return parts;
}

function marked(mark) {
  const [target, label] = splitOnce(mark, "|");
  if (target.startsWith("@")) return person(target.slice(1), label);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${known.channels.get(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return h("span", { class: "mention loud" }, `@${label ?? target.slice(1)}`);
  return link(unescape(target), label && unescape(label));
}

function person(id, label) {
  return h("span", { class: `mention${id === known.me ? " to-me" : ""}` }, `@${known.people.get(id)?.real_name ?? label ?? id}`);
}

export function link(url, label) {
  const safe = /^(https?:|mailto:|tel:)/i.test(url);
  return safe ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label ?? url) : document.createTextNode(label ?? url);
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return document.createTextNode(fallback ?? target);
  const words = dated(when, format);
  const time = h("time", { dateTime: when.toISOString(), title: dated(when, "{date_long} {time_secs}") }, words);
  return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, time) : time;
}

const DAY = 86_400_000;

export function dated(when, format) {
  const of = (options) => new Intl.DateTimeFormat(known.locale, { timeZone: known.tz, ...options }).format(when);
  const days = Math.round((midnight(when) - midnight(new Date())) / DAY);
  const pretty = (usual) => (Math.abs(days) <= 1 ? new Intl.RelativeTimeFormat(known.locale, { numeric: "auto" }).format(days, "day") : usual);
  const forms = {
    date_num: () => of({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date_slash: () => of({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => of({ year: "numeric", month: "long", day: "numeric" }),
    date_short: () => of({ year: "numeric", month: "short", day: "numeric" }),
    date_long: () => of({ weekday: "long", year: "numeric", month: "long", day: "numeric" }),
    date_pretty: () => pretty(forms.date()),
    date_short_pretty: () => pretty(forms.date_short()),
    date_long_pretty: () => pretty(forms.date_long()),
    day_divider_pretty: () => pretty(forms.date_long()),
    time: () => of({ hour: "2-digit", minute: "2-digit" }),
    time_secs: () => of({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(when),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name) => (forms[name] ? forms[name]() : whole));
}

function midnight(when) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: known.tz, year: "numeric", month: "2-digit", day: "2-digit" }).format(when);
  return Date.parse(`${parts}T00:00:00Z`);
}

function ago(when) {
  const seconds = (when - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(known.locale, { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), "second");
}

// rich_text

export function richText(block) {
  return block.elements.map(richPart);
}

function richPart(part) {
  if (part.type === "rich_text_list") {
    return h(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}` }, part.elements.map((item) => h("li", {}, ...item.elements.map(richInline))));
  }
  if (part.type === "rich_text_quote") return h("blockquote", {}, ...part.elements.map(richInline));
  if (part.type === "rich_text_preformatted") return h("pre", {}, ...part.elements.map(richInline));
  return h("div", { class: "rich-section" }, ...part.elements.map(richInline));
}

function richInline(element) {
  let node;
  if (element.type === "text") node = h("span", {}, ...lines(element.text));
  else if (element.type === "link") node = link(element.url, element.text);
  else if (element.type === "user") node = person(element.user_id);
  else if (element.type === "channel") node = h("span", { class: "mention" }, `#${known.channels.get(element.channel_id) ?? element.channel_id}`);
  else if (element.type === "broadcast") node = h("span", { class: "mention loud" }, `@${element.range}`);
  else if (element.type === "emoji") node = h("span", {}, EMOJI[element.name] ?? `:${element.name}:`);
  else if (element.type === "date") node = document.createTextNode(dated(new Date(element.timestamp * 1000), element.format));
  else node = document.createTextNode(element.value ?? element.usergroup_id ?? element.team_id ?? "");
  const style = element.style ?? {};
  for (const [name, tag] of [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"], ["underline", "u"]]) {
    if (style[name]) node = h(tag, {}, node);
  }
  return node;
}

// markdown (the standard one, in markdown blocks)

export function markdown(text) {
  const out = [];
  let list = null;
  let paragraph = null;
  const flush = () => { list = null; paragraph = null; };
  const rows = text.split("\n");
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    const heading = /^(#{1,6})\s+(.*)$/.exec(row);
    const item = /^\s*(?:([-*+])|\d+[.)])\s+(.*)$/.exec(row);
    if (row.startsWith("```")) {
      const end = rows.findIndex((line, index) => index > at && line.startsWith("```"));
      out.push(h("pre", {}, rows.slice(at + 1, end < 0 ? undefined : end).join("\n")));
      at = end < 0 ? rows.length : end;
      flush();
    } else if (row.includes("|") && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(rows[at + 1] ?? "")) {
      const body = [];
      let last = at + 2;
      while (last < rows.length && rows[last].includes("|")) body.push(cells(rows[last++]));
      out.push(tableOf(cells(row), body));
      at = last - 1;
      flush();
    } else if (heading) {
      out.push(h(`h${Math.min(heading[1].length + 2, 6)}`, {}, ...markdownInline(heading[2])));
      flush();
    } else if (item) {
      const kind = item[1] ? "UL" : "OL";
      if (list?.tagName !== kind) out.push((list = h(kind.toLowerCase())));
      list.append(h("li", {}, ...markdownInline(item[2])));
      paragraph = null;
    } else if (row.startsWith(">")) {
      out.push(h("blockquote", {}, ...markdownInline(row.replace(/^>\s?/, ""))));
      flush();
    } else if (/^(-{3,}|\*{3,})$/.test(row.trim())) {
      out.push(h("hr"));
      flush();
    } else if (!row.trim()) flush();
    else {
      if (paragraph) paragraph.append(h("br"));
      else { list = null; out.push((paragraph = h("p"))); }
      paragraph.append(...markdownInline(row));
    }
  }
  return out;
}

const cells = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function tableOf(head, body) {
  const line = (items, tag) => h("tr", {}, items.map((item) => h(tag, tag === "th" ? { scope: "col" } : {}, ...markdownInline(item))));
  return h("div", { class: "table-scroll", tabIndex: 0 }, h("table", {}, h("thead", {}, line(head, "th")), h("tbody", {}, body.map((row) => line(row, "td")))));
}

const MD = /(`[^`]+`)|\[([^\]]+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|__(.+?)__|(?<![*\w])\*(?!\s)(.+?)\*(?!\w)|(?<![_\w])_(?!\s)(.+?)_(?!\w)|~~(.+?)~~/;

function markdownInline(text) {
  const parts = [];
  let rest = text;
  for (;;) {
    const match = MD.exec(rest);
    if (!match) break;
    if (match.index) parts.push(emoji(rest.slice(0, match.index)));
    const [, code, label, url, bold, bold2, italic, italic2, strike] = match;
    if (code) parts.push(h("code", {}, code.slice(1, -1)));
    else if (url) parts.push(link(url, label));
    else if (bold ?? bold2) parts.push(h("strong", {}, ...markdownInline(bold ?? bold2)));
    else if (italic ?? italic2) parts.push(h("em", {}, ...markdownInline(italic ?? italic2)));
    else parts.push(h("s", {}, ...markdownInline(strike)));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) parts.push(emoji(rest));
  return parts;
}
