import assert from "node:assert/strict";
import { test } from "node:test";

import { answersTo, gridOf, noAnswers, portionsOf, refusalsOf, withAnswer } from "../js/parts/roster-file-words.js";
import { letter } from "../js/parts/sheet-rows.js";

const cell = (row, day, now, more = {}) => ({ row, person_id: row, day: `2026-12-${String(day).padStart(2, "0")}`, was: "", now, at: `B${day}`, bin: "new", ...more });
const refusal = (at, word, more = {}) => ({ row: 2, at, field: "code", written: word, code: "word_unknown", ask: "word", values: { noun: "shift-codes", word }, choices: [{ value: "P", label: "P · Pagi", detail: "" }], proposed: "", ...more });

test("what is more than one save takes goes in portions, its rows first", () => {
  const preview = { add: [{ id: "a" }, { id: "b" }, { id: "c" }], cells: [cell("a", 1, "P"), cell("b", 1, "P"), cell("c", 1, "P")] };
  const portions = portionsOf(preview, 2, 2);
  assert.deepEqual(portions.map((each) => [each.add.map((row) => row.id), each.cells.map((one) => one.row)]), [
    [["a", "b"], []],
    [["c"], ["a", "b"]],
    [[], ["c"]],
  ]);
  assert.deepEqual(Object.keys(portions[1].cells[0]), ["row", "day", "was", "now"]);
  assert.deepEqual(portionsOf({ add: [], cells: [] }), []);
});

test("an unknown code is asked once, whatever its case, and may stand for a blank cell", () => {
  const [one, ...more] = refusalsOf([refusal("B2", "X"), refusal("C2", " x "), refusal("D2", "X")]);
  assert.deepEqual(more, []);
  assert.equal(one.cells, 3);
  assert.deepEqual(one.options.map((each) => each.key), ["P", "''"]);
  assert.equal(one.types, false);
});

test("a cell of two codes is chosen or typed, and a day that is none is only told", () => {
  const [two, none] = refusalsOf([refusal("B2", "P/M", { code: "two_codes", ask: "cell" }), refusal("AF2", "P", { code: "no_such_day", ask: "none", choices: [] })]);
  assert.deepEqual([two.types, two.options.length], [true, 1]);
  assert.deepEqual([none.types, none.options], [false, []]);
});

test("an answer is kept beside those before it", () => {
  const [keep] = answersTo({ kind: "blanks", number: 2 }, "2026-12").slice(1);
  const [skip] = answersTo({ kind: "hidden_rows", rows: [3] }, "2026-12");
  const answers = withAnswer(withAnswer(noAnswers(), keep.own), skip.own);
  assert.deepEqual([answers.blanks, answers.unseen], ["keep", { hidden_rows: "skip" }]);
});

test("the file's cells are coloured by what becomes of them", () => {
  const rows = gridOf({ rows: [["Nama", "1"], ["Citra", "X"]], cells: [cell("citra", 1, "P", { at: "A2", bin: "changed" })], refusals: [refusal("B2", "X")], left: [{ row: 1, text: "Nama" }] }, letter, 10);
  assert.deepEqual(rows.map((each) => [each.tone, each.cells.map((one) => one.tone)]), [
    ["k-sheets-out", ["", ""]],
    ["", ["k-sheets-was-changed", "k-sheets-bad"]],
  ]);
});
