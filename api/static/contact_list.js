// The list of customers, or of vendors. Arriving from a form, the new contact is pointed at, once.

import { call } from "./api.js";
import { writeBadge } from "./contact_badge.js";
import { showAlert } from "./problems.js";
import { strings, words } from "./strings.js";

const place = document.getElementById("contacts");
const rows = document.getElementById("rows");
const template = document.getElementById("row");

try {
  const { data } = await call("GET", `/v1/contacts?${new URLSearchParams({ relation: place.dataset.relation })}`);
  show(data.contacts);
} catch (problem) {
  showAlert(document.getElementById("page-alert"), problem.message);
} finally {
  document.getElementById("loading").hidden = true;
  place.setAttribute("aria-busy", "false");
}

function show(contacts) {
  const address = new URL(window.location.href);
  const saved = contacts.find(({ id }) => String(id) === address.searchParams.get("saved"));
  rows.replaceChildren(...contacts.map((contact) => row(contact, contact === saved)));
  rows.hidden = contacts.length === 0;
  document.getElementById("empty").hidden = contacts.length > 0;
  document.getElementById("unverified").hidden = !contacts.some(({ linked }) => linked);
  if (!saved) return;
  document.querySelector("h1").focus();
  document.getElementById("saved").textContent = words(strings.saved, { name: saved.name });
  rows.querySelector(".row-new").scrollIntoView({ block: "nearest" });
  address.searchParams.delete("saved"); // said once: reloading the page says it no more
  window.history.replaceState(null, "", address);
}

function row(contact, isNew) {
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  item.classList.toggle("row-new", isNew);
  part("name").textContent = contact.name;
  part("name").href = `/contacts/${encodeURIComponent(contact.id)}`;
  part("place").textContent = [contact.city, contact.province].filter(Boolean).join(", ");
  part("email").textContent = contact.email ?? "";
  part("phone").textContent = contact.phone ?? "";
  writeBadge(part("badge"), contact);
  return item;
}
