// The words of this page, in the language of the page, as the template wrote them.

function read(id) {
  return JSON.parse(document.getElementById(id)?.textContent || "{}");
}

export const strings = { ...read("common-strings"), ...read("strings") };

export function words(text, values) {
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => (name in values ? String(values[name]) : placeholder));
}
