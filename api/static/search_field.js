// The search field above a list: the list is asked anew a moment after the last letter, or at once for Enter.

const QUIET_MS = 150;

/** Until the list is asked, `place` is busy already; `look()` asks it. */
export function whenSearched(place, look) {
  let typing = 0;
  document.getElementById("q").addEventListener("input", () => {
    window.clearTimeout(typing);
    place.setAttribute("aria-busy", "true");
    typing = window.setTimeout(look, QUIET_MS);
  });
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(typing);
    look();
  });
}
