import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, emptyForm, isBlank, parseCoordinates, previewQuery, problems, readDraft, withWords } from "../js/call-form.js";

const filled = (about = {}) => ({
  ...emptyForm("key-1"), received_at: "2026-11-23T22:00:00.000Z", answered_at: "2026-11-23T22:00:05.000Z",
  type: "house_fire", district: "baamang", priority: 1, terrain: "land", ...about,
});

test("a fresh form is blank; one letter makes it a call", () => {
  assert.ok(isBlank(emptyForm("k")));
  assert.ok(isBlank({ ...emptyForm("k"), received_at: "2026-11-23T22:00:00.000Z" }));
  assert.ok(!isBlank({ ...emptyForm("k"), number: "0" }));
  assert.ok(!isBlank({ ...emptyForm("k"), class: "prank" }));
});

test("a number is sent as it was typed, for the server alone reads it", () => {
  for (const number of ["21112", "0062 812", "O812", "112"]) assert.equal(bodyOf({ ...emptyForm("k"), number: ` ${number} ` }).number, number);
});

test("coordinates come as a pair, as decimal commas or in a map link", () => {
  assert.deepEqual(parseCoordinates(""), { lat: null, lng: null });
  assert.deepEqual(parseCoordinates("-2.5312, 112.9496"), { lat: -2.5312, lng: 112.9496 });
  assert.deepEqual(parseCoordinates("-2,5312; 112,9496"), { lat: -2.5312, lng: 112.9496 });
  assert.deepEqual(parseCoordinates("https://maps.google.com/?q=-2.5312,112.9496"), { lat: -2.5312, lng: 112.9496 });
  assert.deepEqual(parseCoordinates("https://www.google.com/maps/@-2.5312,112.9496,17z"), { lat: -2.5312, lng: 112.9496 });
  assert.equal(parseCoordinates("near the market"), null);
  assert.equal(parseCoordinates("-91, 112"), null);
});

test("only an emergency of its own needs type and district", () => {
  assert.deepEqual(Object.keys(problems(emptyForm("k"))), ["type", "district"]);
  assert.deepEqual(problems({ ...emptyForm("k"), class: "prank" }), {});
  assert.deepEqual(problems({ ...emptyForm("k"), join: { id: "X" } }), {});
  assert.deepEqual(Object.keys(problems(filled({ coordinates: "somewhere" }))), ["coordinates"]);
});

test("the body says what the interface wants for each kind of call", () => {
  const emergency = bodyOf(filled({ landmark: " Pasar ", number: "0812", drill: true }));
  assert.deepEqual(emergency.incident, {
    type: "house_fire", priority: 1, terrain: "land", narrative: "", drill: true,
    location: { district: "baamang", village: "", landmark: "Pasar", lat: null, lng: null },
  });
  assert.equal(emergency.class, "emergency");
  assert.ok(!("incident_id" in emergency) && !("key" in emergency));
  const joined = bodyOf(filled({ join: { id: "01K" } }));
  assert.equal(joined.incident_id, "01K");
  assert.ok(!("incident" in joined));
  const prank = bodyOf(filled({ class: "prank", note: " laughing " }));
  assert.ok(!("incident" in prank) && !("incident_id" in prank));
  assert.equal(prank.note, "laughing");
});

test("the preview is asked for once type and district are known", () => {
  assert.equal(previewQuery(filled({ district: "" })), "");
  assert.equal(previewQuery(filled({ class: "prank" })), "");
  assert.equal(previewQuery(filled()), "type=house_fire&district=baamang&terrain=land");
  assert.equal(previewQuery(filled({ coordinates: "-2.5, 112.9" })), "type=house_fire&district=baamang&terrain=land&lat=-2.5&lng=112.9");
  assert.equal(previewQuery(filled({ coordinates: "-2.5," })), "type=house_fire&district=baamang&terrain=land");
});

test("a draft comes back whole or not at all", () => {
  const draft = { form: filled(), attempt: null };
  assert.deepEqual(readDraft(JSON.stringify(draft)), draft);
  for (const broken of [null, "", "{", "{}", '{"form":{"key":"k"}}', "null"]) assert.equal(readDraft(broken), null);
});

test("words that found no type go before what the caller says, once", () => {
  assert.equal(withWords("", "zwjxq"), "zwjxq");
  assert.equal(withWords("Di pasar.", "zwjxq"), "zwjxq\nDi pasar.");
  assert.equal(withWords("ZWJXQ di pasar", "zwjxq"), "ZWJXQ di pasar");
  assert.equal(withWords("Di pasar.", ""), "Di pasar.");
});
