// Amounts and days as people read them. Amounts come and stay as texts: Intl formats them to the last digit.

import { strings, words } from "./strings.js";

const language = document.documentElement.lang;

export function money(amount, currency) {
  return new Intl.NumberFormat(language, { style: "currency", currency }).format(amount);
}

export function plainNumber(text) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(text);
}

export function percent(rate) {
  return new Intl.NumberFormat(language, { style: "unit", unit: "percent", maximumFractionDigits: 6 }).format(rate);
}

/** A day of the calendar, which is the same day wherever it is read. */
export function day(text) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
}

export function moment(at) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** Today where the reader is, as YYYY-MM-DD. */
export function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export function isLate(bill) {
  return ["for_review", "approved"].includes(bill.state) && bill.due_on < today();
}

/** The one day of a bill that matters in its state. */
export function dayOf(bill) {
  if (bill.state === "scheduled") return words(strings.scheduled_for, { day: day(bill.scheduled_on) });
  if (bill.state === "paid") return words(strings.paid_on, { day: day(bill.paid_on) });
  return words(strings.due_on, { day: day(bill.due_on) });
}

export function writeState(badge, bill) {
  const late = isLate(bill);
  badge.textContent = late ? `${strings[bill.state]} · ${strings.overdue}` : strings[bill.state];
  badge.className = `badge state-${bill.state}${late ? " late" : ""}`;
}
