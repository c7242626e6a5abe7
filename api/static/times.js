// Moments as people read them, in the language of the page and the visitor's own time zone.

export function timeShown(at, dateStyle = "long", timeStyle = "short") {
  const shown = document.createElement("time");
  shown.dateTime = at;
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle, timeStyle });
  shown.textContent = form.format(new Date(at));
  return shown;
}
