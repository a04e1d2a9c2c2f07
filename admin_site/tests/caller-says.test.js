import assert from "node:assert/strict";
import { test } from "node:test";
import { saysOf, splitDefault, splitIncident, typedOf, wordsOf } from "../js/parts/caller-says.js";

const names = { type: (id) => id.toUpperCase(), district: (id) => `Kec. ${id}` };
const incident = { type: "house_fire", district: "baamang", lat: -2.53, lng: 112.95, terrain: "land", drill: false };
const place = { district: "ketapang", village: "Pasir Putih", landmark: "bengkel Udin", lat: -2.57, lng: 112.94 };
const call = (said, more = {}) => ({ said: said && { type: "", location: null, narrative: "", priority: null, terrain: null, drill: false, typed: {}, ...said }, note: "", ...more });

test("a caller who says nothing of their own has no rows", () => {
  assert.deepEqual(saysOf(call(null), incident, names), []);
  assert.deepEqual(saysOf(call({}), incident, names), []);
});

test("what differs from the incident is marked, what agrees is not", () => {
  const rows = saysOf(call({ type: "childbirth", location: place }), incident, names);
  assert.deepEqual(rows.map((row) => [row.text, row.differs]), [["CHILDBIRTH", true], ["bengkel Udin, Pasir Putih, Kec. ketapang", true], ["-2.57, 112.94", true]]);
  const same = saysOf(call({ type: "house_fire", location: { ...place, district: "baamang", lat: -2.531, lng: 112.951 } }), incident, names);
  assert.deepEqual(same.map((row) => row.differs), [false, false, false]);
});

test("a point is news where the incident has none", () => {
  assert.ok(saysOf(call({ location: place }), { ...incident, lat: null, lng: null }, names).at(-1).differs);
});

test("what was typed and not read is shown as typed; a number stands with the call's own", () => {
  assert.deepEqual(typedOf(call({ typed: { number: "112", point: "di situ" } })).map((row) => row.text), ["typed: “di situ”"]);
});

test("words and note are shown, each once", () => {
  assert.deepEqual(wordsOf(call({ narrative: "api besar" }, { note: "tetangga" })), ["api besar", "tetangga"]);
  assert.deepEqual(wordsOf(call(null)), []);
});

test("a call that is split off opens what its caller said, else what the incident goes by", () => {
  const said = splitDefault(call({ type: "childbirth", location: place, narrative: "mau lahir", priority: 1, terrain: "land" }), incident);
  assert.deepEqual(said, { type: "childbirth", district: "ketapang", village: "Pasir Putih", landmark: "bengkel Udin", text: "mau lahir", lat: -2.57, lng: 112.94, point: "" });
  const none = splitDefault(call(null), incident);
  assert.deepEqual([none.type, none.district, none.lat], ["house_fire", "baamang", null]);
  assert.equal(splitDefault(call({ location: { ...place, district: "" } }), incident).district, "", "a place that the caller did not know stays unknown");
});

test("the split-off call keeps its caller's urgency and terrain as long as it is about the same", () => {
  const one = call({ type: "drowning", location: place, narrative: "hanyut", priority: 1, terrain: "water" });
  const dialog = { call: one, ...splitDefault(one, incident) };
  assert.deepEqual(splitIncident(dialog, false), {
    type: "drowning", priority: 1, terrain: "water", narrative: "hanyut", drill: false,
    location: { district: "ketapang", village: "Pasir Putih", landmark: "bengkel Udin", lat: -2.57, lng: 112.94 },
  });
  const other = splitIncident({ ...dialog, type: "childbirth", lat: null, lng: null, point: "di situ" }, true);
  assert.deepEqual([other.priority, other.location.point, other.location.lat, other.drill], [undefined, "di situ", undefined, true]);
});
