import assert from "node:assert/strict";
import { test } from "node:test";
import { asksAboutPoint, bodyOf, emptyForm, isBlank, parseCoordinates, placeKey, previewQuery, problems, questionOf, readDraft, withPlaceWords, withWords } from "../js/parts/call-form.js";

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
  assert.equal(parseCoordinates("-91, 212"), null);
  assert.deepEqual(parseCoordinates("112.9496, -2.5312"), { lat: -2.5312, lng: 112.9496 }, "the longitude first");
});

test("an emergency of its own needs what happened and nothing else", () => {
  assert.deepEqual(Object.keys(problems(emptyForm("k"))), ["type"]);
  assert.deepEqual(problems({ ...emptyForm("k"), class: "prank" }), {});
  assert.deepEqual(problems({ ...emptyForm("k"), join: { id: "X" } }), {});
  const odd = { number: "tidak ada", district: "", coordinates: "https://maps.app.goo.gl/x", landmark: "a".repeat(5000) };
  assert.deepEqual(problems(filled(odd)), {});
});

test("a point that cannot be read is sent as it was typed", () => {
  const { location } = bodyOf(filled({ coordinates: " https://maps.app.goo.gl/x " })).incident;
  assert.deepEqual(location, { district: "baamang", village: "", landmark: "", lat: null, lng: null, point: "https://maps.app.goo.gl/x" });
});

test("what was typed before the place was said to be unknown is what this caller said", () => {
  const form = filled({ place: "unknown", village: "Baamang Hulu", landmark: "lewat jembatan", coordinates: "-2.5, 112.9" });
  const body = bodyOf(form);
  assert.deepEqual(body.incident.location, { landmark: "lewat jembatan" });
  assert.deepEqual([body.said.location.district, body.said.location.village, body.said.location.lat], ["baamang", "Baamang Hulu", -2.5]);
  assert.ok(!("said" in bodyOf(filled({ place: "unknown", district: "" }))));
  assert.equal(previewQuery(form), "type=house_fire&terrain=land");
});

for (const change of [{ join: { id: "01K" } }, { class: "prank" }, { class: "information" }]) {
  test(`place, type and words go along with ${JSON.stringify(change)}`, () => {
    const { said } = bodyOf(filled({ landmark: "Pasar", narrative: " api besar ", coordinates: "-2.5, 112.9", drill: true, ...change }));
    assert.deepEqual(said, {
      type: "house_fire", priority: 1, terrain: "land", narrative: "api besar", drill: true,
      location: { district: "baamang", village: "", landmark: "Pasar", lat: -2.5, lng: 112.9 },
    });
    const bare = { ...emptyForm("k"), number: "0812", ...change };
    assert.ok(!("said" in bodyOf(bare)), "nothing said is nothing sent");
  });
}

test("words that found no district stay with the landmark, once", () => {
  assert.equal(withPlaceWords("lewat jembatan", "Bamang Hilir"), "lewat jembatan, Bamang Hilir");
  assert.equal(withPlaceWords("", "Bamang Hilir"), "Bamang Hilir");
  assert.equal(withPlaceWords("dekat bamang hilir", "Bamang Hilir"), "dekat bamang hilir");
  assert.equal(withPlaceWords("lewat jembatan", undefined), "lewat jembatan");
});

test("a class that is tried and taken back changes nothing that was typed", () => {
  const form = filled({ landmark: "Pasar", narrative: "api" });
  const before = JSON.stringify(bodyOf(form));
  for (const name of ["prank", "ghost", "emergency"]) {
    form.class = name;
    bodyOf(form);
  }
  assert.equal(JSON.stringify(bodyOf(form)), before);
});

const FAR = { doubts: ["place_far", "place_outside"], away: { district: "baamang", km: 11804 } };
const far = (about = {}) => filled({ coordinates: "51.5, -0.12", ...about });

test("a point that makes no sense is asked about once, and never for a call that joins", () => {
  assert.deepEqual(questionOf(far(), FAR), { code: "place_far", away: FAR.away });
  assert.deepEqual(questionOf(far({ district: "" }), { ...FAR, doubts: ["place_outside"] }).code, "place_outside");
  assert.equal(questionOf(far({ answer: { about: placeKey(far()), keep: true } }), FAR), null);
  assert.equal(questionOf(far({ join: { id: "01K" } }), FAR), null);
  assert.equal(questionOf(far({ place: "unknown" }), FAR), null);
  assert.equal(questionOf(far({ class: "prank" }), FAR), null);
  assert.equal(questionOf(far(), { doubts: [], away: null }), null);
  assert.equal(questionOf(far(), null), null, "help does not wait for what nobody knows");
  // Another point is another question.
  assert.ok(questionOf(far({ coordinates: "48.8, 2.3", answer: { about: placeKey(far()), keep: true } }), FAR));
});

test("no place at all is asked about once, unless it is said to be unknown", () => {
  const form = filled({ district: "" });
  assert.deepEqual(questionOf(form, null), { code: "no_place", away: null });
  assert.equal(questionOf({ ...form, place: "unknown" }, null), null);
  assert.equal(questionOf({ ...form, coordinates: "-2.5, 112.9" }, null), null);
  assert.equal(questionOf({ ...form, answer: { about: placeKey(form), keep: false } }, null), null);
});

test("only a point that may be asked about waits for what is known of it", () => {
  assert.ok(asksAboutPoint(far()));
  for (const about of [{ coordinates: "" }, { coordinates: "pasar" }, { place: "unknown" }, { join: { id: "X" } }, { answer: { about: placeKey(far()), keep: true } }]) {
    assert.ok(!asksAboutPoint(far(about)), JSON.stringify(about));
  }
});

test("a point set aside is sent as it was typed, one that is kept as coordinates", () => {
  const aside = bodyOf(far({ answer: { about: placeKey(far()), keep: false } })).incident.location;
  assert.deepEqual([aside.lat, aside.point], [null, "51.5, -0.12"]);
  const kept = bodyOf(far({ answer: { about: placeKey(far()), keep: true } })).incident.location;
  assert.deepEqual([kept.lat, kept.point], [51.5, undefined]);
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

test("the preview is asked for once type and place are known, or the place is said to be unknown", () => {
  assert.equal(previewQuery(filled({ district: "" })), "");
  assert.equal(previewQuery(filled({ district: "", place: "unknown" })), "type=house_fire&terrain=land");
  assert.equal(previewQuery(filled({ district: "", coordinates: "-2.5, 112.9" })), "type=house_fire&terrain=land&lat=-2.5&lng=112.9");
  assert.equal(previewQuery(filled({ class: "prank" })), "");
  assert.equal(previewQuery(filled()), "type=house_fire&district=baamang&terrain=land");
  assert.equal(previewQuery(filled({ coordinates: "-2.5, 112.9" })), "type=house_fire&district=baamang&terrain=land&lat=-2.5&lng=112.9");
  assert.equal(previewQuery(filled({ coordinates: "-2.5," })), "type=house_fire&district=baamang&terrain=land");
});

test("a draft comes back whole, and of an older page's as much as is known here", () => {
  const draft = { form: filled(), attempt: null, attemptedAt: 1790000000000 };
  assert.deepEqual(readDraft(JSON.stringify(draft)), draft);
  for (const broken of [null, "", "{", "{}", '{"form":{"key":""}}', "null"]) assert.equal(readDraft(broken), null);
  const { place, answer, ...older } = filled({ landmark: "Pasar" });
  assert.deepEqual(readDraft(JSON.stringify({ form: { ...older, gone: 1, note: 7 }, attempt: null })).form, filled({ landmark: "Pasar" }));
  assert.deepEqual([place, answer], ["known", null]);
});

test("words that found no type go before what the caller says, once", () => {
  assert.equal(withWords("", "zwjxq"), "zwjxq");
  assert.equal(withWords("Di pasar.", "zwjxq"), "zwjxq\nDi pasar.");
  assert.equal(withWords("ZWJXQ di pasar", "zwjxq"), "ZWJXQ di pasar");
  assert.equal(withWords("Di pasar.", ""), "Di pasar.");
});

test("what was said to the type's questions goes with the incident, and where the call opens none with what this caller says", () => {
  const said = { inside: { value: "yes", words: "Masih ada orang di dalam? Ya" }, floors: { value: " 2 ", words: "Berapa lantai? 2" } };
  assert.ok(!isBlank({ ...emptyForm("k"), details: said }));
  const { incident } = bodyOf(filled({ details: said }));
  assert.deepEqual(incident.details, [{ question: "inside", value: "yes" }, { question: "floors", value: "2" }]);
  assert.ok(!("details" in bodyOf(filled()).incident));
  const joined = bodyOf(filled({ details: said, narrative: "Api besar", join: { id: "I1" } }));
  assert.equal(joined.said.narrative, "Api besar\nMasih ada orang di dalam? Ya\nBerapa lantai? 2");
  assert.ok(!("details" in joined.said));
});

test("a draft brings back what was said to questions, and one of an older page has none", () => {
  const draft = { form: filled({ details: { inside: { value: "yes", words: "Ya" } } }) };
  assert.equal(readDraft(JSON.stringify(draft)).form.details.inside.value, "yes");
  const { details: _, ...older } = filled();
  assert.deepEqual(readDraft(JSON.stringify({ form: older })).form.details, {});
  assert.deepEqual(readDraft(JSON.stringify({ form: { ...older, details: null } })).form.details, {});
});
