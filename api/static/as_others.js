// "Why can't people find us?": the card, whether it is found, by which texts, and what stands before it.

import { call } from "./api.js";
import { asked, readAsked, writeAsked } from "./asked.js";
import { countryName } from "./card_fields.js";
import { readablePhone } from "./phone.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings, words } from "./strings.js";

const PATH = "/v1/company/as-others-see-it";
const alert = document.getElementById("page-alert");
const standing = document.getElementById("standing");
const form = document.getElementById("try");
const own = document.getElementById("own");
const template = document.getElementById("text");
let asking = null; // the newest question: an older answer never takes its place

async function load() {
  try {
    const { data } = await call("GET", PATH);
    showStanding(data);
    showCard(data.card);
    showTexts(data.texts);
  } catch (problem) {
    document.getElementById("state").textContent = "";
    showAlert(alert, problem.message);
  } finally {
    standing.setAttribute("aria-busy", "false");
  }
}

function showStanding({ findable, why_not: whyNot, remarks }) {
  document.getElementById("state").textContent = findable ? strings.found : strings.not_found;
  for (const id of ["own-text", "found"]) document.getElementById(id).hidden = !findable; // nothing is looked up then
  fillList("why-not", whyNot);
  fillList("remarks", remarks);
}

function fillList(id, sentences) {
  const list = document.getElementById(id);
  list.hidden = sentences.length === 0;
  list.replaceChildren(...sentences.map((sentence) => element("li", sentence)));
}

function showCard(card) {
  const shown = { ...card, other_names: (card.other_names ?? []).join(" · ") };
  shown.phone = readablePhone(card.phone ?? "");
  shown.country = card.country ? countryName(card.country) : "";
  for (const line of document.querySelectorAll("#card [data-field]")) {
    const value = shown[line.dataset.field] ?? "";
    line.hidden = value === "";
    line.querySelector("dd").textContent = value;
  }
  document.getElementById("notice").textContent = card.notice ?? "";
  document.getElementById("card").hidden = false;
}

function showTexts(texts) {
  const list = document.getElementById("texts");
  list.hidden = texts.length === 0;
  list.replaceChildren(...texts.map(found));
}

function found({ text, way, place, summary, before }) {
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  part("text").textContent = text;
  part("way").textContent = strings[way] ?? way;
  part("summary").textContent = summary;
  if (before.length) {
    item.querySelector("details").hidden = false;
    part("count").textContent = words(place ? strings.before : strings.shown_instead, { count: before.length });
    part("before").replaceChildren(...before.map(other));
  }
  return item;
}

function other({ name, city, province, why }) {
  const line = element("li", "");
  const where = [city, province].filter(Boolean).join(", ");
  line.append(element("strong", name), where ? ` – ${where}` : "");
  if (why) line.append(document.createElement("br"), why);
  return line;
}

function element(kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}

// Read in another language, or come back to, the text is there again; it counts as a look-up, so it is not asked by itself.
readAsked(form);
form.addEventListener("change", () => writeAsked(form));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = new URLSearchParams(asked(form));
  if (!text.has("q")) return;
  hideAlert(alert);
  own.setAttribute("aria-busy", "true");
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const { data } = await call("GET", `${PATH}?${text}`, { signal: mine.signal });
    if (asking !== mine) return;
    showStanding(data);
    const list = document.createElement("ul");
    list.className = "rows";
    list.append(...data.texts.map(found));
    for (const details of list.querySelectorAll("details")) details.open = true;
    own.replaceChildren(...(data.texts.length ? [list] : []));
  } catch (problem) {
    if (asking !== mine) return;
    own.replaceChildren();
    showAlert(alert, problem.message);
  } finally {
    if (asking === mine) own.removeAttribute("aria-busy");
  }
});

await load();
