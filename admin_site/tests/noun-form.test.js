import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { at, differs, formOf, idFor, meanwhile, same, setAt, slug, unique, valueOf } from "../js/parts/noun-form.js";

const UNIT = [
  { name: "callsign", title: "Callsign", kind: "text", required: true },
  { name: "agency_id", title: "Agency", kind: "ref", noun: "agencies", required: true },
  { name: "terrains", title: "Terrain", kind: "ticks", choices: [{ id: "land", title: "Land" }], required: true },
  { name: "min_crew", title: "Smallest crew", kind: "number", default: 1 },
  { name: "area_km2", title: "Area", kind: "decimal", default: 0 },
  { name: "retired", title: "Retired", kind: "flag", default: false },
];
const NEED = [
  { name: "agencies", title: "Agencies", kind: "chips", noun: "agencies", required: true },
  { name: "capability", title: "Capability", kind: "ref", noun: "capabilities", nullable: true, default: null },
  { name: "units", title: "Units", kind: "number", default: 1 },
];
const PLAN = [
  { name: "label", title: "Name", kind: "label", required: true },
  { name: "levels", title: "Levels", kind: "list", required: true, fields: [{ name: "needs", title: "Needs", kind: "list", named: true, required: true, fields: NEED }] },
];
const PLACE = [
  { name: "name", title: "Name", kind: "text", required: true },
  { name: "lat", title: "Position", kind: "point", required: true },
  { name: "aliases", title: "Other names", kind: "words", default: [] },
];
const boat = { id: "boat", callsign: "Rescue 1", agency_id: "damkar", terrains: ["land"], min_crew: 2, area_km2: 1.5, retired: false };

test("what was read comes back as it was", () => {
  const { id, ...rest } = boat;
  assert.deepEqual(valueOf(UNIT, formOf(UNIT, boat)), rest);
  const station = { name: "Mako", lat: -2.5387, lng: 112.9493, aliases: ["MHS", "Seberang"] };
  assert.deepEqual(valueOf(PLACE, formOf(PLACE, station)), station);
  assert.equal(formOf(PLACE, station).lat, "-2.5387, 112.9493");
});

test("a new thing has what its type gives it, and nothing else", () => {
  assert.deepEqual(formOf(UNIT), { callsign: "", agency_id: "", terrains: [], min_crew: "1", area_km2: "0", retired: false });
});

test("what is empty and needed is left out, so that the server asks for all of it at once", () => {
  assert.deepEqual(valueOf(UNIT, formOf(UNIT)), { callsign: "", terrains: [], min_crew: 1, area_km2: 0, retired: false });
  assert.deepEqual(valueOf(PLACE, formOf(PLACE)), { name: "", aliases: [] });
  assert.deepEqual(valueOf(NEED, formOf(NEED)), { agencies: [], capability: null, units: 1 });
});

test("a number is read as it is written here, and what is none goes to the server as it stands", () => {
  const typed = (min_crew, area_km2) => valueOf(UNIT, { ...formOf(UNIT), min_crew, area_km2 });
  assert.deepEqual([typed(" 3 ", "1,5").min_crew, typed("3", "1,5").area_km2], [3, 1.5]);
  assert.deepEqual([typed("dua", "").min_crew, typed("2,5", "").min_crew, typed("", "").min_crew], ["dua", "2,5", ""]);
  setWording({}, "en");
  assert.equal(formOf(UNIT, boat).area_km2, "1.5");
  setWording({}, "id");
  assert.equal(formOf(UNIT, boat).area_km2, "1,5");
});

test("a place is read as a pair or as a map's link; what is neither is refused beside all else", () => {
  const typed = (lat) => valueOf(PLACE, { ...formOf(PLACE), lat });
  assert.deepEqual([typed("-2,5 112,9").lat, typed("https://maps.example/@-2.5,112.9,15z").lng], [-2.5, 112.9]);
  assert.equal(typed("di dermaga").lat, "di dermaga");
});

test("words stand a line each, without blank lines", () => {
  assert.deepEqual(valueOf(PLACE, { ...formOf(PLACE), aliases: " MHS \n\nSeberang\n" }).aliases, ["MHS", "Seberang"]);
});

test("an element keeps its id, and a new one gets one of what it asks for, unlike all others of the plan", () => {
  const need = (more) => ({ ...formOf(NEED), agencies: ["damkar"], capability: "rescue", ...more });
  const form = { label: { id: "a", en: "b" }, levels: [{ needs: [need({ id: "rescue" }), need()] }, { needs: [need({ capability: "" })] }] };
  const ids = valueOf(PLAN, form).levels.map((level) => level.needs.map((each) => each.id));
  assert.deepEqual(ids, [["rescue", "rescue_2"], ["damkar"]]);
  assert.deepEqual(valueOf(PLAN, form), valueOf(PLAN, form));
});

test("an id is made of the name, is unlike the others, and says nothing of a person", () => {
  assert.equal(slug("Perahu Karet 40 PK (Dermaga)"), "perahu_karet_40_pk_dermaga");
  assert.equal(unique("boat", (id) => ["boat", "boat_2"].includes(id)), "boat_3");
  const called = { called: "callsign" };
  assert.equal(idFor("units", called, { agency_id: "damkar", callsign: "Rescue 9" }, () => false), "damkar_rescue_9");
  assert.equal(idFor("units", called, { agency_id: "damkar", callsign: "Damkar 9" }, (id) => id === "damkar_9"), "damkar_9_2");
  assert.equal(idFor("reasons", { called: "label" }, { label: { id: "BBM habis", en: "No fuel" } }, () => false), "no_fuel");
  assert.match(idFor("personnel", { called: "name" }, { agency_id: "damkar", name: "Siti" }, () => false), /^damkar_[0-9a-f]{6}$/);
  assert.match(idFor("units", called, { callsign: "消防" }, () => false), /^[a-z0-9]/);
});

test("a path leads into lists", () => {
  const form = formOf(PLAN, { label: { id: "a", en: "b" }, levels: [{ needs: [{ id: "n", agencies: ["x"], capability: null, units: 1 }] }] });
  setAt(form, "levels[0].needs[0].units", "3");
  assert.equal(at(form, "levels[0].needs[0].units"), "3");
  assert.equal(at(form, "levels[7].needs[0].units"), undefined);
});

test("the order of ticks says nothing, that of agencies who are asked in turn does", () => {
  const [, , terrains] = UNIT;
  assert.equal(differs(terrains, { terrains: ["land", "water"] }, { terrains: ["water", "land"] }), false);
  assert.equal(differs(NEED[0], { agencies: ["a", "b"] }, { agencies: ["b", "a"] }), true);
  assert.equal(same({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), true);
});

test("somebody else's version: what was not touched follows, what both changed is asked", () => {
  const draft = { v: 1, base: boat, form: { ...formOf(UNIT, boat), min_crew: "4", callsign: "Rescue 2" }, clash: [] };
  const theirs = { ...boat, v: 2, min_crew: 3, retired: true };
  const now = meanwhile(UNIT, draft, theirs);
  assert.deepEqual([now.v, now.clash, now.taken], [2, ["min_crew"], ["retired"]]);
  assert.deepEqual([now.form.callsign, now.form.min_crew, now.form.retired], ["Rescue 2", "4", true]);
  assert.deepEqual(meanwhile(UNIT, draft, { ...boat, v: 2, min_crew: 4 }).clash, []);
});

test("a day that may be empty is nothing, and not a change; one that must be given is asked for", () => {
  const fields = [{ name: "since", kind: "day", required: true }, { name: "until", kind: "day", nullable: true, default: null }];
  const thing = { since: "2026-01-01", until: null };
  assert.deepEqual(valueOf(fields, formOf(fields, thing)), thing);
  assert.deepEqual(valueOf(fields, { since: "", until: "2026-06-30" }), { until: "2026-06-30" });
});
