import assert from "node:assert/strict";
import { test } from "node:test";
import { followed } from "../js/parts/followed.js";
import { setWording } from "../js/parts/i18n.js";
import { Unreachable } from "../js/parts/outcomes.js";

setWording({}, "en");

test("a list that cannot be read says since when, and no more once it is read again", async () => {
  let broken = true;
  const list = { ...followed(async function read() {
    if (broken) throw new Unreachable();
    this.rows = [1, 2];
  }), rows: [] };
  await list.refresh();
  const since = list.lostSince;
  assert.ok(!list.known && since && list.lostWord());
  await list.refresh();
  assert.equal(list.lostSince, since, "it has been so since the first time");
  broken = false;
  await list.refresh();
  assert.deepEqual([list.known, list.rows, list.lostWord()], [true, [1, 2], ""]);
  broken = true;
  await list.refresh();
  assert.deepEqual(list.rows, [1, 2], "what was read stays, marked as out of date");
  assert.ok(list.known && list.lostWord());
});
