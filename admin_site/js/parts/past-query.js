// What the page of what is over is asked for: it stands in the address, but for a caller's number, which no address may hold.

export const DAYS_MOST = 31;
export const SPANS = [1, 7, DAYS_MOST];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 24 * 3600 * 1000;
// No code has more than four digits, and no house a longer number; a caller's has seven and more.
const NUMBER_DIGITS = 6;

// {to, days, text, type, agency, tab, which} of an address' query; what makes no sense is as if it were not there.
export function readQuery(search, today) {
  const given = new URLSearchParams(search);
  const to = given.get("to") || "";
  const days = Number(given.get("days"));
  return {
    to: isDay(to) && to <= today ? to : today,
    days: Number.isInteger(days) && days >= 1 && days <= DAYS_MOST ? days : 1,
    text: looksLikeNumber(given.get("q")) ? "" : given.get("q") || "",
    type: given.get("type") || "",
    agency: given.get("agency") || "",
    tab: given.get("tab") === "calls" ? "calls" : "incidents",
    which: given.get("which") === "all" ? "all" : "ring_back",
  };
}

// The query of an address for these filters, "" for those of the page as it opens.
export function writeQuery(filters, today) {
  const said = new URLSearchParams();
  if (filters.to !== today) said.set("to", filters.to);
  if (filters.days !== 1) said.set("days", String(filters.days));
  if (filters.text.trim() && !looksLikeNumber(filters.text)) said.set("q", filters.text.trim());
  for (const name of ["type", "agency"]) if (filters[name]) said.set(name, filters[name]);
  if (filters.tab === "calls") said.set("tab", "calls");
  if (filters.tab === "calls" && filters.which === "all") said.set("which", "all");
  const text = said.toString();
  return text && `?${text}`;
}

// Whether a text has the digits of a telephone number in a row, however they are parted.
export function looksLikeNumber(text) {
  return (String(text || "").match(/\d(?:[\s().+\-/]*\d)*/g) || []).some((run) => run.replace(/\D/g, "").length >= NUMBER_DIGITS);
}

export function isDay(text) {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().slice(0, 10) === text;
}

export function shiftDay(day, days) {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

export function firstDay({ to, days }) {
  return shiftDay(to, 1 - days);
}

// The address to ask for these filters' incidents or calls, further on from `after`.
export function askedAddress(filters, after) {
  const asked = new URLSearchParams({ from: firstDay(filters), to: filters.to });
  if (filters.tab === "calls") {
    asked.set("which", filters.which);
  } else {
    if (filters.text.trim() && !looksLikeNumber(filters.text)) asked.set("text", filters.text.trim());
    for (const name of ["type", "agency"]) if (filters[name]) asked.set(name, filters[name]);
  }
  if (after) asked.set("after", after);
  return `/api/past/${filters.tab}?${asked}`;
}

export function narrowed(filters) {
  return Boolean(filters.text.trim() || filters.type || filters.agency);
}
