// The switch of visibility. It moves when the API has answered, never before: what it shows is what is.

import { call } from "./api.js";
import { hideAlert, showAlert } from "./problems.js";
import { strings, words } from "./strings.js";
import { timeShown } from "./times.js";

const PATH = "/v1/company/visibility";
const control = document.getElementById("visible");
const receipt = document.getElementById("receipt");
const alert = document.getElementById("page-alert");
const mayEdit = !document.body.querySelector("[data-read-only]");

async function answered(request) {
  hideAlert(alert);
  control.setAttribute("aria-busy", "true");
  try {
    show((await request).data);
    control.disabled = !mayEdit;
  } catch (problem) {
    showAlert(alert, problem.message);
  } finally {
    control.removeAttribute("aria-busy");
  }
}

function show(answer) {
  control.setAttribute("aria-checked", String(answer.visible));
  document.getElementById("state").textContent = answer.visible ? strings.on : strings.off;
  receipt.replaceChildren(...receiptLines(answer));
}

function receiptLines({ visible, effective_at: at, index_version: version, index_confirmed: confirmed }) {
  if (!at) return [];
  const [before, after = ""] = (visible ? strings.receipt_on : strings.receipt_off).split("{time}");
  const since = line(before, timeShown(at, "long", "medium"), after);
  const number = line(words(strings.version, { version }));
  return confirmed === false ? [since, number, line(strings.unconfirmed)] : [since, number];
}

function line(...pieces) {
  const paragraph = document.createElement("p");
  paragraph.append(...pieces);
  return paragraph;
}

control.addEventListener("click", () => {
  if (control.hasAttribute("aria-busy")) return;
  answered(call("PUT", PATH, { body: { visible: control.getAttribute("aria-checked") !== "true" } }));
});

await answered(call("GET", PATH));
