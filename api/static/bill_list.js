// The bills that arrived, in order of due date, page by page, with filters.

import { call } from "./api.js";
import { dayOf, money, writeState } from "./bill_words.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings } from "./strings.js";

const place = document.getElementById("bills");
const rows = document.getElementById("rows");
const more = document.getElementById("more");
const form = document.getElementById("filters");
const template = document.getElementById("row");
const alert = document.getElementById("page-alert");
let next = null;

async function loadPage() {
  hideAlert(alert);
  place.setAttribute("aria-busy", "true");
  try {
    const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
    const asked = new URLSearchParams([...chosen, ...(next ? [["after", next]] : [])]);
    const { data } = await call("GET", `/v1/bills?${asked}`);
    rows.append(...data.bills.map(row));
    next = data.next ?? null;
  } catch (problem) {
    showAlert(alert, problem.message);
  } finally {
    more.hidden = next === null;
    rows.hidden = rows.childElementCount === 0;
    document.getElementById("empty").hidden = !rows.hidden;
    document.getElementById("loading").hidden = true;
    place.setAttribute("aria-busy", "false");
  }
}

function row(bill) {
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  part("name").textContent = bill.vendor.name;
  part("name").href = `/bills/${encodeURIComponent(bill.id)}`;
  part("number").textContent = bill.number;
  part("day").textContent = dayOf(bill);
  part("total").textContent = money(bill.total, bill.currency);
  part("held").hidden = !bill.held;
  part("held").textContent = strings[bill.held] ?? "";
  writeState(part("badge"), bill);
  return item;
}

more.addEventListener("click", async () => {
  const seen = rows.childElementCount;
  await loadPage();
  rows.children[seen]?.querySelector("a").focus();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  rows.replaceChildren();
  next = null;
  loadPage();
});

await loadPage();
