import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "../js/parts/choices.js";
import { openRegistry } from "../js/parts/registry.js";

const registry = openRegistry({
  districts: [
    { id: "baamang", name: "Baamang", capital: "Baamang", villages: ["Baamang Hulu", "Sumber Makmur"] },
    { id: "mhs", name: "Mentaya Hilir Selatan", capital: "Samuda", aliases: ["MHS"], villages: ["Samuda Kota", "Sumber Makmur"] },
  ],
  incident_types: [
    { id: "other", category: "fire", label: { id: "Lainnya", en: "Other" }, catch_all: true },
    { id: "crash", category: "other", label: { id: "Laka", en: "Crash" }, words: ["tabrakan"] },
  ],
});
const place = (typed) => matching(registry.districtOptions, typed)[0].id;

test("a district is found by its other names and its capital, a village by its own", () => {
  assert.equal(place("mhs"), "mhs");
  assert.equal(place("samuda"), "mhs");
  assert.equal(place("bamang hulu"), "baamang/baamang_hulu");
});

test("before anything is typed only districts are offered", () => {
  assert.deepEqual(matching(registry.districtOptions, "").map((one) => one.id), ["baamang", "mhs"]);
});

test("of two villages of one name the district's own comes first", () => {
  const first = (district) => matching(registry.villageOptions(district), "sumber")[0].district;
  assert.deepEqual(["baamang", "mhs"].map(first), ["baamang", "mhs"]);
});

test("a village sets its district; a village of elsewhere does not stay behind, a name that nobody registered does", () => {
  const before = (village) => ({ district: "baamang", village });
  assert.deepEqual(registry.place("mhs/samuda_kota", before("")), { district: "mhs", village: "Samuda Kota" });
  assert.deepEqual(registry.place("mhs", before("Baamang Hulu")), { district: "mhs", village: "" });
  assert.deepEqual(registry.place("mhs", before("Sumber Makmur")), { district: "mhs", village: "Sumber Makmur" });
  assert.deepEqual(registry.place("mhs", before("Kampung Baru")), { district: "mhs", village: "Kampung Baru" });
  assert.deepEqual(registry.place("", before("Baamang Hulu")), { district: "", village: "Baamang Hulu" });
});

test("a type is found by its words, and the one for all others comes last wherever its category stands", () => {
  assert.deepEqual(matching(registry.typeOptions, "ketabrak").map((one) => one.id), ["crash", "other"]);
  assert.deepEqual(matching(registry.typeOptions, "").map((one) => one.id), ["crash", "other"]);
});

test("a fire brigade is not asked about its outboard motor, and no fire ends with a patient who refuses", () => {
  const words = (id) => ({ id, en: id });
  const kept = openRegistry({
    incident_types: [{ id: "fire", category: "fire", label: words("Fire") }],
    units: [{ id: "pump", agency_id: "damkar", terrains: ["land"], callsign: "P" }, { id: "boat", agency_id: "airud", terrains: ["water"], callsign: "B" }],
    reasons: [{ id: "engine", label: words("Engine"), terrains: ["water"] }, { id: "tyre", label: words("Tyre"), terrains: ["land"] }, { id: "hospital", label: words("Hospital"), agencies: ["psc"] }, { id: "fuel", label: words("Fuel"), terrains: [] }],
    dispositions: [{ id: "out", label: words("Out"), categories: ["fire"] }, { id: "refused", label: words("Refused"), categories: ["health"] }, { id: "false", label: words("False") }],
  });
  const ids = (some) => some.map((one) => one.id);
  assert.deepEqual(ids(kept.reasonsOf("pump")), ["fuel", "tyre"]);
  assert.deepEqual(ids(kept.reasonsOf("boat")), ["engine", "fuel"]);
  assert.equal(kept.reasonsOf("new here").length, 4);
  assert.deepEqual(ids(kept.dispositionsOf("fire").fitting), ["false", "out"]);
  assert.deepEqual(ids(kept.dispositionsOf("fire").others), ["refused"]);
  assert.equal(kept.dispositionsOf("unheard of").fitting.length, 3);
});
