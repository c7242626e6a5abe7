// One contact, to read.

import { call } from "./api.js";
import { countryName } from "./card_fields.js";
import { stateOf, writeBadge } from "./contact_badge.js";
import { readablePhone } from "./phone.js";
import { showAlert } from "./problems.js";
import { strings } from "./strings.js";

const article = document.getElementById("contact");
const state = document.getElementById("state");

try {
  const { data } = await call("GET", `/v1/contacts/${encodeURIComponent(article.dataset.contact)}`);
  show(data);
} catch (problem) {
  article.hidden = true;
  showAlert(document.getElementById("page-alert"), problem.message);
} finally {
  article.setAttribute("aria-busy", "false");
}

function show(contact) {
  document.querySelector("h1").textContent = contact.name;
  document.title = `${contact.name} – Carnet`;
  writeBadge(document.getElementById("badge"), contact);
  state.textContent = { linked: strings.follows, frozen: strings.frozen_text, local: strings.local_text }[stateOf(contact)];
  for (const line of document.querySelectorAll("[data-field]")) showField(line, contact);
  document.getElementById("details").hidden = false;
  document.getElementById("unverified").hidden = !contact.linked;
  document.querySelector(`[data-back=${contact.relation}]`).hidden = false;
}

function showField(line, contact) {
  const field = line.dataset.field;
  const value = contact[field] ?? "";
  const own = contact.linked && (contact.overrides ?? []).includes(field);
  line.hidden = value === "" && !own;
  line.querySelector("[data-value]").replaceChildren(shown(field, value));
  line.querySelector("[data-own]").hidden = !own;
}

function shown(field, value) {
  if (field === "country" && value) return countryName(value);
  const address = { email: `mailto:${value}`, phone: `tel:${value.replace(/[^\d+]/g, "")}`, website: webAddress(value) }[field];
  if (!value || !address) return value;
  const link = document.createElement("a");
  link.href = address;
  link.rel = "noopener noreferrer nofollow";
  link.textContent = field === "phone" ? readablePhone(value) : value;
  return link;
}

// Another company wrote it: only an address of the web becomes a link.
function webAddress(value) {
  const address = URL.canParse(value) ? new URL(value) : null;
  return address && ["http:", "https:"].includes(address.protocol) ? address.href : null;
}
