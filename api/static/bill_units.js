// Quantities as people read them. An invoice has its units as codes of UN/ECE Recommendation 20, or as words.

import { plainNumber } from "./bill_words.js";

const PIECES = ["C62", "EA", "H87", "NAR"]; // one, each, piece, article: a number says it
const SYMBOLS = { TNE: "t", MTK: "m²", MTQ: "m³", KWH: "kWh" }; // which Intl lacks
const NAMES = {
  MIN: "minute", DAY: "day", WEE: "week", MON: "month", ANN: "year",
  KGM: "kilogram", GRM: "gram", LBR: "pound", ONZ: "ounce",
  LTR: "liter", MLT: "milliliter", GLL: "gallon",
  MTR: "meter", CMT: "centimeter", MMT: "millimeter", KMT: "kilometer", FOT: "foot", INH: "inch", YRD: "yard", SMI: "mile",
};

/** `hour` is what the page calls an hour. */
export function quantity(number, code, hour) {
  const unit = NAMES[code];
  if (!unit) {
    const said = PIECES.includes(code) ? "" : { HUR: hour, ...SYMBOLS }[code] ?? code;
    return said ? `${plainNumber(number)}\u00a0${said}` : plainNumber(number);
  }
  const unitDisplay = unit === "month" ? "long" : "short"; // French has one short form for months and metres
  const form = { style: "unit", unit, unitDisplay, maximumFractionDigits: 6 };
  return new Intl.NumberFormat(document.documentElement.lang, form).format(number);
}
