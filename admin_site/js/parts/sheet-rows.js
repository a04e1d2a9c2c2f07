// A sheet's preview as the page shows it, and what was clarified about it.

import { label, t } from "./i18n.js";
import { refusalWords } from "./sheet-words.js";

export const NEW = "+";
export const SKIP = "-";
// The list of certificates' own day for those that hold for life.
const FOR_LIFE = "2099-12-31";
const TONES = { n: "k-sheets-new", c: "k-sheets-was-changed", s: "k-sheets-same", r: "k-sheets-row-bad" };

export function noClarifications() {
  return { head: null, columns: {}, for_all: {}, words: {}, who: {}, cells: {}, rows: {}, unseen: {} };
}

// A column's letter, counted from 0: A, B, … Z, AA.
export function letter(index) {
  let found = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) found = String.fromCharCode(65 + ((rest - 1) % 26)) + found;
  return found;
}

// 081234567890 for +6281234567890, as people know their own number.
export function spoken(phone) {
  return phone.startsWith("+62") ? `0${phone.slice(3)}` : phone;
}

// The refusals as the page asks them: a word once for the whole sheet, with how many rows wait for it.
export function asked(refusals, titleOf) {
  const found = new Map();
  for (const each of refusals) {
    const key = each.ask === "word" ? `word ${each.values.noun} ${fold(each.values.word)}` : `${each.row} ${each.at} ${each.code}`;
    const known = found.get(key);
    if (known) {
      known.rows += 1;
      continue;
    }
    found.set(key, { ...each, ...refusalWords(each), key, rows: 1, title: titleOf(each.field), options: options(each), types: each.ask === "cell" && Boolean(each.at) });
  }
  return [...found.values()];
}

function options(refusal) {
  const own = refusal.choices.map((each) => ({ key: each.value, word: choiceWord(refusal, each) }));
  if (refusal.ask === "word") own.push({ key: "", word: t("nothing: leave this word out") });
  else if (!refusal.choices.some((each) => each.value === SKIP)) own.push({ key: SKIP, word: t("Leave this row out") });
  // A choice of nothing must be told apart from no choice.
  return own.map((each) => ({ ...each, key: each.key || "''" }));
}

function choiceWord(refusal, { value, label: name, detail }) {
  if (value === NEW) return t("Somebody new");
  if (value === SKIP) return t("Leave this row out");
  const shown = [name || spoken(value), detail && spoken(detail)].filter(Boolean).join(" · ");
  return value === refusal.proposed ? t("{name} (proposal)", { name: shown }) : shown;
}

// Alpine's proxies cannot be cloned.
function copyOf(clarified) {
  return JSON.parse(JSON.stringify(clarified));
}

// What is clarified, with one more, from what was chosen at a refusal.
export function clarifiedBy(clarified, refusal, chosen) {
  const value = chosen === "''" ? "" : chosen;
  const next = copyOf(clarified);
  if (value === SKIP || refusal.ask === "who") next.who[refusal.row] = value;
  else if (refusal.ask === "word") next.words[refusal.values.noun] = { ...next.words[refusal.values.noun], [fold(refusal.values.word)]: value };
  else next.cells[refusal.at] = value;
  return next;
}

// As the server compares words (domain/sheets/cells.py): case, blanks and underscores make no difference.
export function fold(word) {
  return word.normalize("NFKC").replaceAll("_", " ").toLowerCase().split(/\s+/u).filter(Boolean).join(" ").replace(/[ :*]+$/u, "");
}

const UNSEEN = { hidden_rows: () => t("hidden rows"), struck_rows: () => t("rows crossed out"), gone_rows: () => t("rows of people gone"), hidden_columns: () => t("hidden columns") };

// What was put right here, each to be taken back.
export function repairsOf(clarified) {
  const who = { [NEW]: t("somebody new"), [SKIP]: t("row left out") };
  return [
    ...Object.entries(clarified.cells).map(([at, text]) => ({ kind: "cells", key: `cells ${at}`, name: at, at, word: text })),
    ...Object.entries(clarified.who).map(([row, id]) => ({ kind: "who", key: `who ${row}`, name: row, at: t("row {row}", { row }), word: who[id] || t("the one that was chosen") })),
    ...Object.entries(clarified.rows).map(([row]) => ({ kind: "rows", key: `rows ${row}`, name: row, at: t("row {row}", { row }), word: t("read as data") })),
    ...Object.entries(clarified.unseen).map(([what, word]) => ({ kind: "unseen", key: `unseen ${what}`, name: what, at: UNSEEN[what](), word: word === "read" ? t("read") : t("left out") })),
    ...Object.entries(clarified.words).flatMap(([noun, words]) =>
      Object.keys(words).map((word) => ({ kind: "words", key: `words ${noun} ${word}`, name: word, noun, at: `“${word}”`, word: t("stands for what was chosen") })),
    ),
  ];
}

export function without(clarified, repair) {
  const next = copyOf(clarified);
  if (repair.kind === "words") delete next.words[repair.noun][repair.name];
  else delete next[repair.kind][repair.name];
  return next;
}

// A changed field before and after, in words.
export function changesOf(row, titleOf, names) {
  return row.changes.flatMap((each) => {
    if (each.field === "certifications" && Array.isArray(each.after)) return certificates(each, titleOf, row.row);
    return [{ key: `${row.row} ${each.field}`, title: titleOf(each.field), before: value(each.field, each.before, names), after: value(each.field, each.after, names) }];
  });
}

function certificates(change, titleOf, row) {
  const days = (list) => Object.fromEntries(list.map((each) => [each.certification_id, each.expires_on]));
  const before = days(change.before);
  const after = days(change.after);
  return Object.keys(after)
    .filter((id) => before[id] !== after[id])
    .map((id) => ({ key: `${row} ${id}`, title: titleOf(`certifications:${id}`), before: day(before[id]), after: day(after[id]) }));
}

function day(on) {
  if (!on) return t("none");
  return on === FOR_LIFE ? t("for life") : on;
}

function value(field, given, names) {
  if (given === "" || given === null) return t("none");
  if (field === "phone") return spoken(given);
  if (Array.isArray(given)) return given.map((each) => (typeof each === "object" ? JSON.stringify(each) : names(each))).join(", ") || t("none");
  if (typeof given === "object") return given.id && given.en ? label(given) : JSON.stringify(given);
  return field.endsWith("_id") ? names(given) : String(given);
}

export function titles(columns) {
  const found = Object.fromEntries(columns.map((each) => [each.field, label(each.title)]));
  return (field) => found[field] || field;
}

// The sheet's rows as they looked, coloured by what becomes of them.
export function gridOf(rows, preview, cells, most) {
  const refused = new Set(preview.refusals.map((each) => each.at));
  const changed = new Set();
  const place = Object.fromEntries(preview.columns.map((each) => [each.field, each.place]));
  for (const row of preview.changed) for (const each of row.changes) if (place[each.field] != null) changed.add(`${letter(place[each.field])}${row.row}`);
  const width = Math.max(0, ...rows.map((each) => each.length));
  return rows.slice(0, most).map((texts, n) => {
    const row = n + 1;
    const bin = preview.bins[n];
    return {
      row,
      tone: TONES[bin] || "k-sheets-out",
      cells: Array.from({ length: width }, (_, index) => {
        const at = `${letter(index)}${row}`;
        const tone = refused.has(at) ? "k-sheets-bad" : changed.has(at) ? "k-sheets-was-changed" : "";
        return { key: at, text: cells[at] ?? texts[index] ?? "", tone };
      }),
    };
  });
}

// The text of a file that was chosen, whichever way it was encoded; {text, note}, {refused}, or {workbook} for what is no text.
export function textOf(bytes) {
  const start = [...bytes.slice(0, 4)];
  const begins = (...those) => those.every((each, n) => start[n] === each);
  // A zip, as each workbook is, or what older Excel and a password make of one: what it is, not what it is called.
  if (begins(0x50, 0x4b) || begins(0xd0, 0xcf)) return { workbook: true };
  if (begins(0x25, 0x50)) return { refused: t("A PDF holds no table: copy it from the spreadsheet that it was printed from.") };
  if (begins(0xff, 0xfe)) return { text: new TextDecoder("utf-16le").decode(bytes), note: "" };
  if (begins(0xfe, 0xff)) return { text: new TextDecoder("utf-16be").decode(bytes), note: "" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), note: "" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), note: t("Read as Windows-1252, as Excel writes CSV: look whether names are right.") };
  }
}

// UTF-16 with tabs, which Excel opens in columns and with every letter, whatever its language.
export function fileOf(text) {
  const units = new Uint16Array(text.length + 1);
  units[0] = 0xfeff;
  for (let n = 0; n < text.length; n += 1) units[n + 1] = text.charCodeAt(n);
  return new Blob([units], { type: "text/csv" });
}

