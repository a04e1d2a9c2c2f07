import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS, actionThings, incidentThings, pageThings, personThings, unitThings } from "../js/parts/finder-things.js";
import { openRegistry } from "../js/parts/registry.js";

const registry = openRegistry({
  agencies: [{ id: "damkar", short_name: "Damkar" }, { id: "pmi", short_name: "PMI" }],
  units: [
    { id: "kapal", callsign: "Kapal Damkar", name: "Kapal pemadam", agency_id: "damkar" },
    { id: "pmi_1", callsign: "PMI 1", name: "Ambulans", agency_id: "pmi" },
    { id: "lama", callsign: "Lama", name: "", agency_id: "damkar", retired: true },
  ],
  incident_types: [{ id: "fire", category: "fire", label: { id: "Kebakaran rumah", en: "House fire" } }],
  districts: [{ id: "baamang", name: "Baamang" }],
});
const BOARD = { address: "board.html", name: "Board", group: "Desk", key: "p" };
const REGISTRY = { address: "registry.html", name: "Registry", group: "Settings", key: "i" };
const incident = (id, priority, alarm) => ({ id, priority, type: "fire", district: "baamang", village: "", landmark: "masjid", label: `L${id}`, crews: [{ callsign: "Damkar 1" }], coming: { alarm }, drill: false });

test("an open incident is found by its code, type, place and crews, those that nobody comes to first", () => {
  const [first, second] = incidentThings([incident("A", 1, false), incident("B", 3, true)], registry);
  assert.deepEqual([first.id, second.id], ["B", "A"]);
  assert.equal(first.href, "incident.html?id=B");
  assert.equal(first.label, "Kebakaran rumah");
  for (const word of ["LB", "Baamang", "masjid", "Damkar 1"]) assert.ok(first.words.includes(word), word);
});

test("units and people open their form where the registry is a page of the reader's", () => {
  const people = [{ id: "andi", name: "Andi", agency_id: "damkar" }, { id: "tua", name: "Tua", agency_id: "damkar", retired: true }];
  assert.deepEqual(unitThings(registry, [], [BOARD, REGISTRY]).map((one) => one.href), ["registry.html#units/kapal", "registry.html#units/pmi_1"]);
  assert.deepEqual(personThings(people, registry, [REGISTRY]).map((one) => [one.label, one.hint, one.href]), [["Andi", "Damkar", "registry.html#personnel/andi"]]);
});

test("where it is not, a unit opens what it is out for, and nothing leads to a page that there is not", () => {
  const states = [{ unit_id: "kapal", incident_id: "A" }, { unit_id: "pmi_1", incident_id: "" }];
  assert.deepEqual(unitThings(registry, states, [BOARD]).map((one) => one.href), ["incident.html?id=A"]);
  assert.deepEqual(personThings([{ id: "andi", name: "Andi", agency_id: "damkar" }], registry, [BOARD]), []);
});

test("what can be done is offered to who may do it, and leads to the form for it", () => {
  const pages = ["board.html", "blocked.html", "drills.html", "privacy.html"].map((address) => ({ ...BOARD, address }));
  const offered = (me) => actionThings(me, pages, registry).map((one) => one.href);
  assert.deepEqual(offered({ role: "leader" }), []);
  assert.deepEqual(offered({ role: "operator" }), ["board.html#out=kapal", "board.html#out=pmi_1"]);
  assert.deepEqual(offered({ role: "agency_admin", agency_id: "damkar" }), ["drills.html#agency", "board.html#out=kapal"]);
  assert.ok(offered({ role: "admin" }).includes("privacy.html#number"));
  assert.deepEqual(actionThings({ role: "supervisor" }, [BOARD], null), [], "no page, no action");
});

test("things stand before pages, and pages before what can be done", () => {
  assert.deepEqual(KINDS, ["incident", "unit", "person", "page", "do"]);
  assert.deepEqual(pageThings([BOARD]).map((one) => [one.href, one.end]), [["board.html", "g p"]]);
});
