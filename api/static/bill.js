// One bill: what it says, and what may be done with it now. The API says which moves are legal; no other is offered.

import { call } from "./api.js";
import { quantity } from "./bill_units.js";
import { day, moment, money, percent, today, writeState } from "./bill_words.js";
import { confirmed } from "./confirmed.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings as common, words } from "./strings.js";

const article = document.getElementById("bill");
const path = `/v1/bills/${encodeURIComponent(article.dataset.bill)}`;
const alert = document.getElementById("page-alert");
const done = document.getElementById("done");
const strings = { ...common, ...JSON.parse(document.getElementById("bill-strings").textContent) };
const FOR_GOOD = ["reject", "pay"]; // the sender sees it, and there is no way back
let version = null;

async function load() {
  article.setAttribute("aria-busy", "true");
  try {
    show(await call("GET", path));
  } catch (problem) {
    article.hidden = true;
    showAlert(alert, problem.message);
  } finally {
    article.setAttribute("aria-busy", "false");
  }
}

function show({ data: bill, etag }) {
  version = etag;
  const title = words(strings.heading, { number: bill.number });
  document.querySelector("h1").textContent = title;
  document.title = `${title} – Carnet`;
  for (const name of ["issued_on", "due_on", "scheduled_on", "paid_on"]) write(name, bill[name] ? day(bill[name]) : "");
  write("number", bill.number);
  write("note", bill.note);
  write("vendor", bill.vendor.name).href = `/contacts/${encodeURIComponent(bill.vendor.contact)}`;
  write("total", money(bill.total, bill.currency));
  write("grand", money(bill.total, bill.currency));
  write("net", money(bill.net, bill.currency));
  writeState(part("badge"), bill);
  showHeld(bill);
  document.getElementById("lines").replaceChildren(...bill.lines.map((line) => lineRow(line, bill)));
  showTaxes(bill);
  showMoves(bill);
  document.getElementById("history").replaceChildren(...bill.history.map(historyItem));
  document.getElementById("loading").hidden = true;
  document.getElementById("shown").hidden = false;
}

function part(name) {
  return article.querySelector(`[data-part=${name}]`);
}

function write(name, text) {
  const element = part(name);
  element.textContent = text;
  const line = element.closest(".details > div");
  if (line) line.hidden = text === "";
  return element;
}

function showHeld(bill) {
  document.getElementById("held").hidden = !bill.held;
  if (!bill.held) return;
  part("held").textContent = strings[bill.held];
  part("duplicate_of").href = `/bills/${encodeURIComponent(bill.duplicate_of)}`;
}

function lineRow(line, bill) {
  const price = new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency", currency: bill.currency, maximumFractionDigits: 6,
  }).format(line.unit_price);
  const howMany = quantity(line.quantity, line.unit, strings.hour);
  return tableRow([line.description, howMany, price, money(line.amount, bill.currency)]);
}

function tableRow(texts) {
  const row = document.createElement("tr");
  for (const text of texts) row.insertCell().textContent = text;
  return row;
}

function showTaxes(bill) {
  for (const old of article.querySelectorAll("tr[data-tax]")) old.remove();
  const rows = bill.taxes.map((tax) => {
    const row = document.createElement("tr");
    row.dataset.tax = tax.name;
    const head = document.createElement("th");
    Object.assign(head, { scope: "row", colSpan: 3 });
    const values = { name: tax.name, rate: percent(tax.rate), base: money(tax.base, bill.currency) };
    head.textContent = words(strings.tax_at, values);
    row.append(head);
    row.insertCell().textContent = money(tax.amount, bill.currency);
    return row;
  });
  document.getElementById("net").after(...rows);
}

function showMoves(bill) {
  for (const form of document.querySelectorAll("[data-move]")) form.hidden = !bill.moves.includes(form.dataset.move);
  document.getElementById("moves").hidden = bill.moves.length === 0;
  document.getElementById("read-only").hidden = bill.moves.length > 0 || ["paid", "rejected"].includes(bill.state);
  document.getElementById("schedule-on").value = bill.due_on > today() ? bill.due_on : today();
  document.getElementById("pay-on").value = today();
}

function historyItem(event) {
  const item = document.createElement("li");
  const what = words(strings[`was_${event.move}`], { day: event.on ? day(event.on) : "" });
  const reason = event.note ? ` – ${event.note}` : "";
  const when = document.createElement("time");
  when.dateTime = event.at;
  when.textContent = moment(event.at);
  const who = event.by ? ` · ${event.by}` : "";
  item.append(`${what}${reason}`, document.createElement("br"), when, who);
  return item;
}

async function decide(form) {
  if (article.getAttribute("aria-busy") === "true") return; // a second click would be told that somebody else was quicker
  article.setAttribute("aria-busy", "true");
  hideAlert(alert);
  done.textContent = "";
  const body = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  const { move } = form.dataset;
  try {
    show(await call("POST", `${path}/${move}`, { body, headers: { "If-Match": version } }));
    form.reset();
    done.textContent = strings[`done_${move}`];
    done.focus(); // the button that was pressed may be gone
  } catch (problem) {
    showAlert(alert, problem.message);
    alert.tabIndex = -1;
    alert.focus();
    if ([409, 412].includes(problem.status)) await load(); // somebody else decided: show what is
  } finally {
    article.setAttribute("aria-busy", "false");
  }
}

for (const form of document.querySelectorAll("[data-move]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { move } = form.dataset;
    if (!FOR_GOOD.includes(move) || (await confirmed(`confirm-${move}`))) decide(form);
  });
}

await load();
