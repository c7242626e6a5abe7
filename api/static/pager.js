// A list that is asked for page by page: what is shown while it loads, where it is empty, when there is more, when it fails.
//
// Invariant: the rows are the answers to the newest list asked for. Starting anew aborts what was asked before, and its
// rows take the place of the old ones when they come. Whoever is in one of those with the keyboard stays where they are, or is
// led to the first of the new ones: a focus that goes with its row would begin again at the top of the page.

import { call } from "./api.js";
import { hideAlert, showAlert } from "./problems.js";

const part = (id) => document.getElementById(id);
const controls = (item) => [...item.querySelectorAll("a, button:enabled, input:enabled")];

export class Pager {
  #place;
  #parts;
  #next = null;
  #anew = false;
  #asking = null;
  #rows = part("rows");
  #more = part("more");
  #alert = part("page-alert");

  /**
   * place: what is busy meanwhile; path(): what to ask; found(data): its items; row(item): an element; into: what gets the
   * focus in the first of more rows, itself where that is left out; framed: what hides while empty; shown(): afterwards.
   */
  constructor(place, { path, found, row, into = null, framed = part("rows"), shown = () => {} }) {
    this.#place = place;
    this.#parts = { path, found, row, into, framed, shown };
    this.#more.addEventListener("click", () => this.#goOn());
  }

  /** From the first page on, in place of what is there. */
  restart() {
    this.#next = null;
    this.#anew = true;
    return this.#page();
  }

  /** The next page, or the first one, below what the caller has put there. */
  load() {
    return this.#page();
  }

  async #goOn() {
    const seen = this.#rows.childElementCount;
    await this.#page();
    this.#focusFirst(seen);
  }

  /** Into the first row from there on that has something to take the focus; false where none has. */
  #focusFirst(from) {
    const { into } = this.#parts;
    for (const item of [...this.#rows.children].slice(from)) {
      const target = into ? item.querySelector(into) : item;
      target?.focus();
      if (target) return true;
    }
    return false;
  }

  /** Which row the focus is in, and in which of its controls, or `below` them; null where it is in nothing that may go. */
  #focused() {
    const at = document.activeElement;
    const item = [...this.#rows.children].find((one) => one.contains(at));
    if (item) return { id: item.dataset.id, control: controls(item).indexOf(at) };
    return at === this.#more ? { below: true } : null;
  }

  #focusAgain({ id, control, below }) {
    if (below && !this.#more.hidden) return;
    const same = [...this.#rows.children].find((item) => id && item.dataset.id === id);
    const target = same && (controls(same)[control] ?? controls(same)[0] ?? (this.#parts.into ? null : same));
    if (target) target.focus();
    else if (!this.#focusFirst(0)) {
      const left = this.#rows.firstElementChild ?? part("empty");
      left.tabIndex = -1;
      left.focus();
    }
  }

  async #page() {
    const { path, found, row, framed, shown } = this.#parts;
    this.#asking?.abort();
    const mine = (this.#asking = new AbortController());
    hideAlert(this.#alert);
    this.#place.setAttribute("aria-busy", "true");
    try {
      const address = new URL(path(), window.location.origin);
      if (this.#next) address.searchParams.set("after", this.#next);
      const { data } = await call("GET", address.pathname + address.search, { signal: mine.signal });
      this.#place.setAttribute("aria-busy", "false"); // what appears in a place that is busy is not heard
      const focused = this.#anew && this.#focused();
      if (this.#anew) this.#rows.replaceChildren();
      this.#anew = false;
      this.#rows.append(...found(data).map(row));
      this.#next = data.next ?? null;
      this.#more.hidden = this.#next === null;
      framed.hidden = this.#rows.childElementCount === 0;
      part("empty").hidden = !framed.hidden;
      shown();
      if (focused) this.#focusAgain(focused);
    } catch (problem) {
      if (problem.name !== "AbortError") showAlert(this.#alert, problem.message);
    } finally {
      part("loading")?.remove();
      if (this.#asking === mine) this.#place.setAttribute("aria-busy", "false");
    }
  }
}
