// One contact: what it says and where each field has it from, the card's offers beside one's own values, its history.
// Nothing is locked: every button asks the API, and the page then shows what came of it.

import { call } from "./api.js";
import { confirmed } from "./confirmed.js";
import { stateOf, writeBadge } from "./contact_badge.js";
import { fieldLine, labelOf } from "./contact_field.js";
import { History } from "./contact_history.js";
import { askBeforeLeaving } from "./leaving.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings, words } from "./strings.js";

const article = document.getElementById("contact");
const details = document.getElementById("details");
const alert = document.getElementById("page-alert");
const saved = document.getElementById("saved");
const path = `/v1/contacts/${encodeURIComponent(article.dataset.contact)}`;
const history = new History(path, revert);
let shown = null; // the contact as it was last answered

details.addEventListener("input", ({ target }) => {
  target.closest(".field-edit").dataset.typed = "";
  guardTyped();
});

try {
  show((await call("GET", path)).data);
  await history.load();
} catch (problem) {
  article.hidden = true;
  showAlert(alert, problem.message);
} finally {
  article.setAttribute("aria-busy", "false");
}

// A field that is being edited is left alone, but for the one that was just saved.
function show(contact, justSaved = null) {
  shown = contact;
  document.querySelector("h1").textContent = contact.name;
  document.title = `${contact.name} – Carnet`;
  writeBadge(document.getElementById("badge"), contact);
  const state = { linked: strings.follows, frozen: strings.frozen_text, local: strings.local_text }[stateOf(contact)];
  document.getElementById("state").textContent = state;
  for (const line of details.querySelectorAll("[data-field]")) {
    if (line.dataset.field === justSaved || !line.querySelector(".field-edit")) fieldLine(line, contact, { change, cancelled });
  }
  details.hidden = false;
  guardTyped();
  const notice = document.getElementById("notice");
  notice.hidden = !contact.notice;
  notice.textContent = contact.notice ?? "";
  for (const id of ["unlink", "unlink-note"]) document.getElementById(id).hidden = !contact.linked;
  document.getElementById("delete").hidden = false;
  document.querySelector(`[data-back=${contact.relation}]`).hidden = false;
  article.dataset.list = contact.relation === "customer" ? article.dataset.customers : article.dataset.vendors;
}

/** Sets one field; null follows the card. Answers the problem that there was, if any. */
function change(field, value, said) {
  return changing(() => call("PATCH", path, { body: { [field]: value } }), words(said, { field: labelOf(field) }), field);
}

function revert(entry) {
  const body = { field: entry.field, to: entry.value === null ? "network" : entry.id };
  return changing(() => call("POST", `${path}/revert`, { body }), words(strings.done, { field: labelOf(entry.field) }), entry.field);
}

async function changing(ask, said, field = null) {
  hideAlert(alert);
  saved.textContent = "";
  try {
    const { data } = await ask();
    const elsewhere = isElsewhere(field);
    show(data, field);
    saved.textContent = said;
    if (!elsewhere) focusOn(field);
    await history.load();
    return null;
  } catch (problem) {
    const named = field && problem.errors?.[field];
    if (!named) showAlert(alert, problem.message);
    return problem;
  }
}

// Whoever types in another field by now stays there.
function isElsewhere(field) {
  const at = document.activeElement;
  return at !== document.body && at?.closest(".field-edit") && at.closest("[data-field]")?.dataset.field !== field;
}

// The button that was pressed is gone: the next thing to do with the field takes its place.
function focusOn(field) {
  const line = field && lineOf(field);
  (line?.querySelector("[data-edit]") ?? document.querySelector("h1")).focus();
}

function lineOf(field) {
  return details.querySelector(`[data-field=${field}]`);
}

function cancelled(field) {
  fieldLine(lineOf(field), shown, { change, cancelled });
  guardTyped();
  focusOn(field);
}

function guardTyped() {
  askBeforeLeaving(details.querySelector(".field-edit[data-typed]") !== null);
}

document.getElementById("unlink").addEventListener("click", async () => {
  if (await confirmed("confirm-unlink")) changing(() => call("POST", `${path}/unlink`, { body: {} }), strings.unlinked);
});

document.getElementById("delete").addEventListener("click", async () => {
  if (!(await confirmed("confirm-delete"))) return;
  try {
    await call("DELETE", path);
    askBeforeLeaving(false);
    window.location.assign(article.dataset.list);
  } catch (problem) {
    showAlert(alert, problem.message);
  }
});
