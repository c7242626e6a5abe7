// An existing list, matched with the network: what each name surely or likely is, and links for those that are accepted.

import { call } from "./api.js";
import { keyFor } from "./idempotency_key.js";
import { askBeforeLeaving, inNewTab } from "./leaving.js";
import { linesOf, namesIn } from "./name_list.js";
import { clearProblem, showAlert, showProblem } from "./problems.js";
import { strings, words } from "./strings.js";

const MOST_AT_ONCE = 500;
const MATCH_MS = 120_000; // ten thousand names that nobody bears take a while
const MOST_QUOTED = 40; // characters
const VERDICTS = ["sure", "likely", "none"];
const form = document.getElementById("match-form");
const names = document.getElementById("names");
const matches = document.getElementById("matches");
const accept = document.getElementById("accept");
const came = document.getElementById("came");
const template = document.getElementById("row");
const relation = matches.dataset.relation;

document.getElementById("file").addEventListener("change", async ({ target: { files } }) => {
  if (files.length === 0) return;
  clearProblem(form);
  try {
    const typed = names.value.trimEnd(); // and stays
    names.value = (typed && `${typed}\n`) + (await linesOf(files[0]));
    askBeforeLeaving(true);
    names.focus();
  } catch {
    showAlert(form.querySelector("[data-alert]"), strings.unreadable);
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (matches.getAttribute("aria-busy") === "true") return;
  clearProblem(form);
  const list = namesIn(names.value);
  if (list.length === 0) {
    showProblem(form, { message: strings.no_names, errors: { names: strings.no_names } });
    return;
  }
  came.textContent = words(strings.matching, { count: list.length });
  const done = await busy(async () => {
    try {
      const { data } = await call("POST", "/v1/contacts/match", { body: { names: list, relation }, patience: MATCH_MS });
      show(data.matches);
    } catch (problem) {
      throw Object.assign(problem, { errors: quoting(list, problem.errors) });
    }
  });
  if (!done) came.textContent = "";
});

form.addEventListener("input", () => askBeforeLeaving(true));
matches.addEventListener("change", showChosen);

matches.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (matches.getAttribute("aria-busy") === "true") return;
  const rows = chosen();
  let done = 0;
  const all = await busy(async () => {
    for (let at = 0; at < rows.length; at += MOST_AT_ONCE) {
      const part = rows.slice(at, at + MOST_AT_ONCE);
      const accepted = part.map((row) => ({ suggestion: row.querySelector("select").value, relation }));
      const headers = { "Idempotency-Key": keyFor(accepted) };
      const { data } = await call("POST", "/v1/contacts/match/accept", { body: { accepted }, headers });
      data.results.forEach((result, index) => (done += showResult(part[index], result)));
    }
  });
  came.textContent = words(strings.done, { done, count: rows.length });
  showChosen();
  if (all) came.focus();
});

/** What is wrong with items of the list, said of the names themselves: blank lines and repeated ones were not sent. */
function quoting(list, errors) {
  const said = Object.entries(errors ?? {}).map(([place, reasons]) => {
    const at = /^names\[(\d+)\]$/.exec(place)?.[1];
    return at === undefined ? [place, reasons] : ["names", [`${list[at].slice(0, MOST_QUOTED)}… –`, ...reasons]];
  });
  return Object.fromEntries(said.reverse()); // the first of several is shown
}

/** Whether it went well; if not, that is said. */
async function busy(work) {
  matches.setAttribute("aria-busy", "true");
  try {
    await work();
    return true;
  } catch (problem) {
    showProblem(form, problem);
    return false;
  } finally {
    matches.setAttribute("aria-busy", "false");
  }
}

function show(found) {
  const count = {};
  const standing = new Set();
  for (const verdict of VERDICTS) {
    const of = found.filter((match) => match.verdict === verdict);
    const section = matches.querySelector(`[data-verdict=${verdict}]`);
    section.hidden = of.length === 0;
    section.querySelector("[data-part=count]").textContent = `(${(count[verdict] = of.length)})`;
    section.querySelector("ul").replaceChildren(...of.map((match) => row(match, standing)));
  }
  matches.hidden = false;
  came.textContent = words(strings.came, count);
  showChosen();
  came.focus();
}

// In a list the same company often stands under two spellings: chosen for both, it would become two contacts.
function row({ name, verdict, proposals }, standing) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-part=name]").textContent = name;
  const choice = item.querySelector("[data-part=choice]");
  if (proposals.length === 0) choice.remove();
  else if (proposals.length === 1 && proposals[0].contact_id) choice.replaceChildren(contact(proposals[0].contact_id, strings.linked_already));
  else {
    const { name: company, city, province } = proposals[0];
    const which = JSON.stringify([company, city, province]);
    const again = verdict === "sure" && standing.has(which);
    offer(choice.querySelector("select"), name, proposals, { sure: verdict === "sure" && !again, again });
    if (verdict === "sure") standing.add(which);
  }
  return item;
}

function offer(select, name, proposals, { sure, again }) {
  select.setAttribute("aria-label", words(strings.for_name, { name }));
  select.append(new Option(again ? strings.do_not_again : strings.do_not, ""));
  for (const { suggestion, name: company, city, province, contact_id: linked } of proposals) {
    const where = [city, province].filter(Boolean).join(", ");
    const option = new Option([company, where, linked ? strings.linked_already : ""].filter(Boolean).join(" – "), suggestion);
    option.disabled = Boolean(linked);
    select.append(option);
  }
  if (sure) select.selectedIndex = 1;
}

function contact(id, text) {
  const link = document.createElement("a");
  link.href = `/contacts/${encodeURIComponent(id)}`;
  link.textContent = text;
  return inNewTab(link);
}

function chosen() {
  return [...matches.querySelectorAll("select")].filter((select) => select.value).map((select) => select.closest("li"));
}

function showChosen() {
  const count = chosen().length;
  accept.textContent = words(strings.chosen, { count });
  accept.disabled = count === 0;
  askBeforeLeaving(count > 0);
}

/** Whether it is linked now. */
function showResult(item, { result, id }) {
  const choice = item.querySelector("[data-part=choice]");
  if (id) choice.replaceChildren(contact(id, strings[result] ?? strings.linked));
  else {
    const refused = choice.querySelector("[data-part=refused]");
    refused.textContent = strings[result];
    refused.hidden = false;
    choice.querySelector("select").value = "";
  }
  return id ? 1 : 0;
}
