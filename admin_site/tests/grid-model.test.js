import assert from "node:assert/strict";
import { test } from "node:test";
import { all, cellsOf, createHistory, moved, placed, readTsv, repeated, standing, stretched, writeTsv } from "../js/parts/grid-model.js";

const size = { rows: 24, columns: 31 };

test("the arrows go from cell to cell and stop at the edge", () => {
  let at = standing(0, 0);
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"]) at = moved(at, size, { key });
  assert.deepEqual(at, standing(0, 2));
  assert.equal(moved(at, size, { key: "x" }), null);
});

test("Home and End go along the row, with Ctrl to the corners of the sheet", () => {
  const at = standing(3, 7);
  assert.deepEqual(moved(at, size, { key: "Home" }), standing(3, 0));
  assert.deepEqual(moved(at, size, { key: "End" }), standing(3, 30));
  assert.deepEqual(moved(at, size, { key: "Home", ctrl: true }), standing(0, 0));
  assert.deepEqual(moved(at, size, { key: "End", ctrl: true }), standing(23, 30));
  assert.deepEqual(moved(at, size, { key: "ArrowDown", ctrl: true }), standing(23, 7));
});

test("Shift moves the other corner, and whoever goes on without it has selected nothing", () => {
  let at = moved(standing(2, 2), size, { key: "ArrowDown", shift: true });
  at = moved(at, size, { key: "ArrowRight", shift: true });
  assert.deepEqual(at, { row: 2, column: 2, toRow: 3, toColumn: 3 });
  assert.deepEqual(cellsOf(at), [[2, 2], [2, 3], [3, 2], [3, 3]]);
  assert.deepEqual(moved(at, size, { key: "ArrowLeft" }), standing(2, 1));
  assert.equal(cellsOf(all(size)).length, 24 * 31);
});

test("what Excel puts into the clipboard is read as it stood there", () => {
  assert.deepEqual(readTsv("P\tM\r\nL\t\r\n"), [["P", "M"], ["L", ""]]);
  assert.deepEqual(readTsv('"two\nlines"\t"say ""hi"""\n'), [["two\nlines", 'say "hi"']]);
  assert.deepEqual(readTsv("P"), [["P"]]);
  assert.deepEqual(readTsv("\t\n"), [["", ""]]);
  assert.deepEqual(readTsv('5" pipe\tP\n"open\tM'), [['5" pipe', "P"], ['"open', "M"]]);
  assert.deepEqual(readTsv(""), []);
});

test("what is copied is read back the same", () => {
  const rows = [["P", 'a "b"', "x\ty"], ["", "two\nlines", "M"]];
  assert.deepEqual(readTsv(writeTsv(rows)), rows);
});

test("a block goes where somebody stands, and what finds no place there is counted", () => {
  const { cells, outside } = placed(standing(23, 30), [["P", "M"], ["L", " "]], size);
  assert.deepEqual(cells, [{ row: 23, column: 30, text: "P" }]);
  assert.equal(outside, 2);
});

test("one text fills all that is selected, and a block is repeated where it fits several times", () => {
  const selected = { row: 1, column: 0, toRow: 0, toColumn: 3 };
  assert.deepEqual(placed(selected, [["P"]], size).cells.map((each) => each.text).join(""), "PPPPPPPP");
  assert.deepEqual(placed(selected, [["P", "M"]], size).cells.map((each) => each.text).join(""), "PMPMPMPM");
  assert.equal(placed(selected, [["P", "M", "L"]], size).cells.length, 3);
});

test("rows of a clipboard that are shorter than others are blank at their end", () => {
  assert.deepEqual(placed(standing(0, 0), [["P", "M"], ["L"]], size).cells[3], { row: 1, column: 1, text: "" });
});

test("what is done anew ends what could be done again", () => {
  const history = createHistory();
  history.did("a");
  history.did("b");
  assert.equal(history.undo(), "b");
  assert.equal(history.redo(), "b");
  history.undo();
  history.did("c");
  assert.equal(history.canRedo, false);
  assert.deepEqual([history.undo(), history.undo(), history.undo()], ["c", "a", null]);
});

test("a corner that is dragged goes on with what was selected, in one direction", () => {
  const selected = { row: 0, column: 0, toRow: 0, toColumn: 2 };
  const around = stretched(selected, { row: 1, column: 6 });
  assert.deepEqual(around, { row: 0, column: 0, toRow: 0, toColumn: 6 });
  assert.equal(repeated(selected, around, (row, column) => "PML"[column]).map((each) => each.text).join(""), "PMLP");
  assert.equal(repeated({ row: 3, column: 3, toRow: 3, toColumn: 4 }, stretched({ row: 3, column: 3, toRow: 3, toColumn: 4 }, { row: 3, column: 0 }), (row, column) => "xxxPM"[column]).map((each) => each.text).join(""), "MPM");
  assert.deepEqual(stretched(selected, { row: 0, column: 1 }), selected);
});
