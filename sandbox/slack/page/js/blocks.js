// Block Kit blocks as elements.

import { dialog, h, icon, iconButton } from "./dom.js";
import { freshId, interactive } from "./elements.js";
import { t } from "./i18n.js";
import { link, markdown, mrkdwn, richText, textOf } from "./mrkdwn.js";

export function renderBlocks(surface, blocks) {
  return blocks.map((block) => renderBlock(surface, block));
}

function renderBlock(surface, block) {
  const make = BLOCKS[block.type];
  const element = make ? make(surface, block) : h("p", { class: "unknown" }, `[${block.type}]`);
  element.classList.add("block", `block-${block.type}`);
  element.dataset.block = block.block_id ?? "";
  return element;
}

function section(surface, block) {
  const words = h("div", { class: "section-text" });
  if (block.text) words.append(h("div", {}, ...textOf(block.text)));
  if (block.fields) words.append(h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field-text" }, ...textOf(field)))));
  const accessory = block.accessory;
  if (!accessory) return h("div", {}, words);
  const shown = accessory.type === "image" ? picture(surface, accessory, "accessory-image", 160) : interactive(surface, block, accessory, { label: block.text?.text.slice(0, 80) });
  return h("div", {}, words, h("div", { class: "accessory" }, shown));
}

function input(surface, block) {
  const label = freshId();
  const hint = freshId();
  const error = freshId();
  const element = interactive(surface, block, block.element, { inInput: true, labelledBy: label, describedBy: `${hint} ${error}` });
  const control = element.matches(".field") ? element : element.querySelector(".field");
  if (control && !control.id) control.id = freshId();
  return h("div", { class: "input-block", dataset: { input: block.block_id } },
    h(control ? "label" : "div", { id: label, class: "label", htmlFor: control?.id }, ...textOf(block.label), block.optional && h("span", { class: "optional" }, t("optional"))),
    element,
    block.hint && h("div", { id: hint, class: "hint" }, ...textOf(block.hint)),
    h("div", { id: error, class: "input-error" }));
}

/** A picture of the bot (slack_file) or of the web (image_url); opens large on click. */
export function picture(surface, image, className, side = 720) {
  const id = image.slack_file?.id ?? /-(F[A-Z0-9]+)\//.exec(image.slack_file?.url ?? "")?.[1];
  const source = id ? surface.api.fileUrl(id, side) : image.image_url;
  const shown = h("img", { src: source, alt: image.alt_text ?? "", class: className, loading: "lazy", referrerPolicy: "no-referrer" });
  shown.addEventListener("error", () => shown.replaceWith(h("span", { class: "no-picture" }, image.alt_text || t("notAllowed"))));
  return h("button", { type: "button", class: "picture-button", "aria-label": `${t("picture")}: ${image.alt_text ?? ""}`, onclick: () => enlarge(id ? surface.api.fileUrl(id) : image.image_url, image.alt_text) }, shown);
}

export function enlarge(source, words) {
  const box = dialog("lightbox", iconButton("close", t("close"), () => box.close()), h("img", { src: source, alt: words ?? "" }));
  box.setAttribute("aria-label", words || t("picture"));
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
}

function image(surface, block) {
  return h("figure", {}, block.title && h("figcaption", {}, ...textOf(block.title)), picture(surface, block, "block-picture"));
}

function cell(content) {
  if (content.type === "rich_text") return richText(content);
  return [content.text];
}

/** Numbers stand to the right, and so does the head of their column. */
function side(rows, index, content) {
  return [content, rows[0]?.[index]].some((one) => one?.type === "raw_number") ? "right" : "left";
}

function table(surface, block) {
  const settings = block.column_settings ?? [];
  const [head, ...rows] = block.rows;
  const align = (index, content) => settings[index]?.align ?? side(rows, index, content);
  const row = (cells, tag) => h("tr", {}, cells.map((content, index) => h(tag, { class: `to-${align(index, content)}`, scope: tag === "th" ? "col" : undefined }, ...cell(content))));
  return h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": cell(head[0])[0]?.textContent ?? head[0].text ?? "" }, h("table", {}, h("thead", {}, row(head, "th")), h("tbody", {}, rows.map((cells) => row(cells, "td")))));
}

function dataTable(surface, block) {
  const size = block.page_size ?? 5;
  const [head, ...rows] = block.rows;
  const body = h("tbody");
  const where = h("span", { class: "where", "aria-live": "polite" });
  let from = 0;
  const show = (at) => {
    from = at;
    body.replaceChildren(...rows.slice(at, at + size).map((cells) => h("tr", {}, cells.map((content, index) =>
      h(index === block.row_header_column_index ? "th" : "td", { class: `to-${side(rows, index, content)}`, scope: index === block.row_header_column_index ? "row" : undefined }, ...cell(content))))));
    where.textContent = t("rows", { from: Math.min(at + 1, rows.length), to: Math.min(at + size, rows.length), n: rows.length });
    back.disabled = at === 0;
    on.disabled = at + size >= rows.length;
  };
  const back = h("button", { type: "button", class: "button small", onclick: () => show(from - size) }, t("previous"));
  const on = h("button", { type: "button", class: "button small", onclick: () => show(from + size) }, t("next"));
  show(0);
  return h("div", {},
    h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": block.caption },
      h("table", {}, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, head.map((content, index) => h("th", { scope: "col", class: `to-${side(rows, index, content)}` }, ...cell(content))))), body)),
    rows.length > size && h("div", { class: "pager" }, back, where, on));
}

function alert(surface, block) {
  const level = block.level ?? "info";
  const sign = { info: "i", warning: "!", error: "×", success: "✓" }[level] ?? "i";
  return h("div", { class: `alert ${level}`, role: "note" }, h("span", { class: "alert-sign", "aria-label": t(level in { warning: 1, error: 1, success: 1 } ? level : "info"), role: "img" }, sign), h("div", {}, ...textOf(block.text)));
}

function container(surface, block) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textOf(block.title);
  const inside = h("div", { class: "container-body" }, renderBlocks(surface, block.child_blocks));
  if (block.is_collapsible === false) return h("div", {}, h("div", { class: "container-title" }, ...title), inside);
  return h("details", { open: !block.default_collapsed }, h("summary", {}, ...title, block.subtitle && h("small", {}, ...textOf(block.subtitle))), inside);
}

function card(surface, block) {
  return h("article", {},
    block.hero_image && picture(surface, block.hero_image, "hero"),
    h("div", { class: "card-body" },
      block.title && h("h4", {}, ...textOf(block.title)),
      block.subtitle && h("div", { class: "subtitle" }, ...textOf(block.subtitle)),
      block.body && h("div", {}, ...textOf(block.body)),
      block.actions && h("div", { class: "actions" }, block.actions.map((element) => interactive(surface, block, element)))));
}

function task(surface, block) {
  const sign = { pending: "○", in_progress: "◐", complete: "●", error: "×" }[block.status];
  return h("div", { class: "task" }, h("span", { "aria-label": block.status, role: "img" }, sign), h("div", {}, h("strong", {}, block.title), block.details && h("div", {}, ...richText(block.details)), block.output && h("div", {}, ...richText(block.output)), (block.sources ?? []).map((source) => h("div", {}, link(source.url, source.text)))));
}

const BLOCKS = {
  section,
  input,
  image,
  table,
  alert,
  container,
  card,
  data_table: dataTable,
  task_card: task,
  header: (surface, block) => h("h3", {}, ...textOf(block.text)),
  divider: () => h("hr"),
  markdown: (surface, block) => h("div", { class: "markdown" }, ...markdown(block.text)),
  rich_text: (surface, block) => h("div", {}, ...richText(block)),
  context: (surface, block) => h("div", {}, block.elements.map((element) => (element.type === "image" ? picture(surface, element, "context-image", 64) : h("span", {}, ...textOf(element))))),
  actions: (surface, block) => h("div", { class: "actions" }, block.elements.map((element) => interactive(surface, block, element))),
  context_actions: (surface, block) => h("div", { class: "actions" }, block.elements.map((element) => interactive(surface, block, element))),
  carousel: (surface, block) => h("div", { tabIndex: 0 }, renderBlocks(surface, block.elements)),
  plan: (surface, block) => h("div", {}, h("strong", {}, block.title), (block.tasks ?? []).map((one) => task(surface, one))),
  file: (surface, block) => h("div", { class: "file-card" }, icon("file"), block.external_id),
  video: (surface, block) => h("figure", {}, h("figcaption", {}, link(block.title_url ?? block.video_url, block.title.text)), h("img", { src: block.thumbnail_url, alt: block.alt_text, class: "block-picture" })),
};

/** A message without blocks. */
export function plainText(text) {
  return h("div", { class: "block plain" }, ...mrkdwn(text));
}
