import assert from "node:assert/strict";
import { test } from "node:test";
import { bestOf, choosable, headed, inPlace, meant, outOfOrder, plainRows, rowsOf } from "../js/parts/candidate-rows.js";
import { setWording } from "../js/parts/i18n.js";

const names = {
  type: (id) => ({ house_fire: "House fire" })[id] || "",
  district: (id) => ({ baamang: "Baamang" })[id] || id,
  reason: (id) => ({ no_fuel: "No fuel", other_duty: "Other duty" })[id] || "",
  certifications: [{ id: "water_rescue", label: { id: "Penyelamatan air", en: "Water rescue" } }],
  unitOptions: [{ id: "pmi_1", words: "Ambulans PMI Palang Merah Indonesia PMI" }],
};
const unit = (unit_id, more = {}) => ({
  unit_id, callsign: unit_id, unit: `${unit_id} car`, agency_id: "damkar", agency: "Damkar", need_id: "pump", reason: "", warnings: [], distance_km: 2.54,
  people: [{ id: "budi", name: "Budi" }], since: "", out_of_service: "", leaving: null, here: null, ...more,
});
const fire = { incident_id: "I1", assignment_id: "A9", label: "C58Y", type: "house_fire", priority: 1, district: "baamang", village: "", drill: false, status: "on_scene" };
const found = {
  free: [unit("d2"), unit("pmi_1", { reason: "agency_not_asked", agency: "PMI" }), unit("boat", { reason: "wrong_terrain", distance_km: null, warnings: ["certification_expired:water_rescue:budi"] })],
  not_free: [unit("d3", { reason: "busy", leaving: fire, since: "2026-11-23T03:00:00.000Z" }), unit("d4", { reason: "not_available", out_of_service: "no_fuel", since: "2026-11-23T02:00:00.000Z" })],
  here: [unit("d1", { reason: "already_sent", here: { assignment_id: "A1", status: "requested", at: "2026-11-23T03:05:00.000Z", reason: "" } })],
};
const rows = () => rowsOf(found, names);
const of = (id, list = rows()) => list.find((row) => row.id === id);

test("each unit says how far it is, who would go, what it is doing, and what speaks against it", () => {
  setWording({}, "en");
  assert.deepEqual(rows().map((row) => [row.id, row.kind]), [["d2", "fit"], ["pmi_1", "unfit"], ["boat", "unfit"], ["d3", "not_free"], ["d4", "not_free"], ["d1", "here"]]);
  assert.deepEqual([of("d2").km, of("d2").crew, of("d2").doing, of("d2").since, of("d2").against], ["2.5 km", "Budi", "free", "", []]);
  assert.deepEqual(of("pmi_1").against, ["the plan does not ask PMI for this"]);
  assert.deepEqual([of("boat").km, of("boat").against], ["distance ?", ["not for this terrain", "Budi: certificate Water rescue has expired"]]);
  assert.deepEqual([of("d3").doing, of("d3").since, of("d3").against], ["House fire · Baamang · On scene", "2026-11-23T03:00:00.000Z", []]);
  assert.equal(of("d3").leaves, "d3 would leave C58Y: House fire, Baamang");
  assert.deepEqual([of("d4").doing, of("d4").leaves], ["out of service: No fuel", ""]);
  assert.deepEqual([of("d1").doing, choosable(of("d1"))], ["Paged", false]);
});

test("a unit that could not come says why it could not, and not that it is here", () => {
  setWording({}, "en");
  const lost = unit("d5", { reason: "already_sent", here: { assignment_id: "A2", status: "unable", at: "2026-11-23T03:05:00.000Z", reason: "other_duty" } });
  const [row] = rowsOf({ free: [lost], not_free: [], here: [] }, names);
  assert.deepEqual([row.doing, row.against, choosable(row)], ["could not come: Other duty", [], true]);
});

test("what is only asked beside a silent crew may be taken, and is never offered unasked", () => {
  setWording({}, "en");
  const [row] = rowsOf({ free: [unit("d8", { leaving: { ...fire, status: "requested" } })], not_free: [], here: [] }, names);
  assert.deepEqual([row.kind, row.against], ["unfit", ["asked beside a silent crew, not answered yet: it may be taken from there"]]);
  assert.equal(bestOf([row]), "");
});

test("a crew that is too small is no missing crew", () => {
  setWording({}, "en");
  const few = rowsOf({ free: [unit("d6", { reason: "no_crew" }), unit("d7", { reason: "no_crew", people: [] })], not_free: [], here: [] }, names);
  assert.deepEqual(few.map((row) => row.against), [["too few on duty"], ["no crew on duty"]]);
});

test("what is offered unasked is the first that can go with nothing against it, or nothing", () => {
  assert.equal(bestOf(rows()), "d2");
  assert.equal(bestOf(rows().filter((row) => row.id !== "d2")), "");
});

test("what was drawn keeps its place while its facts change, and what is new comes last", () => {
  setWording({}, "en");
  const taken = { ...found, free: [unit("new"), ...found.free.slice(1)], here: [...found.here, unit("d2", { here: { assignment_id: "A3", status: "requested", at: "2026-11-23T03:06:00.000Z", reason: "" } })] };
  const fresh = rowsOf(taken, names);
  const drawn = inPlace(rows(), fresh);
  assert.deepEqual(drawn.map((row) => row.id), ["d2", "pmi_1", "boat", "d3", "d4", "d1", "new"]);
  assert.deepEqual([drawn[0].kind, drawn[0].now, choosable(drawn[0])], ["fit", "here", false]);
  assert.deepEqual([drawn[0].against, drawn[5].against], [["Already on this incident"], []]);
  assert.equal(outOfOrder(drawn, fresh), true);
  assert.equal(outOfOrder(rows(), rows()), false);
});

test("typing finds by callsign, agency's full name or somebody of the crew, without headings", () => {
  assert.deepEqual(meant(rows(), "palang merah").map((row) => row.id), ["pmi_1"]);
  assert.equal(meant(rows(), "d3")[0].id, "d3");
  assert.equal(headed(rows(), "d3").length, 6);
  setWording({}, "en");
  assert.deepEqual(headed(rows(), " ").filter((row) => row.heading).map((row) => row.label), ["Can go, the best first", "Free, with something against it", "Not free: only if you insist", "Already on this incident"]);
});

test("until all that is known the list by name serves, without the unit to be replaced", () => {
  const options = [{ id: "pmi_1", label: "PMI 1", hint: "Ambulans PMI", group: "PMI", words: "Ambulans PMI" }, { id: "d2", label: "Damkar 2", hint: "", group: "Damkar", words: "" }];
  const plain = plainRows(options, "pmi_1");
  assert.deepEqual(plain.map((row) => [row.id, choosable(row)]), [["d2", true]]);
  assert.deepEqual(headed(plain, "").map((row) => row.label), ["Damkar", "Damkar 2"]);
});
