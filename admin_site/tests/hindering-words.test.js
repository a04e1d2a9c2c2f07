import assert from "node:assert/strict";
import { test } from "node:test";
import { hinderingHint, hinderingRows } from "../js/parts/hindering-words.js";

const NEED = { name: "needs", title: "Needs", kind: "list", fields: [{ name: "agencies", title: "Agencies", kind: "chips", noun: "agencies" }] };
const FIELDS = { crews: [{ name: "unit_id", title: "Usual unit", kind: "ref", noun: "units" }], "response-plans": [{ name: "levels", title: "Alarm levels", kind: "list", fields: [NEED] }] };
const NAMES = { "units/boat": "Rescue 1", "crews/red": "Red", "response-plans/water": "Drowning", "agencies/damkar": "Damkar", "capabilities/water_rescue": "water rescue" };
const about = { fieldsOf: (noun) => FIELDS[noun], keeps: (noun) => noun === "crews", name: (noun, id) => NAMES[`${noun}/${id}`] || id, incidents: [{ id: "01ABC", label: "0ABC", word: "0ABC, Drowning, Seranau" }] };

const gone = { path: "unit_id", code: "retired", values: { id: "boat" }, about: "crews/red" };
const lacks = (level) => ({ path: `levels[${level}].needs[0].agencies[0]`, code: "no_unit", values: { agency: "damkar", capability: "water_rescue" }, about: "response-plans/water" });

test("what needs a thing stands once, with a link, the field that names it, and who may change it", () => {
  const [plan, crew, ...more] = hinderingRows([lacks(0), lacks(2), gone], about);
  assert.equal(more.length, 0);
  assert.deepEqual([crew.name, crew.href, crew.path, crew.text], ["Red", "#crews/red", "unit_id", "“Usual unit” names it: name another one there, or none."]);
  assert.equal(plan.name, "Drowning");
  assert.match(plan.text, /^“Alarm levels 1, Needs 1”: Damkar would have no unit left for water rescue\. “Alarm levels 3, Needs 1”.* An administrator changes this\.$/);
  assert.match(hinderingHint([lacks(0)]), /take the agency out/);
  assert.equal(hinderingHint([gone]), "");
});

test("an open incident opens beside the draft where the reader may see it, and a shift leads nowhere", () => {
  const out = { path: "boat", code: "unit_out", values: {}, about: "incidents/0ABC" };
  const rows = hinderingRows([out, { ...out, about: "incidents/0XYZ" }, { path: "unit_id", code: "retired", values: { id: "boat" }, about: "shifts/1" }], about);
  assert.deepEqual(rows.map((row) => row.name), ["0ABC, Drowning, Seranau", "Incident 0XYZ", "a shift"]);
  assert.deepEqual(rows.map((row) => [row.href, row.away]), [["incident.html?id=01ABC", true], ["", true], ["", false]]);
});
