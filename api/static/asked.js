// What a list is asked for stands in the address of its page: Back, a reload and a bookmark show the same list again, and the
// form above says which.

/** Writes what the address asks for into the form, of which the browser keeps nothing by itself: autocomplete="off". */
export function readAsked(form) {
  for (const [name, value] of new URLSearchParams(window.location.search)) {
    const field = form.elements.namedItem(name);
    if (!field) continue;
    field.value = value;
    if (field.selectedIndex === -1) field.selectedIndex = 0; // no such choice
  }
}

/** What the form asks for: its fields that say something. */
export function asked(form) {
  return [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== "");
}

export function writeAsked(form) {
  const address = new URL(window.location.href);
  for (const [name] of new FormData(form)) address.searchParams.delete(name);
  for (const [name, value] of asked(form)) address.searchParams.set(name, value);
  window.history.replaceState(null, "", address);
}
