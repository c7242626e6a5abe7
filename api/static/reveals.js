// Who looked at our card, newest first, page by page.

import { call } from "./api.js";
import { hideAlert, showAlert } from "./problems.js";
import { timeShown } from "./times.js";

const place = document.getElementById("reveals");
const rows = document.getElementById("rows");
const more = document.getElementById("more");
const alert = document.getElementById("page-alert");
let next = null;

async function loadPage() {
  hideAlert(alert);
  place.setAttribute("aria-busy", "true");
  try {
    const { data } = await call("GET", `/v1/company/reveals?${new URLSearchParams(next ? { after: next } : {})}`);
    rows.append(...data.reveals.map(row));
    next = data.next ?? null;
    more.hidden = next === null;
    document.getElementById("looks").hidden = rows.childElementCount === 0;
    document.getElementById("empty").hidden = rows.childElementCount > 0;
  } catch (problem) {
    showAlert(alert, problem.message);
  } finally {
    document.getElementById("loading").hidden = true;
    place.setAttribute("aria-busy", "false");
  }
}

function row({ at, viewer }) {
  const line = document.createElement("tr");
  const [when, who] = [document.createElement("td"), document.createElement("td")];
  when.append(timeShown(at));
  who.textContent = viewer;
  line.append(when, who);
  line.tabIndex = -1;
  return line;
}

more.addEventListener("click", async () => {
  const seen = rows.childElementCount;
  await loadPage();
  rows.children[seen]?.focus();
});

await loadPage();
