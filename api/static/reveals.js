// Who looked at our card, newest first, page by page.

import { Pager } from "./pager.js";
import { timeShown } from "./times.js";

function row({ at, viewer }) {
  const line = document.createElement("tr");
  const [when, who] = [document.createElement("td"), document.createElement("td")];
  when.append(timeShown(at));
  who.textContent = viewer;
  line.append(when, who);
  line.tabIndex = -1;
  return line;
}

const list = new Pager(document.getElementById("reveals"), {
  path: () => "/v1/company/reveals",
  found: ({ reveals }) => reveals,
  row,
  framed: document.getElementById("looks"),
});

await list.load();
