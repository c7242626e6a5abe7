// On every page: signing out.

import { call } from "./api.js";
import { showAlert } from "./problems.js";

document.getElementById("sign-out")?.addEventListener("click", async () => {
  try {
    await call("DELETE", "/session");
    window.location.assign("/");
  } catch (problem) {
    showAlert(document.getElementById("page-alert"), problem.message);
  }
});
