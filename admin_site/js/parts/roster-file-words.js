// What a roster's file would write, in words: what is asked, what is refused, what changes.

import { monthWord } from "./figures-words.js";
import { currentLanguage, t, tn } from "./i18n.js";
import { fold } from "./sheet-rows.js";
import { refusalWords } from "./sheet-words.js";

export const SKIP = "-";
// domain/rosters/reading.py
const ANOTHER = "~";

const REFUSED = {
  no_days: () => t("No row names the days. A roster has the days 1 to 31 across, or a column with the date: take the month's file out here and fill that in."),
  no_names: () => t("No column is headed Nama (or Name): write that over the names, and bring the file again."),
  two_months: () => t("The days go over two months without saying which: write the dates in full (26-12-2026), and bring the file again."),
  weekly: () => t("A week without dates says no day. Write the date over each day, or keep the crews' cycle as a duty pattern in the master data and fill the month by it."),
};
export const ROSTER_REFUSALS = Object.keys(REFUSED);

export function wholeWord(code) {
  return (REFUSED[code] || REFUSED.no_days)();
}

const SIGNS = {
  title: ({ at }) => t("the title in {at}", { at }),
  tab: ({ at }) => t("the tab “{at}”", { at }),
  days: ({ at }) => t("the dates from {at} on", { at }),
  weekdays: ({ at }) => t("the weekdays from {at} on", { at }),
};

// What one sign of another month says: the title in A1: November 2026.
export function signWord(sign) {
  const says = sign.says ? monthWord(sign.says) : t("of no month near this one");
  return t("{where}: {says}", { where: SIGNS[sign.where](sign), says });
}

const listed = (all) => (all.length > 12 ? `${all.slice(0, 12).join(", ")} …` : all.join(", "));

export function questionWord(one, month) {
  switch (one.kind) {
    case "month":
      return t("Is this file of {month}? It says otherwise:", { month: monthWord(month) });
    case "blanks":
      return tn("{n} cell is blank in the file and filled in the draft.", "{n} cells are blank in the file and filled in the draft.", one.number);
    case "hidden_columns":
      return t("Hidden columns hold days: {columns}.", { columns: listed(one.columns) });
    case "hidden_rows":
      return t("Hidden rows hold people: {rows}.", { rows: listed(one.rows) });
    default:
      return t("Rows crossed out hold people: {rows}.", { rows: listed(one.rows) });
  }
}

// The answers that a question takes: what is kept under which name of the answers.
export function answersTo(one, month) {
  if (one.kind === "month") return [{ key: "month", word: t("Yes, it is of {month}", { month: monthWord(month) }), own: { month } }];
  if (one.kind === "blanks") return [
    { key: "clear", word: t("Empty them in the draft"), own: { blanks: "clear" } },
    { key: "keep", word: t("Keep the draft's"), own: { blanks: "keep" } },
  ];
  return [
    { key: "skip", word: t("Do not read"), own: { unseen: { [one.kind]: "skip" } } },
    { key: "read", word: t("Read too"), own: { unseen: { [one.kind]: "read" } } },
  ];
}

export function noAnswers() {
  return { month: null, blanks: null, words: {}, who: {}, cells: {}, unseen: {} };
}

export function withAnswer(answers, own) {
  return { ...answers, ...own, unseen: { ...answers.unseen, ...own.unseen } };
}

// The refusals as the page asks them: a word once for the whole sheet, with how many cells wait for it.
export function refusalsOf(refusals) {
  const found = new Map();
  for (const each of refusals) {
    const key = each.ask === "word" ? `word ${each.values.noun} ${fold(each.values.word)}` : `${each.at} ${each.code} ${each.written}`;
    const known = found.get(key);
    if (known) known.cells += 1;
    else found.set(key, { ...each, ...refusalWords(each), key, cells: 1, options: options(each), types: each.ask === "cell" });
  }
  return [...found.values()];
}

function options(refusal) {
  if (refusal.ask === "none") return [];
  const own = refusal.choices.map((each) => ({ key: each.value, word: choiceWord(refusal, each) }));
  if (refusal.ask === "word") own.push({ key: "''", word: refusal.values.noun === "shift-codes" ? t("nothing: a blank cell") : t("nothing: leave this word out") });
  return own;
}

function choiceWord(refusal, { value, label, detail }) {
  if (value === SKIP) return t("Leave this row out");
  if (value.endsWith(ANOTHER)) return t("Another row of the same person");
  const shown = [label || value, detail].filter(Boolean).join(" · ");
  return value === refusal.proposed ? t("{name} (proposal)", { name: shown }) : shown;
}

export function dayWord(day) {
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "id-ID", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(`${day}T00:00:00Z`));
}

// What is changed or emptied, a cell each.
export function changesOf(preview) {
  return preview.cells
    .filter((each) => each.bin !== "new")
    .map((each) => ({ key: `${each.row} ${each.day}`, name: preview.names[each.person_id], day: dayWord(each.day), was: each.was, now: each.now || t("blank") }));
}

// As much as one save takes (handlers/bodies/duty.py): rows that are new stand in the first that names them.
export function portionsOf(preview, most = 4000, rows = 1000) {
  const cells = preview.cells.map(({ row, day, was, now }) => ({ row, day, was, now }));
  const found = [];
  for (let n = 0; n < preview.add.length; n += rows) found.push({ add: preview.add.slice(n, n + rows), cells: [] });
  if (found.length === 0) found.push({ add: [], cells: [] });
  let last = found.at(-1);
  for (let n = 0; n < cells.length; n += most) {
    if (last.cells.length) found.push((last = { add: [], cells: [] }));
    last.cells = cells.slice(n, n + most);
  }
  return found.filter((each) => each.add.length || each.cells.length);
}

const TONES = { new: "k-sheets-now", changed: "k-sheets-was-changed", cleared: "k-sheets-was-changed" };

// The file's rows as they looked, each cell coloured by what becomes of it.
export function gridOf(preview, letter, most) {
  const tones = new Map(preview.cells.map((each) => [each.at, TONES[each.bin]]));
  for (const each of preview.refusals) tones.set(each.at, "k-sheets-bad");
  const left = new Set(preview.left.map((each) => each.row));
  const width = Math.max(0, ...preview.rows.map((each) => each.length));
  return preview.rows.slice(0, most).map((texts, n) => ({
    row: n + 1,
    tone: left.has(n + 1) ? "k-sheets-out" : "",
    cells: Array.from({ length: width }, (_, index) => {
      const at = `${letter(index)}${n + 1}`;
      // What is merged over a whole row is shown once.
      const again = index > 0 && texts[index] === texts[0] && texts.every((each) => each === texts[0]);
      return { key: at, text: again ? "" : (texts[index] ?? ""), tone: tones.get(at) || "" };
    }),
  }));
}
