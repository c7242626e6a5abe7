// The history of a contact, newest first, a page at a time; every entry can be used again.

import { call } from "./api.js";
import { button, element, labelOf, shownText } from "./contact_field.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings, words } from "./strings.js";

const PAGE = 20;

export class History {
  #path;
  #revert;
  #next = null;
  #asking = null; // the newest question: what was asked before is shown no more, or a second click would show it twice
  #section = document.getElementById("history");
  #entries = document.getElementById("entries");
  #more = document.getElementById("more");
  #alert = document.getElementById("page-alert");

  constructor(path, revert) {
    this.#path = path;
    this.#revert = revert;
    this.#more.addEventListener("click", async () => {
      const seen = this.#entries.childElementCount;
      hideAlert(this.#alert);
      await this.#page();
      this.#entries.children[seen]?.querySelector("button")?.focus();
    });
  }

  /** Never throws: where it does not come, the contact is shown, or saved, all the same. */
  async load() {
    this.#next = null;
    await this.#page(true);
  }

  async #page(fresh = false) {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const asked = { limit: PAGE, ...(this.#next ? { after: this.#next } : {}) };
    try {
      const { data } = await call("GET", `${this.#path}/history?${new URLSearchParams(asked)}`, { signal });
      this.#show(data, fresh);
    } catch (problem) {
      if (problem.name !== "AbortError") showAlert(this.#alert, problem.message);
    }
  }

  #show(data, fresh) {
    const lines = data.history.map((entry) => this.#line(entry));
    if (fresh) this.#entries.replaceChildren(...lines);
    else this.#entries.append(...lines);
    this.#next = data.next ?? null;
    this.#more.hidden = this.#next === null;
    this.#section.hidden = this.#entries.childElementCount === 0;
  }

  #line(entry) {
    const field = labelOf(entry.field);
    const value = entry.value === null ? strings.follows_again : shownText(entry.field, entry.value) || strings.nothing;
    const line = element("li", "row entry");
    const said = element("div");
    const what = element("p", "entry-what");
    what.append(element("span", "entry-field", field), " ", element("span", "entry-value", value));
    const time = element("time", "", new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }));
    time.dateTime = entry.at;
    const where = [strings[`origin_${entry.origin}`] ?? entry.origin, entry.by ? words(strings.by, { who: entry.by }) : ""];
    const how = element("p", "row-place");
    how.append(time, ` · ${where.filter(Boolean).join(", ")}`);
    said.append(what, how);
    line.append(said, button(strings.revert, words(strings.revert_label, { field, value }), "quiet small", () => this.#revert(entry)));
    return line;
  }
}
