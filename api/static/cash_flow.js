// What is to be paid by week: for each currency a table, and bars that say the same.

import { call } from "./api.js";
import { day, money, today } from "./bill_words.js";
import { showAlert } from "./problems.js";
import { words } from "./strings.js";

const KINDS = ["overdue", "due", "scheduled"];
const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, GAP] = [48, 120, 14];
const strings = JSON.parse(document.getElementById("flow-strings").textContent);
const place = document.getElementById("flow");
const template = document.getElementById("flow-of-currency");

try {
  const { data } = await call("GET", `/v1/bills/cash-flow?weeks=8&today=${today()}`);
  const currencies = data.weeks[0].currencies.map(({ currency }) => currency);
  place.replaceChildren(...(currencies.length ? currencies.map((code, at) => figure(code, flows(data.weeks, at))) : [nothing()]));
} catch (problem) {
  place.replaceChildren();
  showAlert(document.getElementById("page-alert"), problem.message);
} finally {
  place.setAttribute("aria-busy", "false");
}

function flows(weeks, at) {
  return weeks.map((week) => ({ starts_on: week.starts_on, ...week.currencies[at] }));
}

function figure(currency, weeks) {
  const made = template.content.firstElementChild.cloneNode(true);
  made.querySelector("caption").textContent = currency;
  made.querySelector(".scroll").setAttribute("aria-label", currency);
  made.querySelector("tbody").append(...weeks.map(tableRow));
  draw(made.querySelector("svg"), currency, weeks);
  return made;
}

function tableRow(week) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = words(strings.week_of, { day: day(week.starts_on) });
  row.append(head, ...KINDS.map((kind) => cell(week, kind)));
  return row;
}

function cell(week, kind) {
  const made = document.createElement("td");
  made.textContent = Number(week[kind]) === 0 ? "–" : money(week[kind], week.currency);
  return made;
}

// Only how high a bar stands is a float; what is said is never calculated here.
function draw(svg, currency, weeks) {
  const highest = Math.max(...weeks.map((week) => KINDS.reduce((sum, kind) => sum + Number(week[kind]), 0)));
  svg.setAttribute("viewBox", `0 0 ${weeks.length * (WIDTH + GAP) - GAP} ${HEIGHT + 2}`);
  svg.setAttribute("preserveAspectRatio", "none"); // as wide as the table below
  svg.setAttribute("aria-label", words(strings.chart, { currency }));
  weeks.forEach((week, at) => {
    let top = HEIGHT;
    for (const kind of KINDS) {
      const height = (Number(week[kind]) / highest) * HEIGHT;
      top -= height;
      if (height > 0) svg.append(bar("rect", { class: `bar-${kind}`, x: at * (WIDTH + GAP), y: top, width: WIDTH, height }));
    }
    svg.append(bar("rect", { class: "bar-ground", x: at * (WIDTH + GAP), y: HEIGHT, width: WIDTH, height: 2 }));
  });
}

function bar(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  return made;
}

function nothing() {
  const said = document.createElement("p");
  said.className = "panel";
  said.textContent = strings.nothing_due;
  return said;
}
