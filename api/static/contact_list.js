// The list of customers, or of vendors, page by page. Arriving from a form, the new contact is pointed at, once.

import { call } from "./api.js";
import { writeBadge } from "./contact_badge.js";
import { Pager } from "./pager.js";
import { readablePhone } from "./phone.js";
import { showAlert } from "./problems.js";
import { strings, words } from "./strings.js";

const place = document.getElementById("contacts");
const rows = document.getElementById("rows");
const template = document.getElementById("row");
const alert = document.getElementById("page-alert");
const address = new URL(window.location.href);
const savedId = address.searchParams.get("saved");

// The new contact stands first, wherever the order of the list would have put it.
async function showSaved() {
  try {
    const { data } = await call("GET", `/v1/contacts/${encodeURIComponent(savedId)}`);
    rows.append(row(data));
    rows.hidden = false;
    rows.firstElementChild.classList.add("row-new");
    document.querySelector("h1").focus();
    document.getElementById("saved").textContent = words(strings.saved, { name: data.name });
  } catch (problem) {
    showAlert(alert, problem.message);
  }
  address.searchParams.delete("saved"); // said once: reloading the page says it no more
  window.history.replaceState(null, "", address);
}

function row(contact) {
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  part("name").textContent = contact.name;
  part("name").href = `/contacts/${encodeURIComponent(contact.id)}`;
  part("place").textContent = [contact.city, contact.province].filter(Boolean).join(", ");
  part("email").textContent = contact.email ?? "";
  part("phone").textContent = readablePhone(contact.phone ?? "");
  writeBadge(part("badge"), contact);
  if (contact.linked) document.getElementById("unverified").hidden = false;
  return item;
}

const list = new Pager(place, {
  path: () => `/v1/contacts?${new URLSearchParams({ relation: place.dataset.relation })}`,
  found: ({ contacts }) => contacts.filter(({ id }) => id !== savedId),
  row,
  into: "a",
});

if (savedId) await showSaved();
await list.load();
