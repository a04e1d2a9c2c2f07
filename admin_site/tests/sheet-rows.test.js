import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, changesOf, clarifiedBy, fileOf, fold, gridOf, letter, noClarifications, repairsOf, textOf, titles, without } from "../js/parts/sheet-rows.js";

const word = (row, said) => ({ row, at: `D${row}`, field: "certifications", label: "", written: said, code: "word_unknown", ask: "word", values: { word: said, noun: "certifications" }, choices: [{ value: "water_rescue", label: "SAR air", detail: "" }], proposed: "" });
const who = { row: 4, at: "B4", field: "name", label: "Andi", written: "Andi", code: "who_same_name", ask: "who", values: { names: "Andi S" }, choices: [{ value: "p1", label: "Andi S", detail: "+6281234567890" }, { value: "+", label: "", detail: "" }, { value: "-", label: "", detail: "" }], proposed: "p1" };
const cell = { row: 5, at: "C5", field: "phone", label: "Budi", written: "8,12E+10", code: "phone_rounded", ask: "cell", values: {}, choices: [], proposed: "" };

test("a word is asked once for the whole sheet, however it is written", () => {
  const [one, ...rest] = asked([word(2, "SAR"), word(3, "sar "), word(9, "Sar")], (field) => field);
  assert.deepEqual([one.rows, rest.length, one.types], [3, 0, false]);
  assert.deepEqual(one.options.map((each) => each.key), ["water_rescue", "''"]);
});

test("who a row is about offers each with the phone, somebody new, and to leave it out", () => {
  const [one] = asked([who], (field) => field);
  assert.deepEqual(one.options.map((each) => each.word), ["Andi S · 081234567890 (proposal)", "Somebody new", "Leave this row out"]);
  assert.deepEqual(asked([cell], (field) => field)[0].options.map((each) => each.key), ["-"]);
});

test("a clarification goes where it was asked for, and can be taken back", () => {
  let clarified = noClarifications();
  clarified = clarifiedBy(clarified, cell, "081234567890");
  clarified = clarifiedBy(clarified, who, "p1");
  clarified = clarifiedBy(clarified, word(2, "SAR "), "''");
  clarified = clarifiedBy(clarified, { ...cell, row: 6, at: "C6" }, "-");
  assert.deepEqual([clarified.cells, clarified.who, clarified.words], [{ C5: "081234567890" }, { 4: "p1", 6: "-" }, { certifications: { sar: "" } }]);
  const repairs = repairsOf(clarified);
  assert.equal(repairs.length, 4);
  for (const each of repairs) clarified = without(clarified, each);
  assert.deepEqual({ ...clarified, words: {} }, noClarifications());
  assert.deepEqual(clarified.words, { certifications: {} });
});

test("letters, folded words", () => {
  assert.deepEqual([0, 25, 26, 701, 702].map(letter), ["A", "Z", "AA", "ZZ", "AAA"]);
  assert.equal(fold(" SAR_Air:  "), "sar air");
});

test("what changes is told before and after, of certificates only those that do", () => {
  const title = titles([{ field: "certifications:bls", title: { id: "BLS", en: "BLS" } }]);
  const held = (bls) => [{ certification_id: "sar", expires_on: "2027-01-01" }, ...(bls ? [{ certification_id: "bls", expires_on: bls }] : [])];
  const row = { row: 3, changes: [{ field: "phone", before: "+62812", after: "+62813" }, { field: "certifications", before: held(), after: held("2099-12-31") }] };
  assert.deepEqual(
    changesOf(row, title, (id) => id).map(({ title: name, before, after }) => [name, before, after]),
    [["phone", "0812", "0813"], ["BLS", "none", "for life"]],
  );
});

test("the sheet looks as it did, its cells coloured by what becomes of them", () => {
  const preview = { bins: "tnr", refusals: [{ at: "B3" }], changed: [], columns: [{ field: "name", place: 0 }] };
  const rows = gridOf([["Nama", "HP"], ["Andi", "0812"], ["Budi"]], preview, { B3: "0813" }, 10);
  assert.deepEqual(rows.map((each) => each.tone), ["k-sheets-out", "k-sheets-new", "k-sheets-row-bad"]);
  assert.deepEqual(rows[2].cells.map((each) => [each.text, each.tone]), [["Budi", ""], ["0813", "k-sheets-bad"]]);
});

test("a file is read however it was encoded, and what cannot be read says what to do", async () => {
  const bytes = new Uint8Array(await fileOf("Nama\tÉ").arrayBuffer());
  assert.equal(textOf(bytes).text, "Nama\tÉ");
  assert.equal(textOf(new TextEncoder().encode("Nama;É")).text, "Nama;É");
  const old = textOf(Uint8Array.of(0x4e, 0xc9));
  assert.deepEqual([old.text, Boolean(old.note)], ["NÉ", true]);
  for (const start of [[0x50, 0x4b, 3, 4], [0xd0, 0xcf, 0x11, 0xe0]]) assert.deepEqual(textOf(Uint8Array.from(start)), { workbook: true });
  assert.ok(textOf(Uint8Array.from([0x25, 0x50, 0x44, 0x46])).refused);
});
