// What the page of figures shows, as its address says it, and what it asks the server for.

import { isDay } from "./past-query.js";

export const CLOCKS = ["target", "answering", "handling", "turnout", "travel", "response", "ready"];
export const BY = ["agency", "type", "category", "district", "priority", "terrain", "unit", "hour", "weekday", "month"];
// "When" is one choice of the page and two of the server's.
const WHEN = { day: { hours: "day" }, night: { hours: "night" }, working: { days: "working" }, weekend: { days: "weekend" } };
export const WHENS = Object.keys(WHEN);
const MONTH = /^20\d{2}-(0[1-9]|1[0-2])$/;
const NARROWING = ["agency", "type", "district", "priority", "when"];

// {month, clock, by, agency, type, district, priority, when, open} of a query; what makes no sense is as if it were not there.
export function readFigures(search, today) {
  const given = new URLSearchParams(search);
  const said = (name, allowed) => (allowed.includes(given.get(name)) ? given.get(name) : "");
  const month = given.get("month") || "";
  return {
    month: MONTH.test(month) && month <= today.slice(0, 7) ? month : today.slice(0, 7),
    clock: said("clock", CLOCKS) || "target",
    by: said("by", BY) || "agency",
    agency: given.get("agency") || "",
    type: given.get("type") || "",
    district: given.get("district") || "",
    priority: said("priority", ["1", "2", "3", "4", "5"]),
    when: said("when", WHENS),
    open: /^[\w-]*\.[a-z_]+$/.test(given.get("open") || "") ? given.get("open") : "",
  };
}

// The query of an address for this, "" for the page as it opens.
export function writeFigures(filters, today) {
  const said = new URLSearchParams();
  const usual = { month: today.slice(0, 7), clock: "target", by: "agency" };
  for (const [name, value] of Object.entries(filters)) if (value && value !== usual[name]) said.set(name, value);
  const text = said.toString();
  return text && `?${text}`;
}

// The server's query: the whole month, of this one the days so far.
export function askedFigures(filters, today) {
  const asked = new URLSearchParams({ from: `${filters.month}-01`, to: lastDay(filters.month, today), by: filters.by, clock: filters.clock });
  const names = { agency: "agency_id", type: "type", district: "district", priority: "priority" };
  for (const [name, field] of Object.entries(names)) if (filters[name]) asked.set(field, filters[name]);
  for (const [name, value] of Object.entries(WHEN[filters.when] || {})) asked.set(name, value);
  return asked;
}

export function lastDay(month, today) {
  const [year, number] = month.split("-").map(Number);
  const last = `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
  return isDay(last) && last < today ? last : today;
}

// The months to choose from, the latest first.
export function monthsUpTo(today, count) {
  const [year, month] = today.split("-").map(Number);
  return Array.from({ length: count }, (_, n) => new Date(Date.UTC(year, month - 1 - n, 1)).toISOString().slice(0, 7));
}

export function narrows(filters) {
  return NARROWING.filter((name) => filters[name]);
}
