import assert from "node:assert/strict";
import { test } from "node:test";
import { askAgain, doubtWord, questionWords } from "../js/parts/doubt-words.js";

// As chalicelib/handlers/hearing.py and domain/places.py give them.
const CODES = [
  "number_unread", "number_short", "channel_unread", "time_unread", "type_unread", "district_unread", "point_unread", "priority_unread",
  "terrain_unread", "text_cut", "place_unknown", "place_far", "place_outside",
];

test("every doubt has words, and one of a newer server shows its code", () => {
  for (const code of CODES) assert.notEqual(doubtWord(code), code.replace(/_/g, " "), code);
  assert.equal(doubtWord("name_unread"), "name unread");
});

test("what must be asked again is said once, and outside of the regency says far too", () => {
  assert.equal(askAgain([]), "");
  assert.equal(askAgain(["place_unknown", "place_unknown"]), "Ask again: place not known yet");
  assert.equal(askAgain(["place_far", "place_outside"]), "Ask again: point outside of the regency");
});

test("the question says how far, from where, and what either key does", () => {
  const district = (id) => ({ baamang: "Baamang" })[id];
  const far = questionWords({ code: "place_far", away: { district: "baamang", km: 11804.3 }, named: true }, district, "id");
  assert.equal(far.text, "This point is 11.804 km from Baamang. Is it right?");
  assert.equal(far.first, "No, go by the district");
  const outside = questionWords({ code: "place_outside", away: { district: "baamang", km: 9.24 }, named: false }, district, "en");
  assert.equal(outside.text, "This point is 9.2 km from Baamang. Is it right?");
  assert.equal(outside.first, "No, send without the point");
  assert.equal(questionWords({ code: "no_place", away: null }, district, "id").first, "Send without a place");
  assert.match(questionWords({ code: "no_place", away: null, told: true }, district, "id").text, /^No district or point/);
});
