// The "New customer" and "New vendor" forms: look up, copy the card that was picked, save. The form never depends on the lookup.

import { call } from "./api.js";
import { FIELDS } from "./card_fields.js";
import { Duplicates } from "./duplicates.js";
import { Combobox } from "./combobox.js";
import { keyFor } from "./idempotency_key.js";
import { askBeforeLeaving } from "./leaving.js";
import { Prefill } from "./prefill.js";
import { clearProblem, showProblem } from "./problems.js";
import { strings, words } from "./strings.js";
import { suggestionOption } from "./suggestion_option.js";

const UNAVAILABLE = 503;
const SAID_AS_IS = [401, 403, 429]; // signed out; no longer a member; too many look-ups, and when to come back
const AGAIN_MS = 300;
const ON_ITS_WAY_MS = 400; // what takes no longer is not worth a sentence
const READ_MS = 1_000; // who presses Enter or the button twice at once has not read what the first press brought up
const CARD_MS = 5_000; // for the card that was picked: the form can be filled in by hand meanwhile
const form = document.getElementById("contact-form");
const input = document.getElementById("name");
const note = document.getElementById("name-note");
const status = document.getElementById("name-status");
const picked = document.getElementById("picked");
const button = form.querySelector("[type=submit]");
const prefill = new Prefill(form);
const duplicates = new Duplicates(form.dataset.relation);
let reveal = null; // the pick under way

new Combobox({
  input,
  popup: document.getElementById("name-popup"),
  list: document.getElementById("name-list"),
  option: suggestionOption,
  pick: fillFrom,
  ask: lookUp,
  told(event, detail) {
    if (event === "asked") reveal?.abort();
    if (event === "over") status.textContent = "";
    else if (event === "failed") say(SAID_AS_IS.includes(detail.status) ? detail.message : strings.unavailable);
    else note.textContent = event === "none" ? strings.found_none : strings.hint;
    if (event === "found") document.getElementById("name-degraded").textContent = detail.degraded ? strings.degraded : "";
  },
  announce({ suggestions: { length: count } }) {
    if (count === 0) status.textContent = strings.found_none;
    else status.textContent = count === 1 ? strings.found_one : words(strings.found_many, { count });
  },
});

// A look-up that the service had no time for is asked once more before anybody is told: most often the moment is over.
async function lookUp(text, signal) {
  const path = `/v1/typeahead?${new URLSearchParams({ q: text, limit: 8 })}`;
  try {
    return (await call("GET", path, { signal })).data;
  } catch (problem) {
    if (problem.status !== UNAVAILABLE) throw problem;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    return (await call("GET", path, { signal })).data;
  }
}

// Seen and heard.
function say(text) {
  note.textContent = text;
  status.textContent = text;
}

async function fillFrom({ suggestion }) {
  reveal?.abort();
  const asked = new AbortController();
  reveal = asked;
  input.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => asked.signal.aborted || say(strings.on_its_way), ON_ITS_WAY_MS);
  try {
    const { data } = await call("POST", "/v1/reveals", { body: { suggestion }, signal: asked.signal, patience: CARD_MS });
    if (reveal === asked && !asked.signal.aborted) showPicked(data);
  } catch (problem) {
    if (!asked.signal.aborted) say(problem.status === 404 ? strings.gone : problem.message);
  } finally {
    clearTimeout(waiting);
    if (reveal === asked) {
      reveal = null;
      input.removeAttribute("aria-busy");
    }
  }
}

function showPicked({ card, link, notice }) {
  clearProblem(form);
  prefill.fill(card, link);
  document.getElementById("picked-name").textContent = words(strings.links, { name: card.name });
  if (notice) document.getElementById("picked-notice").textContent = notice;
  const names = document.getElementById("picked-names");
  names.hidden = !card.other_names?.length;
  names.querySelector("span").textContent = (card.other_names ?? []).join(" · ");
  picked.hidden = false;
  note.textContent = strings.hint;
  status.textContent = `${words(strings.filled, { name: card.name })} ${notice ?? ""}`;
  showOwnFields();
  askBeforeLeaving(true);
}

document.getElementById("undo").addEventListener("click", () => {
  undo(strings.undone);
  input.focus();
});

// Who empties the name means another company: nothing of the one that was picked is to stay under its name.
input.addEventListener("input", () => {
  if (prefill.link !== null && input.value.trim() === "") undo(strings.undone);
});

function undo(said) {
  prefill.undo();
  picked.hidden = true;
  showOwnFields();
  say(said);
}

function showOwnFields() {
  for (const name of FIELDS) {
    const own = document.getElementById(`${name}-own`);
    own.hidden = !prefill.isOwn(name);
    own.textContent = own.hidden ? "" : strings.own_value;
  }
}
form.addEventListener("input", () => {
  showOwnFields();
  askBeforeLeaving(true);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") return;
  if (reveal && !reveal.signal.aborted) return say(strings.on_its_way); // what stands here is half of a name
  const contact = { relation: form.dataset.relation, ...prefill.contact() };
  busy(true);
  clearProblem(form);
  const found = await duplicates.find(contact);
  if (found.length) {
    busy(false); // what appears in a form that is busy is not heard
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => button.setAttribute("aria-disabled", "false"), READ_MS);
    return duplicates.show(found);
  }
  try {
    const { data } = await call("POST", "/v1/contacts", { body: contact, headers: { "Idempotency-Key": keyFor(contact) } });
    askBeforeLeaving(false);
    window.location.assign(`${form.dataset.list}?${new URLSearchParams({ saved: data.id })}`);
  } catch (problem) {
    busy(false);
    if (problem.status === 404 && contact.link) {
      undo(strings.gone); // or every further try would be refused like this one
      problem.message = strings.gone;
    }
    showProblem(form, problem);
  }
});

function busy(is) {
  form.setAttribute("aria-busy", String(is));
  button.setAttribute("aria-disabled", String(is));
  status.textContent = is ? strings.saving : "";
}
