// A month sheet in words.

import { currentLanguage, decimal, t, tn } from "./i18n.js";
import { cellOf, dayOf, weekdayOf } from "./roster-cells.js";
import { clock, shortDay } from "./time.js";

const letters = () => [t("Su"), t("Mo"), t("Tu"), t("We"), t("Th"), t("Fr"), t("Sa")];

function dated(day, parts) {
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "id-ID", { timeZone: "UTC", ...parts }).format(Date.parse(`${day}T00:00:00Z`));
}

export const weekdayLetters = (day) => letters()[weekdayOf(day)];
// "Rabu, 23 Desember"
export const dayWord = (day) => dated(day, { weekday: "long", day: "numeric", month: "long" });
// "Rab, 23 Des"
export const shortDayWord = (day) => dated(day, { weekday: "short", day: "numeric", month: "short" });
export const monthOnly = (month) => dated(`${month}-15`, { month: "long" });
export const monthShort = (month) => dated(`${month}-15`, { month: "short" });

// "27 Nov 2026, 15.42"
export function atWord(instant) {
  return `${shortDay(instant)}, ${clock(instant).slice(0, 5).replace(":", currentLanguage() === "en" ? ":" : ".")}`;
}

export function hoursWord(code) {
  if (!code?.starts) return "";
  const span = `${code.starts}–${code.ends}`;
  return currentLanguage() === "en" ? span : span.replaceAll(":", ".");
}

// "M malam 19.00–07.00, at home on call"
export function codeWord(code, text) {
  if (!code) return text;
  const more = [hoursWord(code), code.readiness === "on_call" && code.starts ? t("at home on call") : "", code.turn === "backup" && code.starts ? t("backup") : ""].filter(Boolean);
  return [`${code.code} ${code.name}`, ...more].join(", ");
}

// What a cell says as a person hears it: the code, and the place where it is another than the row's.
export function cellWord(text, row, names) {
  if (!text) return t("blank");
  const { code, unit_id: unit } = cellOf(text, row.unit_id);
  const place = unit === row.unit_id ? "" : t("at {place}", { place: unit ? names.unit(unit) : t("the agency's pool") });
  return [codeWord(names.code(code), code), place].filter(Boolean).join(", ");
}

export function markWord(mark, names) {
  switch (mark.kind) {
    case "double": return t("Double duty: this person stands in another row at the same time, and counts once.");
    case "rest": return t("Only {n} hours of rest before it; {least} are wanted.", { n: mark.hours, least: names.restHours });
    case "certificate": return t("A certificate has ended by then: {names}.", { names: mark.certificates.map((each) => `${names.certification(each.certification_id)} (${shortDayWord(each.expires_on)})`).join(", ") });
    case "elsewhere": return t("Of another agency, or no longer here: this cannot be published.");
    case "unknown": return t("This code is not known any more.");
    default: return mark.kind;
  }
}

export const MARK_SIGNS = { double: "×2", rest: "z", certificate: "!", elsewhere: "?", unknown: "?" };

// 252, or 7,5 of half hours
export function hourCount(minutes) {
  const hours = minutes / 60;
  return Number.isInteger(hours) ? String(hours) : decimal(hours);
}

export function refusedWord({ fault, word }, codes) {
  const known = codes.map((each) => each.code).join(" ");
  if (fault === "code") return t("“{word}” is no code here. Known are: {codes}.", { word, codes: known || "–" });
  return t("“{word}” is no unit of this agency.", { word });
}

export function changeWord(change) {
  if (change.change === "published") return t("published from {day} on", { day: shortDayWord(change.first_day) });
  if (!change.edits) return t("written; what it was is erased");
  const { add = [], cells = [], drop = [] } = change.edits;
  const parts = [
    cells.length && tn("{n} cell", "{n} cells", cells.length),
    add.length && tn("{n} row added", "{n} rows added", add.length),
    drop.length && tn("{n} row taken out", "{n} rows taken out", drop.length),
  ];
  return parts.filter(Boolean).join(", ");
}

export const dayNumberOf = (month, column) => dayWord(dayOf(month, column));
