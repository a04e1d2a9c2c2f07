// A month sheet as its page shows it: its lines, what stands in each cell and by what, what must be said at it, what it amounts to.

import { cellOf, dayOf, textsOf, textOf, weekdayOf } from "./roster-cells.js";
import { amountOf, dutiesOf, hoursOf, marksOf, median } from "./roster-marks.js";
import { byCrew, patternOfDay, patternText } from "./roster-rows.js";

const NO_AMOUNT = { minutes: 0, nights: 0, off: 0 };

// `known`: {agency_id, today, people, crews, codes, patterns, holidays, restHours}, `draft` (roster-draft.js), `load` by person or null.
export function createSheet({ month, draft, published, known, load = null }) {
  const { days } = draft;
  const people = new Map(known.people.map((person) => [person.id, person]));
  const codes = new Map(known.codes.map((code) => [code.code, code]));
  const holidays = new Map(known.holidays.map((each) => [each.day, each.label]));
  const shown = new Map((published?.rows || []).map((row) => [row.id, { ...row, texts: textsOf(row.cells, days) }]));
  const dates = Array.from({ length: days }, (_, column) => dayOf(month, column));
  const begun = dates.map((day) => day <= known.today);
  const covered = dates.map((day) => Boolean(published) && day >= published.first_day);
  const isOff = (column) => [0, 6].includes(weekdayOf(dates[column])) || holidays.has(dates[column]);
  const patterns = dates.map(() => null);
  const hours = (code) => hoursOf(codes.get(code));
  let lines = [];
  let sections = [];
  let ofPerson = new Map();
  let told = new Map(); // person → {marks, amount}

  const name = (id) => people.get(id)?.name || id;
  const isElsewhere = (id) => people.get(id)?.agency_id !== known.agency_id || Boolean(people.get(id)?.retired);

  function arrange() {
    // Whoever was taken out of the draft still has duty by what is published.
    const gone = [...shown.values()].filter((row) => !draft.row(row.id) && row.texts.some(Boolean)).map((row) => ({ ...row, gone: true }));
    sections = byCrew([...draft.rows(), ...gone], known.crews, name);
    lines = sections.flatMap((section) => section.rows);
    ofPerson = new Map();
    lines.forEach((line, at) => ofPerson.set(line.person_id, [...(ofPerson.get(line.person_id) || []), at]));
    told = new Map();
  }
  function pattern(line, column) {
    patterns[column] ||= patternOfDay(dates[column], known);
    const own = patterns[column].get(line.person_id);
    // Who stands in several rows is in the pattern once.
    return own && lines[ofPerson.get(line.person_id)[0]] === line ? patternText(line, own, hours) : "";
  }
  // What is published of a cell, as it would be written in this row.
  function publishedText(line, column) {
    const row = shown.get(line.id);
    if (!row || !covered[column]) return "";
    const text = row.texts[column];
    return text ? textOf(cellOf(text, row.unit_id ?? null), line.unit_id ?? null) : "";
  }
  // {text, by}: what has begun stands as it was published, or as patterns had it; else what is written, or what counts meanwhile.
  function standing(at, column) {
    const line = lines[at];
    if (line.gone || begun[column]) {
      if (covered[column]) return { text: publishedText(line, column), by: line.gone && !begun[column] ? "gone" : "published" };
      return { text: line.gone ? "" : pattern(line, column), by: "pattern" };
    }
    const text = draft.text(line.id, column);
    if (text || covered[column]) return { text, by: "draft" };
    return { text: pattern(line, column), by: "pattern" };
  }
  // What counts for hours and rest: what is written, and of days that have begun what stood then.
  function counted(line, at) {
    return { ...line, texts: dates.map((_, column) => (line.gone && !begun[column] ? "" : begun[column] ? standing(at, column).text : draft.text(line.id, column))) };
  }
  function ofOne(person) {
    if (!told.has(person)) {
      const own = (ofPerson.get(person) || []).map((at) => counted(lines[at], at));
      const before = load?.people.get(person);
      const marks = marksOf(own, known.codes, { month, restHours: known.restHours, certificates: people.get(person)?.certifications || [], endedBefore: before?.ended_before ?? null });
      told.set(person, { marks, amount: amountOf(dutiesOf(own, known.codes), isOff) });
    }
    return told.get(person);
  }
  function marksAt(at, column) {
    const line = lines[at];
    if (line.gone || begun[column]) return [];
    const text = draft.text(line.id, column);
    const marks = [...(ofOne(line.person_id).marks.get(`${line.id} ${column}`) || [])];
    if (text && isElsewhere(line.person_id)) marks.unshift({ kind: "elsewhere" });
    if (text && !codes.has(cellOf(text, null).code)) marks.unshift({ kind: "unknown" });
    return marks;
  }
  function differs(at, column) {
    const line = lines[at];
    if (begun[column] || !published) return false;
    if (line.gone) return publishedText(line, column) !== "";
    return draft.text(line.id, column) !== publishedText(line, column);
  }
  function amounts(person) {
    const now = ofOne(person).amount;
    const past = load?.people.get(person) || NO_AMOUNT;
    return { month: now, whole: load ? { minutes: past.minutes + now.minutes, nights: past.nights + now.nights, off: past.off + now.off } : null };
  }

  arrange();
  return {
    month, days, dates, draft, published, isOff, isElsewhere, name, standing, marksAt, differs, publishedText,
    arrange,
    person: (id) => people.get(id),
    code: (code) => codes.get(code),
    holiday: (column) => holidays.get(dates[column]),
    begun: (column) => begun[column],
    covered: (column) => covered[column],
    pattern: (line, column) => pattern(line, column),
    get lines() {
      return lines;
    },
    get sections() {
      return sections;
    },
    line: (at) => lines[at],
    // Whether a cell may be written: what has begun is changed by nobody.
    open: (at, column) => !lines[at].gone && !begun[column],
    // What changes with a person's cells: all of the person's lines.
    changed(ats) {
      const found = new Set();
      for (const at of ats) {
        const person = lines[at].person_id;
        told.delete(person);
        for (const each of ofPerson.get(person)) found.add(each);
      }
      return [...found];
    },
    isSecond: (at) => ofPerson.get(lines[at].person_id)[0] !== at,
    amounts: (at) => amounts(lines[at].person_id),
    // Of whom there are several rows the first says it.
    saysAmount: (at) => ofPerson.get(lines[at].person_id)[0] === at,
    medians() {
      const all = [...ofPerson.keys()].map(amounts);
      const middle = (part, what) => median(all.map((each) => each[part]?.[what]).filter((each) => each !== undefined));
      return Object.fromEntries(["month", "whole"].map((part) => [part, { minutes: middle(part, "minutes"), nights: middle(part, "nights"), off: middle(part, "off") }]));
    },
    // Every cell at which something must be said, in the order of the sheet; what is not known may not be published comes along.
    problems() {
      const found = [];
      lines.forEach((line, at) => {
        for (let column = 0; column < days; column += 1) if (draft.conflict(line.id, column) !== undefined || marksAt(at, column).length) found.push([at, column]);
      });
      return found;
    },
    unpublished() {
      let count = 0;
      lines.forEach((_, at) => {
        for (let column = 0; column < days; column += 1) if (differs(at, column)) count += 1;
      });
      return count;
    },
  };
}
