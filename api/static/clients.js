// A firm's clients: looked up by name, chosen, their visibility turned on or off, and one of them acted for. A row shows what
// its receipt said.

import { call } from "./api.js";
import { Pager } from "./pager.js";
import { hideAlert, showAlert } from "./problems.js";
import { whenSearched } from "./search_field.js";
import { strings, words } from "./strings.js";

const MOST_AT_ONCE = 500;
const place = document.getElementById("clients");
const rows = document.getElementById("rows");
const template = document.getElementById("row");
const search = document.getElementById("q");
const all = document.getElementById("all");
const came = document.getElementById("came");
const alert = document.getElementById("page-alert");
const picked = new Map(); // ids and names, of whatever rows: a search shows others, and forgets no choice
const switches = { true: document.getElementById("turn-on"), false: document.getElementById("turn-off") };
const list = new Pager(place, {
  path: () => `/v1/clients?${new URLSearchParams({ q: search.value })}`,
  found: ({ clients }) => clients,
  row,
  into: "input:enabled",
  shown: showChosen,
});

function row(client) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.id = client.id;
  item.dataset.status = client.status;
  const box = part(item, "box");
  box.setAttribute("aria-label", words(strings.choose, { name: client.name }));
  box.disabled = client.status !== "active";
  box.checked = picked.has(client.id);
  part(item, "name").textContent = client.name;
  part(item, "place").textContent = [client.city, client.province].filter(Boolean).join(", ");
  const act = part(item, "act");
  act.setAttribute("aria-label", words(strings.act_for, { name: client.name }));
  act.disabled = client.status !== "active";
  act.addEventListener("click", () => actFor(client.id));
  showState(item, client.visible);
  return item;
}

async function actFor(company) {
  hideAlert(alert);
  try {
    await call("PUT", "/session/client", { body: { company } });
    sessionStorage.setItem("clients", window.location.search); // where "Back to our clients" leads: see shell.js
    window.location.assign(place.dataset.start);
  } catch (problem) {
    showAlert(alert, problem.message);
  }
}

function part(item, name) {
  return item.querySelector(`[data-part=${name}]`);
}

function showState(item, visible) {
  const ended = item.dataset.status !== "active";
  const badge = part(item, "badge");
  badge.textContent = ended ? strings.ended : visible ? strings.visible : strings.hidden;
  badge.classList.toggle("badge-linked", visible && !ended);
}

function boxes() {
  return [...rows.querySelectorAll("[data-part=box]:enabled")];
}

function rowOf(id) {
  return [...rows.children].find((item) => item.dataset.id === id);
}

function choose(box) {
  const { id } = box.closest("li").dataset;
  if (box.checked) picked.set(id, part(box.closest("li"), "name").textContent);
  else picked.delete(id);
}

function showChosen() {
  const count = picked.size;
  const here = boxes().filter((box) => box.checked).length;
  document.getElementById("chosen").textContent = count ? words(strings.chosen, { count }) : "";
  all.checked = here > 0 && here === boxes().length;
  all.indeterminate = here > 0 && !all.checked;
  for (const button of Object.values(switches)) button.disabled = count === 0 || turning;
}

let turning = false; // two opposite ones at once would leave it to chance which is the last

async function turn(visible) {
  if (turning) return;
  const ids = [...picked.keys()];
  hideAlert(alert);
  came.textContent = "";
  turning = true;
  place.setAttribute("aria-busy", "true");
  const pressed = document.activeElement;
  showChosen();
  let done = 0;
  let trouble = null;
  const unseen = document.createElement("ul"); // refused, and in no row that is shown
  unseen.className = "field-error";
  try {
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
      const body = { clients: ids.slice(at, at + MOST_AT_ONCE), visible };
      const { data } = await call("PUT", "/v1/clients/visibility", { body });
      for (const result of data.results) done += showResult(result, unseen);
    }
  } catch (problem) {
    trouble = problem;
  }
  turning = false;
  place.setAttribute("aria-busy", "false"); // what appears in a place that is busy is not heard
  showChosen();
  if (trouble) showAlert(alert, trouble.message);
  else came.textContent = words(strings.done, { done, count: ids.length });
  if (unseen.hasChildNodes()) came.append(unseen);
  if ([document.body, pressed].includes(document.activeElement)) (pressed.disabled ? came : pressed).focus();
}

// The row may be another by now, or not be shown: then a refusal is said with the name.
function showResult(result, unseen) {
  const item = rowOf(result.client);
  if (!item && result.code) {
    const line = document.createElement("li");
    line.textContent = words(strings.refused, { name: picked.get(result.client), reason: result.detail });
    unseen.append(line);
  }
  if (item) {
    const refused = part(item, "refused");
    refused.hidden = !result.code;
    refused.textContent = result.detail ?? "";
  }
  if (!item || !result.code) picked.delete(result.client); // what is said once is not tried again and again
  if (result.code) return 0;
  if (item) {
    showState(item, result.visible);
    part(item, "box").checked = false;
  }
  return 1;
}

whenSearched(place, () => list.restart());
rows.addEventListener("change", ({ target }) => {
  choose(target);
  showChosen();
});
all.addEventListener("change", () => {
  for (const box of boxes()) {
    box.checked = all.checked;
    choose(box);
  }
  showChosen();
});
for (const [visible, button] of Object.entries(switches)) button.addEventListener("click", () => turn(visible === "true"));

await list.load();
