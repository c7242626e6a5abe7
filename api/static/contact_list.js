// The list of customers, or of vendors, page by page, or those that a search finds. Arriving from a form, the new contact is
// pointed at, once.

import { call } from "./api.js";
import { writeBadge } from "./contact_badge.js";
import { Pager } from "./pager.js";
import { readablePhone } from "./phone.js";
import { showAlert } from "./problems.js";
import { whenSearched } from "./search_field.js";
import { strings, words } from "./strings.js";

const NOT_HERE = 404;
const place = document.getElementById("contacts");
const rows = document.getElementById("rows");
const template = document.getElementById("row");
const alert = document.getElementById("page-alert");
const savedId = new URLSearchParams(window.location.search).get("saved");
const search = document.getElementById("q");
let pinned = savedId; // it stands first already

// The new contact stands first, wherever the order of the list would have put it. Answers what was wrong, if anything.
async function showSaved() {
  let trouble = "";
  try {
    const { data } = await call("GET", `/v1/contacts/${encodeURIComponent(savedId)}`);
    if (pinned === null) return ""; // somebody has begun to search
    rows.append(row(data));
    rows.hidden = false;
    rows.firstElementChild.classList.add("row-new");
    document.querySelector("h1").focus();
    document.getElementById("saved").textContent = words(strings.saved, { name: data.name });
  } catch (problem) {
    // Another tab has gone on to another client meanwhile: it was saved, and is not to be typed again.
    const elsewhere = problem.status === NOT_HERE && document.querySelector('meta[name="acting-for"]');
    trouble = elsewhere ? strings.saved_elsewhere : problem.message;
  }
  const address = new URL(window.location.href);
  address.searchParams.delete("saved"); // said once: reloading the page says it no more
  window.history.replaceState(null, "", address);
  return trouble;
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

const sought = () => search.value.trim();
const list = new Pager(place, {
  path: () => `/v1/contacts?${new URLSearchParams({ relation: place.dataset.relation, ...(sought() && { q: sought() }) })}`,
  found: ({ contacts }) => contacts.filter(({ id }) => id !== pinned),
  row,
  into: "a",
  shown() {
    for (const sentence of document.querySelectorAll("#empty p")) sentence.hidden = (sentence.id === "nobody") !== (sought() !== "");
  },
});

whenSearched(place, () => {
  pinned = null;
  list.restart();
});

const trouble = savedId ? await showSaved() : "";
if (pinned === savedId) await list.load(); // or the search has
if (trouble) showAlert(alert, trouble);
