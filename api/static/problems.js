// Showing what the API refused: in the alert of the form, and beside each field that it names. Nothing typed is touched.

export function showAlert(alert, text) {
  alert.hidden = false;
  alert.textContent = text;
}

export function hideAlert(alert) {
  alert.hidden = true;
  alert.textContent = "";
}

export function clearProblem(form) {
  hideAlert(form.querySelector("[data-alert]"));
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const message of form.querySelectorAll(".field-error")) {
    message.hidden = true;
    message.textContent = "";
  }
}

export function showProblem(form, problem) {
  clearProblem(form);
  const alert = form.querySelector("[data-alert]");
  const elsewhere = [];
  for (const [name, messages] of Object.entries(problem.errors ?? {})) {
    const text = [messages].flat().join(" ");
    const field = form.elements.namedItem(name);
    const message = document.getElementById(`${name}-error`);
    if (!field || !message) {
      elsewhere.push(text);
      continue;
    }
    message.textContent = text;
    message.hidden = false;
    field.setAttribute("aria-invalid", "true");
  }
  showAlert(alert, [problem.message, ...elsewhere].join(" "));
  (form.querySelector("[aria-invalid]") ?? alert).focus(); // the first as the form stands, however the API named them
}
