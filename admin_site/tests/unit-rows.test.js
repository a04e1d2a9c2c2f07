import assert from "node:assert/strict";
import { test } from "node:test";
import { mayChangeUnits } from "../js/parts/roles.js";
import { freeUnits, outOfService, withState } from "../js/parts/unit-rows.js";

const units = new Map(["a", "b", "c", "d"].map((id) => [id, { id, retired: id === "d" }]));
const state = (unit_id, about = {}) => ({
  unit_id, agency_id: "damkar", primary: "NotAvailable", secondary: "NoFuel", reason: "no_fuel", incident_id: "", assignment_id: "", since: "2026-11-23T22:00:00.000Z", ...about,
});
const sent = { assignment_id: "x", incident_id: "i", reason: "", secondary: "EnRoute" };
const free = { primary: "Available", secondary: "", reason: "" };

test("out of service is who can do nothing though nobody sent it anywhere", () => {
  const rows = outOfService([state("a"), state("b", sent), state("c", free)], units);
  assert.deepEqual(rows, [{ id: "a", agency_id: "damkar", reason: "no_fuel", since: "2026-11-23T22:00:00.000Z" }]);
});

test("the longest out comes first; units that were retired or are not known are left out", () => {
  const states = [state("b", { since: "2026-11-23T23:00:00.000Z" }), state("d"), state("gone"), state("c"), state("a")];
  assert.deepEqual(outOfService(states, units).map((row) => row.id), ["a", "c", "b"]);
});

test("free is who is in service and not sent anywhere, also when nothing is known of it yet", () => {
  const options = ["a", "b", "c", "new"].map((id) => ({ id }));
  assert.deepEqual(freeUnits(options, [state("a"), state("b", sent), state("c", free)]).map((one) => one.id), ["c", "new"]);
});

test("an answer takes the place of what was known of its unit, or is added", () => {
  const back = state("a", free);
  assert.deepEqual(withState([state("a"), state("b")], back), [state("b"), back]);
  assert.deepEqual(withState([], back), [back]);
});

test("the desk and an agency's admin may change units, who only reads may not", () => {
  const may = (role, agency_id = "") => mayChangeUnits({ role, agency_id });
  assert.deepEqual(["operator", "supervisor", "admin"].map((role) => may(role)), [true, true, true]);
  assert.equal(may("agency_admin", "damkar"), true);
  assert.deepEqual(["leader", "auditor"].map((role) => may(role)), [false, false]);
});
