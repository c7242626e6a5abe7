// On every page: signing out, leaving the books of a client, and reading the page in the other language.

import { call } from "./api.js";
import { askBeforeLeaving, mayLeave } from "./leaving.js";
import { showAlert } from "./problems.js";

const leaving = document.getElementById("leave-client");

async function endThenGo(path, to) {
  if (!(await mayLeave())) return;
  try {
    await call("DELETE", path);
    askBeforeLeaving(false);
    window.location.assign(to);
  } catch (problem) {
    showAlert(document.getElementById("page-alert"), problem.message);
  }
}

document.getElementById("sign-out")?.addEventListener("click", () => endThenGo("/session", "/"));
leaving?.addEventListener("click", () => {
  const asked = sessionStorage.getItem("clients") ?? ""; // the list as it was when the client was chosen in it
  endThenGo("/session/client", leaving.dataset.clients + asked);
});

// With what a list has been asked for since the page came, which stands in its address.
const language = document.querySelector("a.language");
for (const kind of ["click", "auxclick"]) {
  language?.addEventListener(kind, () => {
    const address = new URL(window.location.href);
    address.searchParams.set("lang", language.hreflang);
    language.href = address;
  });
}
