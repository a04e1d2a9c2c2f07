import assert from "node:assert/strict";
import { test } from "node:test";
import { arrowTo, PAGE, pageWith, within } from "../js/parts/noun-pages.js";

const rows = Array.from({ length: 2011 }, (_, n) => ({ id: `p${n}` }));

test("the page is the one on which the open row stands, and stays where none does", () => {
  assert.equal(pageWith(rows, "p0", 300), 0);
  assert.equal(pageWith(rows, "p100", 0), 100);
  assert.equal(pageWith(rows, "p2010", 0), 2000);
  assert.equal(pageWith(rows, "gone", 300), 300);
  assert.equal(pageWith([], "p0", 0), 0);
});

test("a page that fewer rows leave behind becomes the last one", () => {
  assert.equal(within(1900, 2011), 1900);
  assert.equal(within(1900, 250), 200);
  assert.equal(within(100, 100), 0);
  assert.equal(within(100, 0), 0);
});

test("by the arrows every row is reached, once, and the list is left at its beginning alone", () => {
  let at = { from: 0, row: 0 };
  const seen = [rows[0].id];
  for (let n = 1; n < rows.length; n += 1) {
    at = { ...at, ...arrowTo({ ...at, move: 1, count: rows.length }) };
    assert.ok(at.row < PAGE);
    seen.push(rows[at.from + at.row].id);
  }
  assert.deepEqual(seen, rows.map((row) => row.id));
  assert.deepEqual(arrowTo({ ...at, move: 1, count: rows.length }), { row: 10 });
  assert.deepEqual(arrowTo({ from: 100, row: 0, move: -1, count: rows.length }), { from: 0, row: 99 });
  assert.equal(arrowTo({ from: 0, row: 0, move: -1, count: rows.length }), null);
});
