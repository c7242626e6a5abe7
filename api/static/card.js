// Our own card: read, edited, saved. Somebody else's change in between is never overwritten: the API refuses, and we say so.

import { call } from "./api.js";
import { readFields, seen, writeFields } from "./card_fields.js";
import { askBeforeLeaving } from "./leaving.js";
import { clearProblem, showProblem } from "./problems.js";
import { strings } from "./strings.js";

const CHANGED_MEANWHILE = 412;
const form = document.getElementById("card-form");
const button = form.querySelector("[type=submit]");
const fields = document.getElementById("card-fields"); // disabled until the card is there: it would replace what was typed
const reload = document.getElementById("reload");
const saved = document.getElementById("saved");
let etag = null;

async function load() {
  clearProblem(form);
  busy(true);
  try {
    show(await call("GET", "/v1/company/card"));
    fields.disabled = false;
    reload.hidden = true;
  } catch (problem) {
    reload.hidden = false;
    busy(false);
    showProblem(form, problem);
  } finally {
    busy(false);
  }
}

// Of what was `sent`, only that is written anew which nobody has changed since: people type on while it is saved.
function show(answer, sent = null) {
  etag = answer.etag;
  const now = values();
  const came = { ...answer.data, other_names: (answer.data.other_names ?? []).join("\n") };
  const typedOn = sent ? Object.keys(now).filter((name) => now[name] !== sent[name]) : [];
  const next = { ...came, ...Object.fromEntries(typedOn.map((name) => [name, now[name]])) };
  writeFields(form, next);
  form.elements.other_names.value = next.other_names;
  askBeforeLeaving(typedOn.length > 0);
}

function values() {
  return { ...readFields(form), other_names: form.elements.other_names.value };
}

function card() {
  const lines = form.elements.other_names.value.split("\n").map(seen);
  return { ...readFields(form), other_names: lines.filter(Boolean) };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!button || form.getAttribute("aria-busy") === "true") return;
  clearProblem(form);
  busy(true);
  saved.textContent = strings.saving;
  const sent = values();
  try {
    const answer = await call("PUT", "/v1/company/card", { body: card(), headers: etag ? { "If-Match": etag } : {} });
    show(answer.etag && answer.data ? answer : await call("GET", "/v1/company/card"), sent);
    reload.hidden = true;
    saved.textContent = strings.saved;
  } catch (problem) {
    saved.textContent = "";
    reload.hidden = problem.status !== CHANGED_MEANWHILE;
    busy(false); // what appears in a form that is busy is not heard
    showProblem(form, problem);
  } finally {
    busy(false);
  }
});

reload.addEventListener("click", async () => {
  await load();
  if (!reload.hidden) return;
  saved.textContent = strings.reloaded;
  saved.focus(); // the button that was pressed is gone
});

form.addEventListener("input", () => {
  saved.textContent = "";
  askBeforeLeaving(true);
});

function busy(is) {
  form.setAttribute("aria-busy", String(is));
  button?.setAttribute("aria-disabled", String(is));
}

await load();
