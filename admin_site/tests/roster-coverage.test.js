import assert from "node:assert/strict";
import { test } from "node:test";

import { gapsOf, joined, missingWord, placesByDay, reasonsOf, sectionsOf } from "../js/parts/roster-coverage.js";

const words = (id) => ({ id, en: id });
const stretch = (from, to) => ({ starts_at: `2026-12-${from}:00.000Z`, ends_at: `2026-12-${to}:00.000Z` });
const answered = { kind: "answered", agencies: ["Damkar"], missing: [] };
const cause = { agency: "Polair", agency_id: "polair", reason: "no_crew", number: 2, callsigns: [] };
const none = {
  kind: "unanswered",
  agencies: [],
  missing: [{ capability: words("kapal"), units: 1, reason: "no_fit_unit", certifications: [words("selam")], causes: [{ ...cause, agency: "Damkar", reason: "certification_blocked", number: 1, callsigns: ["Rescue 1"] }, cause] }],
};
const part = (stretches, answers, people, numbers) => ({
  stretches, answers, until_day: "2026-12-02",
  units: [{ unit_id: "kapal", callsign: "Kapal", least: 2, people }],
  certifications: [{ certification_id: "selam", label: words("Selam"), least: 0, people }],
  plans: [{ plan_id: "water", label: words("Di air"), answers: numbers }],
});
const first = part([stretch("01T00:00", "01T12:00"), stretch("01T12:00", "02T00:00")], [answered, none], [2, 1], [0, 1]);
const second = part([stretch("02T00:00", "02T12:00")], [none], [0], [0]);
const day = (text) => text.slice(8);

test("weeks are joined, each with its own answers", () => {
  const found = joined([first, second]);
  assert.deepEqual(found.plans[0].answers, [0, 1, 2]);
  assert.deepEqual(found.units[0].people, [2, 1, 0]);
  assert.equal(found.answers.length, 3);
  assert.equal(gapsOf(found), 2);
});

test("what goes on over the end of a week is one stretch", () => {
  const found = joined([first, part([stretch("02T00:00", "02T12:00"), stretch("02T12:00", "03T00:00")], [none, answered], [1, 2], [0, 1])]);
  assert.deepEqual(found.stretches.map((each) => each.ends_at.slice(8, 13)), ["01T12", "02T12", "03T00"]);
  assert.deepEqual(found.units[0].people, [2, 1, 2]);
  assert.deepEqual(found.plans[0].answers, [0, 1, 3]);
});

test("a plan that only a later week knows stands blank before", () => {
  const other = { ...second, plans: [{ ...second.plans[0], plan_id: "fire" }] };
  const found = joined([first, other]);
  assert.deepEqual(found.plans.map((plan) => plan.answers), [[0, 1, null], [null, null, 2]]);
  assert.equal(gapsOf(found), 2);
});

test("a stretch stands on the local day on which it begins", () => {
  assert.deepEqual(placesByDay(joined([first, second]), ["2026-12-01", "2026-12-02"]), [[0, 1], [2]]);
});

test("what is wrong is said once, with when it is, in the planner's own reasons", () => {
  const found = joined([first, second]);
  const [reason] = reasonsOf(found, found.plans[0], day);
  assert.equal(reason.sign, "✕");
  assert.equal(reason.when, "01 19:00–07:00, 02 07:00–19:00");
  assert.match(reason.words, /^kapal: 1 unit missing\. Rescue 1: .* \(selam\)\. 2 units of Polair: /);
});

test("a certificate that is only warned of is named", () => {
  assert.equal(missingWord({ capability: null, units: 0, reason: "certification_missing", certifications: [words("selam")], causes: [] }), "any unit: whoever goes lacks selam");
});

test("what is fine is a dot, what is short a number and a word", () => {
  const [units, certifications, plans] = sectionsOf(joined([first, second]), day);
  assert.deepEqual(units.rows[0].cells.map((cell) => cell.sign), ["·", "1", "0"]);
  assert.equal(units.rows[0].end, "complete in 1 of 3");
  assert.deepEqual(certifications.rows[0].cells.map((cell) => cell.sign), ["2", "1", "0"]);
  assert.equal(plans.rows[0].end, "answered in 1 of 3");
  assert.deepEqual(plans.rows[0].cells.map((cell) => cell.tone), ["", "k-cover-gap", "k-cover-gap"]);
});
