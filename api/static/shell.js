// On every page: signing out, and leaving the books of a client.

import { call } from "./api.js";
import { showAlert } from "./problems.js";

const leaving = document.getElementById("leave-client");

async function endThenGo(path, to) {
  try {
    await call("DELETE", path);
    window.location.assign(to);
  } catch (problem) {
    showAlert(document.getElementById("page-alert"), problem.message);
  }
}

document.getElementById("sign-out")?.addEventListener("click", () => endThenGo("/session", "/"));
leaving?.addEventListener("click", () => endThenGo("/session/client", leaving.dataset.clients));
