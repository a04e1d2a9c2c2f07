import assert from "node:assert/strict";
import { test } from "node:test";
import { amendBody, amendProblems, changedFields, draftOf, meanwhile, onlyPointLeft, placeSaid, pointUnread, readAmend, saysNothing, withType } from "../js/parts/amend-form.js";
import { amendedFields, amendedWord } from "../js/parts/amended.js";

const incident = {
  version: 17, type: "house_fire", terrain: "land", priority: 1, district: "baamang", village: "Baamang Hulu", landmark: "sesudah jembatan", lat: -2.53, lng: 112.95,
  narrative: "Rumah kayu.",
};
const draft = (form = {}, more = {}) => {
  const fresh = draftOf(incident);
  return { ...fresh, form: { ...fresh.form, ...form }, ...more };
};

test("what was opened and not touched sends nothing but its version", () => {
  assert.deepEqual(changedFields(draft()), []);
  assert.deepEqual(amendBody(draft()), { version: 17, send: [], recall: [] });
});

test("only what differs is sent, trimmed", () => {
  const body = amendBody(draft({ landmark: " dermaga ", terrain: "water", narrative: "Rumah kayu. " }), { send: ["polair_1"], recall: ["a2"] });
  assert.deepEqual(body, { version: 17, landmark: "dermaga", terrain: "water", send: ["polair_1"], recall: ["a2"] });
});

test("a point is one field, however it is written, and is taken away by emptying it", () => {
  assert.deepEqual(changedFields(draft({ coordinates: "-2.53,112.95" })), []);
  assert.deepEqual(amendBody(draft({ coordinates: "https://maps.example/@-2.6,113.1,15z" })), { version: 17, lat: -2.6, lng: 113.1, send: [], recall: [] });
  assert.deepEqual(amendBody(draft({ coordinates: "" })), { version: 17, lat: null, lng: null, send: [], recall: [] });
});

test("a point that cannot be read keeps nothing else from being saved, and stays in its field", () => {
  const typed = draft({ coordinates: "di situ", landmark: "dermaga" });
  assert.deepEqual([pointUnread(typed), amendProblems(typed)], [true, {}]);
  assert.deepEqual(amendBody(typed), { version: 17, landmark: "dermaga", send: [], recall: [] });
  const left = onlyPointLeft(typed, { ...incident, version: 18, landmark: "dermaga" });
  assert.deepEqual([left.version, changedFields(left), left.form.coordinates], [18, ["coordinates"], "di situ"]);
  assert.equal(saysNothing(amendBody(left)), true, "alone it is no amendment");
  assert.equal(saysNothing(amendBody(typed)), false);
  assert.equal(pointUnread(draft({ coordinates: "" })), false, "an emptied one is taken away");
});

test("an incident without a type is no amendment", () => {
  assert.deepEqual(Object.keys(amendProblems(draft({ type: "" }))), ["type"]);
  assert.deepEqual(amendProblems(draft({ type: "boat_fire" })), {});
});

test("whether crews are told is sent only where the desk decided", () => {
  assert.equal("tell" in amendBody(draft()), false);
  assert.equal(amendBody(draft({}, { tell: false })).tell, false);
});

test("what somebody else changed meanwhile follows where it was not touched", () => {
  const next = meanwhile(draft({ landmark: "dermaga" }), { ...incident, version: 19, priority: 2 });
  assert.deepEqual([next.version, next.form.priority, next.form.landmark, next.clash], [19, 2, "dermaga", {}]);
  assert.deepEqual(changedFields(next), ["landmark"]);
});

test("what both changed stands with both values, and is not saved before one of them is chosen", () => {
  const next = meanwhile(draft({ landmark: "dermaga" }), { ...incident, version: 19, landmark: "pasar" });
  assert.deepEqual([next.form.landmark, next.clash], ["dermaga", { landmark: "pasar" }]);
  assert.deepEqual(Object.keys(amendProblems(next)), ["landmark"]);
  const again = meanwhile(next, { ...incident, version: 21, landmark: "pasar" });
  assert.deepEqual(again.clash, { landmark: "pasar" }, "the same once more chooses nothing");
});

test("both made the same of it: nothing is left to send, and nothing to choose", () => {
  const next = meanwhile(draft({ landmark: "dermaga" }), { ...incident, version: 19, landmark: "dermaga" });
  assert.deepEqual([changedFields(next), next.clash], [[], {}]);
});

test("a crew's step meanwhile is no clash", () => {
  const next = meanwhile(draft({ landmark: "dermaga" }), { ...incident, version: 23 });
  assert.deepEqual([next.version, next.clash, changedFields(next)], [23, {}, ["landmark"]]);
});

test("urgency and terrain follow the type, unless somebody said otherwise", () => {
  const types = new Map([["house_fire", { priority: 1, terrain: "land" }], ["boat_fire", { priority: 2, terrain: "water" }]]);
  assert.deepEqual(withType({ type: "house_fire", priority: 1, terrain: "land" }, "boat_fire", types), { type: "boat_fire", priority: 2, terrain: "water" });
  assert.deepEqual(withType({ type: "house_fire", priority: 3, terrain: "land" }, "boat_fire", types), { type: "boat_fire", priority: 3, terrain: "water" });
  assert.deepEqual(withType({ type: "boat_fire", priority: 2, terrain: "water" }, "house_fire", types), { type: "house_fire", priority: 1, terrain: "land" });
});

test("a caller's place: what is said and differs is taken, what is left open stays", () => {
  const call = (location) => ({ said: { location } });
  const open = { district: "", village: "", landmark: "", lat: null, lng: null };
  assert.deepEqual(placeSaid({ said: null }, incident), {});
  assert.deepEqual(placeSaid(call(null), incident), {});
  assert.deepEqual(placeSaid(call({ ...open, landmark: "dermaga" }), incident), { landmark: "dermaga" });
  assert.deepEqual(placeSaid(call({ ...open, district: "baamang", landmark: "sesudah jembatan" }), incident), {});
  assert.deepEqual(placeSaid(call({ ...open, lat: -2.6, lng: 113.1 }), incident), { coordinates: "-2.6, 113.1" });
});

test("in another district nothing of the old place holds; a place not known yet is only added to", () => {
  const call = { said: { location: { district: "ketapang", village: "", landmark: "bengkel Udin", lat: null, lng: null } } };
  assert.deepEqual(placeSaid(call, incident), { district: "ketapang", village: "", landmark: "bengkel Udin", coordinates: "" });
  assert.deepEqual(placeSaid(call, { ...incident, district: "", village: "" }), { district: "ketapang", landmark: "bengkel Udin" });
});

test("a draft of another page or release is used only if it is whole", () => {
  assert.deepEqual(readAmend(JSON.stringify(draft({ landmark: "dermaga" }))).form.landmark, "dermaga");
  assert.equal(readAmend(JSON.stringify({ version: 3, base: {}, form: {} })), null);
  assert.equal(readAmend("{"), null);
  assert.equal(readAmend(null), null);
});

test("an amended field says since when, and what it was at first, however often it changed", () => {
  const note = (at, amended, was) => ({ id: at, at, amended, was: was && { type: null, district: null, village: null, landmark: null, lat: null, lng: null, narrative: null, ...was } });
  const one = { notes: [
    note("2026-11-30T19:41:00Z", ["landmark"], { landmark: "dermaga" }),
    note("2026-11-30T19:33:00Z", ["type", "landmark", "lat", "lng"], { type: "house_fire", landmark: "sesudah jembatan", lat: -2.5, lng: 112.9 }),
    { id: "x", at: "2026-11-30T19:50:00Z", amended: [], was: null, text: "catatan" },
  ] };
  const found = amendedFields(one);
  assert.deepEqual(Object.keys(found).sort(), ["coordinates", "landmark", "type"]);
  assert.equal(amendedWord(found.type, (id) => id.toUpperCase()), "changed at 02:33, before: HOUSE_FIRE");
  assert.equal(amendedWord(found.landmark, (text) => text), "changed 2 times, last at 02:41, before: sesudah jembatan");
  assert.equal(amendedWord(found.coordinates, (text) => text), "changed at 02:33, before: -2.5, 112.9");
  assert.equal(amendedWord(undefined, (text) => text), "");
});

test("once it is erased, what it was is not shown as nothing", () => {
  const found = amendedFields({ notes: [{ id: "n", at: "2026-11-30T19:33:00Z", amended: ["landmark"], was: null, erased: true }] });
  assert.equal(amendedWord(found.landmark, (text) => text), "changed at 02:33");
  const empty = amendedFields({ notes: [{ id: "n", at: "2026-11-30T19:33:00Z", amended: ["landmark"], was: { landmark: "" } }] });
  assert.equal(amendedWord(empty.landmark, (text) => text), "changed at 02:33, before: nothing");
});
