// What was typed and is not saved: the browser asks before it is left behind, and other pages open beside it.

import { confirmed } from "./confirmed.js";
import { strings } from "./strings.js";

let typed = false;

function ask(event) {
  if (navigator.userActivation?.hasBeenActive !== false) event.preventDefault(); // or it complains, and does not ask
}

export function askBeforeLeaving(is) {
  typed = is;
  if (is) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

/** Whether what was typed may go: the browser would ask only when the session that it was typed in has ended already. */
export async function mayLeave() {
  return !typed || confirmed("confirm-leave");
}

/** Makes the link open in a new tab, and say so. */
export function inNewTab(link) {
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.textContent = ` (${strings.new_tab})`;
  Object.assign(link, { target: "_blank", rel: "noopener" });
  link.classList.add("elsewhere");
  link.append(said);
  return link;
}
