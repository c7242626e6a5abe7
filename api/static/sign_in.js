// Development sign-in: be any company, in any role.

import { call } from "./api.js";
import { hideAlert, showAlert } from "./problems.js";

const companies = document.getElementById("companies");
const alert = document.getElementById("page-alert");

companies?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-company]");
  if (!button) return;
  hideAlert(alert);
  const role = document.querySelector("[name=role]:checked").value;
  try {
    await call("POST", "/session", { body: { company: button.dataset.company, role } });
    window.location.assign(companies.dataset.destination);
  } catch (problem) {
    showAlert(alert, problem.message);
  }
});
