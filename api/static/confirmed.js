// A second word before what cannot be taken back.

/** Shows the dialog, made by the macro `confirmation`; whether the answer was yes. */
export function confirmed(id) {
  const dialog = document.getElementById(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}
