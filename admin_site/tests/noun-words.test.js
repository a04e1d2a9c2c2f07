import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf, told } from "../js/parts/noun-faults.js";
import { changeLines, itemWord, valueWord } from "../js/parts/noun-words.js";

const NAMES = { "agencies/damkar": "Damkar", "agencies/polres": "Polres", "capabilities/rescue": "Penyelamatan", "certifications/sar": "SAR air", "personnel/p1": "Siti" };
const name = (noun, id) => NAMES[`${noun}/${id}`] || id;
const NEED = [
  { name: "agencies", title: "Agencies", kind: "chips", noun: "agencies" },
  { name: "capability", title: "Capability", kind: "ref", noun: "capabilities", nullable: true, default: null },
  { name: "units", title: "Units", kind: "number", default: 1 },
];
const FIELDS = [
  { name: "label", title: "Name", kind: "label" },
  { name: "agency_id", title: "Agency", kind: "ref", noun: "agencies" },
  { name: "capabilities", title: "Capabilities", kind: "refs", noun: "capabilities", default: [] },
  { name: "lat", title: "Position", kind: "point" },
  { name: "words", title: "Words", kind: "words", default: [] },
  { name: "certifications", title: "Certificates", kind: "list", fields: [{ name: "certification_id", title: "Certificate", kind: "ref", noun: "certifications" }, { name: "expires_on", title: "Valid until", kind: "day" }] },
  { name: "levels", title: "Level", kind: "list", fields: [{ name: "needs", title: "Need", kind: "list", named: true, fields: NEED }] },
  { name: "terrain", title: "Terrain", kind: "choice", choices: [{ id: "land", title: "Land" }], nullable: true, default: null },
];
const need = (more) => ({ id: "n", agencies: ["damkar"], capability: "rescue", units: 1, ...more });
const lines = (before, after) => changeLines(FIELDS, { label: {}, ...before }, { label: {}, ...after }, name);

test("a value is said by names, not by ids", () => {
  const word = (field, part) => valueWord(FIELDS.find((each) => each.name === field), part, name);
  assert.equal(word("agency_id", "damkar"), "Damkar");
  assert.equal(word("terrain", "land"), "Land");
  assert.equal(word("terrain", null), "");
  assert.equal(word("label", { id: "Api", en: "Fire" }), "Api / Fire");
  assert.equal(word("lat", { lat: -2.5, lng: 112.9 }), "-2.5, 112.9");
  assert.equal(itemWord({ fields: NEED }, need({ units: 2 }), name), "Damkar, Penyelamatan, Units 2");
});

test("what changed is said a line a field", () => {
  assert.deepEqual(lines({ agency_id: "damkar" }, { agency_id: "polres" }), [{ title: "Agency", before: "Damkar", after: "Polres" }]);
  assert.deepEqual(lines({ capabilities: ["x"] }, { capabilities: ["rescue"] }), [{ title: "Capabilities", added: ["Penyelamatan"], removed: ["x"] }]);
  assert.deepEqual(lines({ words: ["a", "b"] }, { words: ["b", "a"] }), [{ title: "Words", before: "a, b", after: "b, a" }]);
  assert.deepEqual(lines({ terrain: null }, { terrain: "land" }), [{ title: "Terrain", before: "nothing", after: "Land" }]);
  assert.deepEqual(lines({ agency_id: "damkar" }, { agency_id: "damkar" }), []);
});

test("a longer date of one certificate is no certificate gone and another come", () => {
  const held = (expires_on) => [{ certification_id: "sar", expires_on }, { certification_id: "bls", expires_on: "2027-01-01" }];
  assert.deepEqual(lines({ certifications: held("2026-01-01") }, { certifications: held("2099-01-01") }), [
    { title: "Certificates 1: Valid until", before: "1 Jan 2026", after: "1 Jan 2099" },
  ]);
});

test("deep in a plan it is said where", () => {
  const plan = (...needs) => ({ levels: [{ needs: [need({ id: "a" })] }, { needs }] });
  assert.deepEqual(lines(plan(need()), plan(need({ units: 3 }))), [{ title: "Level 2: Need 1: Units", before: "1", after: "3" }]);
  assert.deepEqual(lines(plan(need({ id: "b" }), need()), plan(need())), [{ title: "Level 2: Need", added: [], removed: ["Damkar, Penyelamatan"] }]);
});

test("a path of the server's is the place of a field in the form", () => {
  const where = (path) => placeOf(FIELDS, path)?.path;
  assert.equal(where("levels[0].needs[1].capability"), "levels[0].needs[1].capability");
  assert.equal(where("levels[0].needs[1].agencies[2]"), "levels[0].needs[1].agencies");
  assert.equal(where("levels[0].needs"), "levels[0].needs");
  assert.equal(where("lng"), "lat");
  assert.equal(where("label.en"), "label.en");
  assert.equal(where("words[3]"), "words");
  assert.equal(where("never_heard_of"), undefined);
  assert.equal(placeOf(FIELDS, "levels[1].needs[0].units").title, "Level 2, Need 1, Units");
});

test("all that is refused is summed up in the order of the form, with names for ids", () => {
  const fault = (path, code, values = {}, about = "") => ({ path, code, values, about });
  const found = told([
    fault("levels[0].needs[0].agencies[0]", "no_unit", { agency: "damkar", capability: "rescue", terrain: "land" }),
    fault("words[1]", "too_short", { least: "2" }),
    fault("agency_id", "retired", { id: "damkar" }),
    fault("lat", "required"),
    fault("lng", "required"),
    fault("odd", "unknown_field"),
  ], FIELDS, { words: ["api", "x"] }, name);
  assert.deepEqual(found.summary.map((each) => each.path), ["", "agency_id", "lat", "words", "levels[0].needs[0].agencies"]);
  assert.equal(found.summary[1].text, "Agency: “Damkar” is retired.");
  assert.match(found.fields.words, /“x”/);
  assert.match(found.summary.at(-1).text, /Level 1, Need 1, Agencies: Damkar .*Penyelamatan/);
});

test("what depends on it is named once each, and duties are counted", () => {
  const fault = (about, code, values) => ({ path: "a", about, code, values });
  const found = told([
    fault("personnel/p1", "retired", { id: "x" }),
    fault("personnel/p1", "retired", { id: "x" }),
    fault("shifts/s1", "retired", { id: "x" }),
    fault("incidents/0001", "unit_out", {}),
  ], FIELDS, {}, name);
  assert.deepEqual(found.depends.map((each) => [each.name, each.href]), [["Siti", "#personnel/p1"], ["a shift", ""], ["Incident 0001", ""]]);
  assert.equal(found.shifts, 1);
});

test("what depends on a retired thing names it, and not its id", () => {
  const name = (noun, id) => ({ units: { boat_1: "Relawan 1" }, crews: { mentaya: "Regu Relawan" } })[noun]?.[id] || id;
  const { depends } = told([{ path: "unit_id", code: "retired", values: { id: "boat_1" }, about: "crews/mentaya" }], [], {}, name);
  assert.match(depends[0].text, /Relawan 1/);
  assert.doesNotMatch(depends[0].text, /boat_1/);
});
