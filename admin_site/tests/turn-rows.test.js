import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { ruleLinks, warningAt } from "../js/parts/rule-links.js";
import { turnGaps, turnMoments } from "../js/parts/turn-rows.js";

setWording({}, "en");
const turn = (after_s, kind, more) => ({ after_s, kind, unit_id: "d1", callsign: "Damkar 1", agency: "Damkar", to: "", people: [], others: 0, empty: [], told: [], again: false, beside: "", ...more });
const words = (turns) => turnMoments(turns).map(({ after, rows }) => [after, rows.map((row) => [row.unit, row.what, row.people, row.gap, row.told].filter(Boolean).join(" / "))]);

test("each minute says whose silence has whom asked, and how it ends at the desk", () => {
  const turns = [
    turn(0, "crew", { people: [{ id: "a", name: "Andi" }] }), turn(0, "crew", { unit_id: "", callsign: "", agency: "PSC", others: 2 }),
    turn(60, "beside", { unit_id: "d2", callsign: "Damkar 2", beside: "Damkar 1", people: [{ id: "b", name: "Budi" }] }), turn(60, "stage", { to: "backup", people: [{ id: "c", name: "Citra" }], empty: ["on_duty"] }),
    turn(120, "stage", { to: "backup", people: [{ id: "c", name: "Citra" }], again: true, told: ["head"] }), turn(180, "desk", { to: "desk" }),
  ];
  assert.deepEqual(words(turns), [
    ["at once", ["Damkar 1 / first SMS / Andi", "a unit of PSC / first SMS / 2 people"]],
    ["+1:00", ["Damkar 2 / asked beside Damkar 1, which is silent / Budi", "Damkar 1 / on call / Citra / nobody as: others on duty"]],
    ["+2:00", ["Damkar 1 / on call, once more / Citra / paged already: head of the agency"]],
    ["+3:00", ["Damkar 1 / the desk is told to ring"]],
  ]);
  assert.deepEqual([...turnGaps(turns)], ["Damkar: others on duty"]);
});

test("a crew after which nobody is asked is red, one whose officers another crew has had asked is not, nor one that was asked beside", () => {
  const tones = (turns) => turnMoments(turns).flatMap(({ rows }) => rows).map((row) => row.tone);
  assert.deepEqual(tones([turn(0, "crew"), turn(60, "desk", { to: "desk", empty: ["head"] })]), ["", "k-why"]);
  assert.deepEqual(tones([turn(0, "crew"), turn(60, "desk", { to: "desk", told: ["supervisor"] })]), ["", ""]);
  assert.deepEqual(tones([turn(0, "beside"), turn(60, "desk", { to: "desk" })]), ["", ""]);
  assert.deepEqual(tones([turn(0, "crew"), turn(60, "stage", { to: "head", empty: ["backup"] })]), ["", "k-soon"]);
});

test("a warning opens the person whose certificate lapsed, or the certificate that nobody holds; who may not read the registry opens nothing", () => {
  assert.equal(warningAt("certification_expired:water_rescue:siti"), "registry.html#personnel/siti");
  assert.equal(warningAt("certification_missing:water_rescue"), "registry.html#certifications/water_rescue");
  assert.equal(warningAt("place_far"), "");
  const hrefs = (role) => ["d1", ""].map((id) => ruleLinks({ role }).ruleHref("units", id));
  assert.deepEqual([hrefs("operator"), hrefs("admin")], [[null, null], ["registry.html#units/d1", null]]);
});
