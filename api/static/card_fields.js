// The fields of a card in a form: reading them, and writing a card into them.

export const FIELDS = ["name", "email", "phone", "website", "street", "city", "province", "postal_code", "country"];

// Without width, or turning the direction of what follows: mail and address books bring them along.
const UNSEEN = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g;

/** What was typed or pasted, without what nobody sees in it; a tab, as spreadsheets bring it along, is a space. */
export function seen(text) {
  return text.replace(UNSEEN, "").replace(/\s+/g, " ").trim();
}

export function readFields(form) {
  return Object.fromEntries(FIELDS.map((name) => [name, seen(form.elements.namedItem(name).value)]));
}

export function writeFields(form, values) {
  for (const name of FIELDS) writeField(form, name, values[name] ?? "");
}

export function writeField(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field.tagName === "SELECT") choose(field, value);
  else field.value = value;
}

// A card may spell the country "ca" or have one that the list lacks: it is kept as the card has it, so that it counts as unchanged.
function choose(select, value) {
  let option = [...select.options].find((each) => each.value.toUpperCase() === value.toUpperCase());
  if (!option) {
    option = new Option(value, value);
    select.add(option);
  }
  option.value = value;
  select.value = value;
}

/** The name of a country in the language of the page; what we were given where it is no known code. */
export function countryName(code) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "region" }).of(code.toUpperCase());
  } catch {
    return code;
  }
}
