// Modals: the browser's own dialog traps the focus; the stack is the server's.

import { renderBlocks } from "./blocks.js";
import { dialog, h, iconButton } from "./dom.js";
import { busy, freshId, initial } from "./elements.js";
import { t } from "./i18n.js";

export class Modals {
  constructor(store) {
    this.store = store;
    this.box = null;
    this.view = null;
    this.typed = new Map();
  }

  /** Show the top of the stack; what is typed stays where block and action ids stay. */
  show(stack) {
    const top = stack.at(-1) ?? null;
    for (const id of this.typed.keys()) if (!stack.some((view) => view.id === id)) this.typed.delete(id);
    if (!top) return this.hide();
    if (this.view && this.view.id === top.id && this.view.hash === top.hash) return undefined;
    const typed = this.typed.get(top.id) ?? structuredClone(top.typed ?? {});
    this.typed.set(top.id, typed);
    const focused = document.activeElement?.closest("[data-input]")?.dataset.input;
    this.view = top;
    if (!this.box) this.open();
    this.draw(stack.length, focused);
    return undefined;
  }

  open() {
    this.opener = document.activeElement;
    this.box = dialog("modal");
    this.box.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.box.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); this.close(); } });
  }

  hide() {
    this.view = null;
    this.box?.close();
    this.box = null;
    if (this.opener?.isConnected) this.opener.focus();
  }

  draw(depth, focused) {
    const view = this.view;
    const title = freshId();
    const surface = {
      api: this.store.api,
      scope: { view_id: view.id },
      typed: this.typed.get(view.id),
      act: (block, element, value) => this.store.act({ view_id: view.id, values: this.values() }, block, element, value),
    };
    this.problem = h("div", { class: "form-problem", role: "alert" });
    this.submitButton = view.submit && h("button", { type: "submit", class: "button primary" }, view.submit.text);
    const form = h("form", { noValidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      h("header", { class: "modal-head" },
        depth > 1 && iconButton("back", t("back"), () => this.close()),
        h("h2", { id: title }, view.title.text),
        iconButton("close", t("close"), () => this.close())),
      h("div", { class: "modal-body" }, renderBlocks(surface, view.blocks)),
      this.problem,
      h("footer", { class: "dialog-buttons" },
        h("button", { type: "button", class: "button", onclick: () => this.close() }, view.close?.text ?? t("cancel")),
        this.submitButton));
    this.box.setAttribute("aria-labelledby", title);
    this.box.replaceChildren(form);
    const again = focused && form.querySelector(`[data-input="${CSS.escape(focused)}"] :is(input, select, textarea)`);
    (again || form.querySelector("[autofocus]") || form.querySelector(".modal-body :is(input, select, textarea, button)") || this.submitButton)?.focus();
  }

  /** Everything in the form: typed over initial. */
  values() {
    const typed = this.typed.get(this.view.id);
    const values = structuredClone(typed);
    for (const block of this.view.blocks.filter((one) => one.type === "input")) {
      const now = (values[block.block_id] ??= {});
      if (!(block.element.action_id in now)) now[block.element.action_id] = initial(block.element);
      if (now[block.element.action_id] === null) now[block.element.action_id] = "";
    }
    return values;
  }

  submit() {
    if (!this.submitButton) return undefined;
    return busy(this.submitButton, async () => {
      this.mark({});
      const outcome = await this.store.attempt(() => this.store.api.post(`views/${this.view.id}/submit`, { values: this.values() }));
      if (!outcome || outcome.ok || !this.box) return;
      this.mark(outcome.errors);
      this.problem.textContent = outcome.error ?? t("fixErrors");
    });
  }

  mark(errors) {
    let first = null;
    this.problem.textContent = "";
    for (const block of this.box.querySelectorAll("[data-input]")) {
      const said = errors[block.dataset.input] ?? "";
      block.querySelector(".input-error").textContent = said;
      block.classList.toggle("wrong", Boolean(said));
      const control = block.querySelector("input, select, textarea");
      if (said) control?.setAttribute("aria-invalid", "true");
      else control?.removeAttribute("aria-invalid");
      if (said) first ??= control;
    }
    first?.focus();
  }

  close() {
    return this.store.attempt(() => this.store.api.post(`views/${this.view.id}/close`, {}));
  }
}
