// Copying a picked card into the form, and taking it back. What the person had typed before is never lost.

import { FIELDS, readFields, seen, writeField, writeFields } from "./card_fields.js";

// What a card spells otherwise than people do: 514 555-0111, example.com, Info@Example.com.
const SAME = {
  phone(one, other) {
    const [short, long] = [one, other].map(digits).sort((a, b) => a.length - b.length);
    return short.length >= SHORTEST_PHONE && long.endsWith(short);
  },
  website: (one, other) => withoutScheme(one) === withoutScheme(other),
  email: (one, other) => one.toLowerCase() === other.toLowerCase(),
};
const SHORTEST_PHONE = 7; // without country, area code and what is dialled before them

function digits(phone) {
  return phone.replace(/\D/g, "").replace(/^0+/, "");
}

function withoutScheme(website) {
  const [, host, rest] = /^(?:https?:\/\/)?([^/]*)(.*?)\/?$/i.exec(website);
  return host.toLowerCase() + rest;
}

export class Prefill {
  #form;
  #typed = null; // before the pick
  #copied = null; // the fields as the pick left them
  card = null;
  link = null;

  constructor(form) {
    this.#form = form;
  }

  fill(card, link) {
    this.#typed = this.#typedByHand();
    this.card = Object.fromEntries(FIELDS.map((name) => [name, card[name] ?? ""]));
    this.link = link;
    // Where the card says nothing, what was typed stays.
    for (const name of FIELDS) writeField(this.#form, name, this.card[name] || this.#typed[name]);
    this.#copied = readFields(this.#form);
  }

  undo() {
    writeFields(this.#form, this.#typedByHand());
    this.#typed = this.#copied = this.card = this.link = null;
  }

  /** Has this field, in a form filled from a card, another value than the card? Then it will not follow. */
  isOwn(name) {
    if (this.card === null || this.card[name] === "") return false;
    const [mine, its] = [readFields(this.#form)[name], seen(this.card[name])];
    return mine !== its && !SAME[name]?.(mine, its);
  }

  /**
   * What to save. An empty field is left out, unless emptying it is the person's own edit of the card; one that says what the
   * card says follows it, and is spelled as the card spells it.
   */
  contact() {
    const values = readFields(this.#form);
    const said = FIELDS.filter((name) => values[name] !== "" || this.isOwn(name));
    const value = (name) => (this.card?.[name] && !this.isOwn(name) ? this.card[name] : values[name]);
    const contact = Object.fromEntries(said.map((name) => [name, value(name)]));
    return this.link === null ? contact : { ...contact, link: this.link };
  }

  // When a second company is picked over a first, what the first one brought was not typed by anyone.
  #typedByHand() {
    const now = readFields(this.#form);
    if (this.#typed === null) return now;
    const own = (name) => (now[name] === this.#copied[name] ? this.#typed[name] : now[name]);
    return Object.fromEntries(FIELDS.map((name) => [name, own(name)]));
  }
}
