import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { mapSums, planMap, projection } from "../js/parts/plan-map.js";

setWording({}, "en");
const districts = [{ id: "a", name: "Antang", lat: -1.4, lng: 112.6 }, { id: "b", name: "Baamang", lat: -2.5, lng: 112.9 }, { id: "c", name: "Seranau", lat: -2.5, lng: 113.1 }];
const stations = [{ id: "s1", name: "Mako", lat: -2.5, lng: 112.95 }, { id: "s2", name: "Pos jauh", lat: -3, lng: 112.9 }];
const units = [{ id: "u1", station_id: "s1" }];
const pick = (km) => ({ unit_id: "u1", callsign: "Polair 1", agency: "Polair", distance_km: km });
const need = (id, picks, missing = 0) => ({ level: 1, need: { id }, picks, missing, why: missing ? "no_crew" : "" });
const answer = (...needs) => ({ plan: { id: "water" }, needs });
const drawn = (answers, more) => planMap({ districts, stations, units, answers: new Map(Object.entries(answers)), need: "", ...more });

test("north is above, east is right, and all points lie within the picture", () => {
  const place = projection(districts);
  const [a, b, c] = districts.map(place);
  assert.ok(a.y < b.y && b.y === c.y && b.x < c.x);
  for (const { x, y } of [a, b, c]) assert.ok(x > 0 && x < 560 && y > 0 && y < 640);
});

test("each district has a line from the station of the unit that answers it, and a station that answers none is told apart", () => {
  const map = drawn({ a: answer(need("boat", [pick(130)])), b: answer(need("boat", [pick(8)])), c: answer(need("boat", [pick(15)])) });
  assert.deepEqual(map.lines.map((line) => [line.from.id, line.district]), [["s1", "a"], ["s1", "b"], ["s1", "c"]]);
  assert.deepEqual(map.stations.map((one) => [one.id, one.answers]), [["s1", 3], ["s2", 0]]);
  assert.equal(mapSums(map), "3 districts answered in full");
});

test("gaps stand first in the list, what was not tried is no gap and no answer, and the farthest comes before the near", () => {
  const map = drawn({ a: answer(need("boat", [pick(130)], 1)), b: answer(need("boat", [], 1)) });
  assert.deepEqual(map.rows.map((row) => [row.id, row.state, row.gap]), [["b", "none", "1 unit missing: no crew on duty"], ["a", "short", "1 unit missing: no crew on duty"], ["c", "unknown", ""]]);
  assert.equal(mapSums(map), "0 districts answered in full, 1 with too few, 1 without an answer");
  assert.deepEqual(drawn({ a: answer(need("boat", [pick(8)])), b: answer(need("boat", [pick(130)])) }).rows.map((row) => row.id), ["c", "b", "a"]);
});

test("one need alone is drawn, and a district whose plan does not ask for it is no gap", () => {
  const map = drawn({ a: answer(need("boat", [], 1), need("medic", [pick(9)])), b: answer(need("boat", [pick(1)])), c: { plan: null, needs: [] } }, { need: "medic" });
  assert.deepEqual(map.rows.map((row) => [row.id, row.state]), [["c", "none"], ["b", "other"], ["a", "full"]]);
  assert.equal(map.rows[0].gap, "no response plan fits");
});

test("a unit whose station the reader may not know is told in the list and draws no line", () => {
  const map = drawn({ a: answer(need("boat", [{ ...pick(8), unit_id: "", callsign: "" }])) });
  assert.equal(map.lines.length, 0);
  assert.equal(map.rows.find((row) => row.id === "a").who, "a unit of Polair, 8.0 km");
});
