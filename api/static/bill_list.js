// The bills that arrived, in order of due date, page by page, with filters.

import { asked, readAsked, writeAsked } from "./asked.js";
import { dayOf, money, writeState } from "./bill_words.js";
import { Pager } from "./pager.js";
import { strings } from "./strings.js";

const form = document.getElementById("filters");
const template = document.getElementById("row");

function row(bill) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.id = bill.id;
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

const list = new Pager(document.getElementById("bills"), {
  path: () => `/v1/bills?${new URLSearchParams(asked(form))}`,
  found: ({ bills }) => bills,
  row,
  into: "a",
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  writeAsked(form);
  list.restart();
});

readAsked(form);
await list.load();
