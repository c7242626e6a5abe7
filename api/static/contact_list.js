// The list of customers, or of vendors, page by page. Arriving from a form, the new contact is pointed at, once.

import { call } from "./api.js";
import { writeBadge } from "./contact_badge.js";
import { readablePhone } from "./phone.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings, words } from "./strings.js";

const place = document.getElementById("contacts");
const rows = document.getElementById("rows");
const template = document.getElementById("row");
const more = document.getElementById("more");
const alert = document.getElementById("page-alert");
const address = new URL(window.location.href);
const savedId = address.searchParams.get("saved");
let next = null;

async function loadPage() {
  hideAlert(alert);
  place.setAttribute("aria-busy", "true");
  try {
    const asked = { relation: place.dataset.relation, ...(next ? { after: next } : {}) };
    const { data } = await call("GET", `/v1/contacts?${new URLSearchParams(asked)}`);
    add(data.contacts.filter(({ id }) => id !== savedId));
    next = data.next ?? null;
    more.hidden = next === null;
    document.getElementById("empty").hidden = rows.childElementCount > 0;
  } catch (problem) {
    showAlert(alert, problem.message);
  } finally {
    document.getElementById("loading").hidden = true;
    place.setAttribute("aria-busy", "false");
  }
}

// The new contact stands first, wherever the order of the list would have put it.
async function showSaved() {
  try {
    const { data } = await call("GET", `/v1/contacts/${encodeURIComponent(savedId)}`);
    add([data]);
    rows.firstElementChild.classList.add("row-new");
    document.querySelector("h1").focus();
    document.getElementById("saved").textContent = words(strings.saved, { name: data.name });
  } catch (problem) {
    showAlert(alert, problem.message);
  }
  address.searchParams.delete("saved"); // said once: reloading the page says it no more
  window.history.replaceState(null, "", address);
}

function add(contacts) {
  rows.append(...contacts.map(row));
  rows.hidden = rows.childElementCount === 0;
  if (contacts.some(({ linked }) => linked)) document.getElementById("unverified").hidden = false;
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
  return item;
}

more.addEventListener("click", async () => {
  const seen = rows.childElementCount;
  await loadPage();
  rows.children[seen]?.querySelector("a").focus();
});

if (savedId) await showSaved();
await loadPage();
