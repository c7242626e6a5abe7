// One suggestion as an option of the list. Names are other people's words: they become text, never markup.

import { strings, words } from "./strings.js";

export function suggestionOption(suggestion, id) {
  const option = element("li", "option");
  option.id = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const { name, matched_name: other, matched } = suggestion;
  const title = element("span", "option-name");
  title.append(other ? name : marked(name, matched));
  option.append(title, " ");
  if (other) option.append(alsoKnownAs(marked(other, matched)), " ");
  const place = element("span", "option-place");
  place.textContent = [suggestion.city, suggestion.province].filter(Boolean).join(", ");
  option.append(place);
  return option;
}

/** `ranges` are half-open, in UTF-16 units: the units of JavaScript strings. One that does not fit is left unmarked. */
export function marked(text, ranges = []) {
  const pieces = document.createDocumentFragment();
  let at = 0;
  for (const [start, end] of ranges) {
    if (start < at || end <= start || end > text.length) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    pieces.append(text.slice(at, start), mark);
    at = end;
  }
  pieces.append(text.slice(at));
  return pieces;
}

function alsoKnownAs(name) {
  const line = element("span", "option-other");
  const [before, after = ""] = words(strings.also_known_as, { name: "\n" }).split("\n");
  line.append(before, name, after);
  return line;
}

function element(tag, className) {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
