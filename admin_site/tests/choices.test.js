import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, matching } from "../js/choices.js";

const options = [
  { id: "house_fire", label: "Kebakaran rumah", words: "House fire", group: "Kebakaran" },
  { id: "forest_fire", label: "Kebakaran hutan/lahan", words: "Forest fire", group: "Kebakaran" },
  { id: "drowning", label: "Orang tenggelam", words: "Drowning", group: "Kecelakaan" },
  { id: "cafe", label: "Gangguan kafé", words: "", group: "Keamanan" },
];
const ids = (query) => matching(options, query).map((one) => one.id);

test("nothing typed matches everything in its order", () => {
  assert.deepEqual(ids(""), ["house_fire", "forest_fire", "drowning", "cafe"]);
});

test("words match by their beginnings, in either language, without accents or case", () => {
  assert.deepEqual(ids("hut"), ["forest_fire"]);
  assert.deepEqual(ids("keb rum"), ["house_fire"]);
  assert.deepEqual(ids("DROWN"), ["drowning"]);
  assert.deepEqual(ids("kafe"), ["cafe"]);
  assert.deepEqual(ids("zzz"), []);
});

test("what begins with the query comes before what merely holds it", () => {
  assert.deepEqual(ids("orang"), ["drowning"]);
  assert.deepEqual(ids("gang"), ["cafe"]);
  assert.deepEqual(ids("ang"), ["drowning", "cafe"]);
});

test("each group has one heading, above its options", () => {
  const rows = grouped(matching(options, "keb"));
  assert.deepEqual(rows.map((row) => [row.heading, row.label]), [
    [true, "Kebakaran"], [false, "Kebakaran rumah"], [false, "Kebakaran hutan/lahan"],
  ]);
});
