// Contacts that are likely the same as the one about to be saved: said once for each name and pick, and never in the way.

import { call } from "./api.js";
import { inNewTab } from "./leaving.js";
import { strings } from "./strings.js";

export class Duplicates {
  #relation;
  #said = "";
  #panel = document.getElementById("duplicates");

  constructor(relation) {
    this.#relation = relation;
  }

  /** What is new to read before saving; none where it has been said. */
  async find({ name = "", email = "", link = "" }) {
    const about = JSON.stringify([name, link]);
    if (about === this.#said) return [];
    this.#panel.hidden = true;
    const found = await this.#ask({ relation: this.#relation, name, email, link });
    this.#said = about; // also where there was none: saved again after a lost answer, the contact is no duplicate of itself
    return found;
  }

  /** Seen and heard, the region around the panel being there all the time. */
  show(found) {
    document.getElementById("duplicates-said").textContent = strings.already;
    document.getElementById("duplicates-list").replaceChildren(...found.map(line));
    this.#panel.hidden = false;
    this.#panel.scrollIntoView({ block: "nearest" });
  }

  // Whatever goes wrong here must not keep anybody from saving: what is wrong with the contact, saving says.
  async #ask(wanted) {
    try {
      return (await call("GET", `/v1/contacts/duplicates?${new URLSearchParams(wanted)}`)).data.duplicates;
    } catch {
      return [];
    }
  }
}

function line({ id, name, city, because }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/contacts/${encodeURIComponent(id)}`;
  link.textContent = [name, city].filter(Boolean).join(", ");
  item.append(inNewTab(link), ` (${strings[because] ?? because})`);
  return item;
}
