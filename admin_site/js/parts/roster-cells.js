// What stands in a cell of a month sheet: `code`, `code@unit` where it is not the row's place, `code@` for the pool, "" for nothing.

import { fold } from "./spelling.js";

const AT = "@";

// {code, unit_id} of a cell in a row of a unit; unit_id null: the pool.
export function cellOf(text, rowUnit) {
  const [code, unit] = text.split(AT);
  return { code, unit_id: unit === undefined ? rowUnit : unit || null };
}

export function textOf({ code, unit_id: unit }, rowUnit) {
  return !code || unit === rowUnit ? code : `${code}${AT}${unit || ""}`;
}

const tight = (text) => fold(text).replace(/[\s._-]+/gu, "");

// A reader of what people write into cells: case and blanks are forgiven, I is never 1 nor l. `codes` and `units` are the agency's.
// It gives {text} as a cell holds it, or {fault, word}.
export function cellReader(codes, units) {
  const known = new Set(codes.map((each) => each.code));
  const places = new Map(units.flatMap((unit) => [[tight(unit.callsign), unit.id], [tight(unit.id), unit.id]]));
  return (written, rowUnit) => {
    const [first, ...rest] = String(written).normalize("NFKC").split(AT);
    const code = first.replace(/[\s\u200b\u00a0]+/gu, "").toUpperCase();
    if (!code && !rest.length) return { text: "" };
    if (!known.has(code)) return { fault: "code", word: String(written).trim() };
    if (!rest.length) return { text: code };
    const named = rest.join(AT).trim();
    const unit = named ? places.get(tight(named)) : null;
    if (unit === undefined) return { fault: "unit", word: named };
    return { text: textOf({ code, unit_id: unit }, rowUnit) };
  };
}

export function textsOf(cells, days) {
  const found = cells.split(",").slice(0, days);
  return [...found, ...Array(days - found.length).fill("")];
}

export function cellsText(texts) {
  return texts.join(",").replace(/,+$/, "");
}

export function daysOf(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

export function dayOf(month, column) {
  return `${month}-${String(column + 1).padStart(2, "0")}`;
}

export function shiftedDay(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
}

export function shiftedMonth(month, months) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

// 0 Sunday … 6 Saturday
export function weekdayOf(day) {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}
