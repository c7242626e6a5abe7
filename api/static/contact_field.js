// One field of a contact: its value, where it comes from, what the card offers, and the form to edit it.

import { countryName, seen } from "./card_fields.js";
import { readablePhone } from "./phone.js";
import { strings, words } from "./strings.js";

/** Writes the field into its line; `change(field, value, said)` sets it, null lets it follow the card. */
export function fieldLine(line, contact, { change, cancelled }) {
  const field = line.dataset.field;
  const label = labelOf(field);
  const own = contact.linked && contact.overrides.includes(field);
  const place = line.querySelector("dd");
  const value = element("span", "field-value");
  value.append(shownValue(field, contact[field] ?? "") || strings.nothing);
  const origin = element("span", own ? "badge own" : "field-origin", own ? strings.own : strings.from_card);
  origin.hidden = !contact.linked || (!own && !contact[field]);
  const edit = button(strings.edit, words(strings.edit_label, { field: label }), "quiet small", () => open());
  edit.dataset.edit = "";
  place.replaceChildren(value, " ", origin, " ", edit);
  if (own && !contact.offers[field]) {
    place.append(button(strings.follow, words(strings.follow_label, { field: label }), "quiet small", () => change(field, null, strings.following)));
  }
  if (contact.offers[field]) place.append(offer(contact.offers[field]));

  function offer({ value: offered, at, newer }) {
    const box = element("div", newer ? "offer offer-newer" : "offer");
    const time = new Date(at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
    const said = element("p", "", newer ? words(strings.offered_newer, { time }) : strings.offered);
    const what = element("strong", "", shownText(field, offered) || strings.nothing);
    said.append(" ", what);
    box.append(said, button(strings.use, words(strings.use_label, { field: label }), "small", () => change(field, null, strings.following)));
    if (newer) {
      const keep = () => change(field, contact[field], strings.kept);
      box.append(button(strings.keep, words(strings.keep_label, { field: label }), "quiet small", keep));
    }
    return box;
  }

  function open() {
    const form = element("form", "field-edit");
    form.noValidate = true;
    const input = control(field, contact[field] ?? "");
    const error = element("p", "field-error");
    Object.assign(error, { id: `${field}-error`, hidden: true });
    input.setAttribute("aria-label", label);
    input.setAttribute("aria-describedby", error.id);
    form.append(input, element("button", "small", strings.save));
    form.append(button(strings.cancel, "", "quiet small", () => cancelled(field)), error);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = await change(field, seen(input.value), strings.done);
      if (!problem) return;
      error.textContent = [problem.errors?.[field] ?? problem.message].flat().join(" ");
      error.hidden = false;
      input.setAttribute("aria-invalid", "true");
      input.focus();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") cancelled(field);
    });
    place.replaceChildren(form);
    input.focus();
    input.select?.();
  }
}

function control(field, value) {
  if (field !== "country") return Object.assign(element("input"), { value, maxLength: 400 });
  const select = document.getElementById("countries").content.firstElementChild.cloneNode(true);
  select.value = value;
  return select;
}

/** What the page calls a field. */
export function labelOf(field) {
  return document.querySelector(`#details [data-field=${field}] dt`).textContent;
}

export function shownText(field, value) {
  if (field === "country" && value) return countryName(value);
  return field === "phone" ? readablePhone(value) : value;
}

function shownValue(field, value) {
  const address = { email: mailAddress(value), phone: `tel:${value.replace(/[^\d+]/g, "")}`, website: webAddress(value) }[field];
  if (!value || !address) return shownText(field, value);
  const link = element("a", "", shownText(field, value));
  link.href = address;
  link.rel = "noopener noreferrer nofollow";
  return link;
}

// Another company wrote it: what follows a question mark would be read as a subject, a text, and others to send it to.
function mailAddress(value) {
  return `mailto:${encodeURIComponent(value).replace("%40", "@")}`;
}

// Another company wrote it: only an address of the web becomes a link.
function webAddress(value) {
  const address = URL.canParse(value) ? new URL(value) : null;
  return address && ["http:", "https:"].includes(address.protocol) ? address.href : null;
}

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function button(text, label, className, press) {
  const made = element("button", className, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  return made;
}
