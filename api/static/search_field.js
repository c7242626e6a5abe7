// The search field above a list: the list is asked anew a moment after the last letter, or at once for Enter.

import { readAsked, writeAsked } from "./asked.js";

const QUIET_MS = 150;

/** Until the list is asked, `place` is busy already; `look()` asks it. What was searched before is in the field again. */
export function whenSearched(place, look) {
  const form = document.getElementById("search");
  let typing = 0;
  const ask = () => {
    writeAsked(form);
    look();
  };
  readAsked(form);
  document.getElementById("q").addEventListener("input", () => {
    window.clearTimeout(typing);
    place.setAttribute("aria-busy", "true");
    typing = window.setTimeout(ask, QUIET_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(typing);
    ask();
  });
}
