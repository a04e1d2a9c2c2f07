import assert from "node:assert/strict";
import { test } from "node:test";
import { outlineOf, pointsOf, ringOf } from "../js/parts/boundary.js";

test("a ring is read as its authors publish it", () => {
  assert.deepEqual(ringOf("_p~iF~ps|U_ulLnnqC_mqNvxq`@"), [[-12020000, 3850000], [-12095000, 4070000], [-12645300, 4325200]]);
});

test("points are counted over all rings", () => {
  assert.equal(pointsOf(["_p~iF~ps|U_ulLnnqC_mqNvxq`@", "_p~iF~ps|U"]), 4);
  assert.equal(pointsOf(undefined), 0);
});

test("north is drawn at the top, within a frame around the whole", () => {
  const { own, others, box } = outlineOf(["_p~iF~ps|U_ulLnnqC_mqNvxq`@"], [["_p~iF~ps|U"]]);
  assert.match(own, /^M-?\d+ -3850000L-?\d+ -4070000L-?\d+ -4325200Z$/);
  assert.match(others, /^M/);
  const [, top, , height] = box.split(" ").map(Number);
  assert.ok(top < -4325200 && top + height > -3850000);
  assert.equal(outlineOf([], []).own, "");
});
