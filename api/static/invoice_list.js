// The invoices that were sent, newest first, page by page, with what became of each.

import { asked, readAsked, writeAsked } from "./asked.js";
import { dayOf, money, writeState } from "./bill_words.js";
import { Pager } from "./pager.js";

const form = document.getElementById("filters");
const template = document.getElementById("row");

function row(invoice) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.id = invoice.id;
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  part("name").textContent = invoice.customer.name;
  part("number").textContent = invoice.number;
  part("day").textContent = dayOf(invoice);
  part("total").textContent = money(invoice.total, invoice.currency);
  writeState(part("badge"), invoice);
  return item;
}

const list = new Pager(document.getElementById("invoices"), {
  path: () => `/v1/invoices?${new URLSearchParams(asked(form))}`,
  found: ({ invoices }) => invoices,
  row,
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  writeAsked(form);
  list.restart();
});

readAsked(form);
await list.load();
