import assert from "node:assert/strict";
import { test } from "node:test";
import { activeFirst, inOrder, isActive, milestones, nextSteps } from "../js/parts/crew-steps.js";
import { failureWord, placeErrors, refusals } from "../js/parts/fields.js";
import { decimal, label, setWording, t, tn } from "../js/parts/i18n.js";
import { markDetail, passedOver, pickReason, shortfall, warning } from "../js/parts/plan-words.js";
import { mayCommand, mayReport, safeReturn } from "../js/parts/roles.js";
import { beingOrderedWord, pageStatusWord, statusWord } from "../js/parts/words.js";

setWording({}, "en");

const fault = (path, code, values = {}) => ({ path, code, values, about: "" });

test("placeholders are filled once, and texts of people are never read as placeholders", () => {
  assert.equal(t("{a} and {b}", { a: "{b}", b: "2" }), "{b} and 2");
  assert.equal(t("{missing}"), "{missing}");
  assert.equal(tn("{n} call", "{n} calls", 1), "1 call");
  assert.equal(tn("{n} call", "{n} calls", 0), "0 calls");
  assert.equal(label({ id: "Rumah", en: "House" }), "House");
  assert.equal(label(undefined), "");
  assert.equal(decimal(4.16), "4.2");
});

test("a code that is not known is shown readable", () => {
  assert.equal(statusWord("gone_fishing"), "gone fishing");
  assert.equal(pickReason("some_reason"), "some reason");
  assert.equal(passedOver("busy"), "busy elsewhere");
  assert.equal(pageStatusWord({ status: "sent", acknowledged_at: null }), "sent");
  assert.equal(pageStatusWord({ status: "failed", acknowledged_at: "2026-11-23T22:00:00.000Z" }), "answered");
  const arrived = { status: "delivered", acknowledged_at: null, delivered_at: "2026-11-23T03:03:09.000Z" };
  assert.equal(pageStatusWord(arrived), "reached the phone 10:03:09");
  assert.equal(pageStatusWord({ ...arrived, acknowledged_at: "2026-11-23T03:04:00.000Z" }), "answered");
});

test("warnings and shortfalls are sentences", () => {
  const certifications = [{ id: "water_rescue", label: { id: "Penyelamatan di air", en: "Water rescue" } }];
  const people = [{ id: "siti", name: "Siti Aminah" }];
  assert.equal(warning("certification_expired:water_rescue:siti", certifications, people), "Siti Aminah: certificate Water rescue has expired");
  assert.equal(warning("certification_missing:water_rescue", certifications), "certificate Water rescue is missing");
  assert.equal(shortfall({ missing: 1, reason: "no_unit", considered: [] }), "1 unit missing: no agency of the plan has a unit");
  const considered = [{ agency_id: "damkar" }, { agency_id: "pmi" }, { agency_id: "pmi" }];
  assert.equal(shortfall({ missing: 2, reason: "no_crew", considered }, (id) => id.toUpperCase()), "2 units missing (DAMKAR, PMI): no crew on duty");
  assert.equal(markDetail({ code: "shortfall", detail: "busy", count: 2 }, []), "busy elsewhere ×2");
  assert.equal(markDetail({ code: "page_failed", detail: "A1" }, [{ id: "A1", callsign: "Damkar 1" }]), "Damkar 1");
});

test("refusals go to their fields, the rest is kept with its path", () => {
  const { fields, rest } = placeErrors([
    fault("incident.location.lat", "too_small", { least: "-90" }), fault("incident.location.lng", "required"), fault("number", "phone_unread"),
    fault("other.path", "too_long", { most: "160" }),
  ]);
  assert.deepEqual(fields, { coordinates: "At least -90.; This is needed.", number: "This is not one valid phone number." });
  assert.deepEqual(rest, ["other.path: At most 160 characters."]);
  assert.deepEqual(placeErrors(undefined), { fields: {}, rest: [] });
  assert.deepEqual(refusals({ faults: [fault("instead_of", "assignment_over", { status: "cancelled" })] }), ["This unit is no longer on the incident."]);
  assert.deepEqual(refusals({ faults: [fault("id", "ended", { status: "cancelled" })] }), ["The incident is cancelled."]);
});

test("failures say what happened and name the units that are still out", () => {
  assert.equal(failureWord({ name: "Unreachable" }), "The server cannot be reached.");
  const conflict = { code: "conflict", faults: [fault("assignments", "still_assigned", { units: "Damkar 1, PSC 2" })] };
  assert.equal(failureWord(conflict), "Still out: Damkar 1, PSC 2. Clear them or call them off first.");
  assert.deepEqual(refusals(conflict), []);
  assert.match(failureWord({ code: "conflict", faults: [fault("assignments", "ordering")] }), /^Units are still being ordered/);
  assert.equal(failureWord({ code: "", message: "", status: 418 }), "The server answered with error 418.");
});

test("steps go forward only and may be skipped", () => {
  const at = (status) => ({ status, milestones: {}, late_entry: [] });
  assert.deepEqual(nextSteps(at("requested")), ["acknowledged", "en_route", "on_scene", "ready", "cleared"]);
  assert.deepEqual(nextSteps(at("on_scene")), ["ready", "cleared"]);
  assert.deepEqual(nextSteps(at("unanswered"))[0], "acknowledged");
  for (const status of ["cleared", "unable", "cancelled"]) {
    assert.ok(!isActive(at(status)));
    assert.deepEqual(nextSteps(at(status)), []);
  }
});

test("a skipped milestone stays empty, and the next counts from the one before it", () => {
  const rows = milestones({
    milestones: { requested: "2026-11-23T22:00:00.000Z", on_scene: "2026-11-23T22:05:00.000Z" }, late_entry: ["on_scene"],
  });
  assert.deepEqual(rows.map((row) => row.afterMs), [null, null, null, 300_000, null, null]);
  assert.ok(rows[3].late && !rows[0].late);
});

test("crews and their messages stand in the order in which they were called out", () => {
  const ordered = inOrder({
    crews: [{ id: "b" }, { id: "a" }],
    assignments: [{ id: "a" }, { id: "b" }],
    pages: [{ assignment_id: "a", requested_at: "1", name: "x" }, { assignment_id: "b", requested_at: "2", name: "z" }, { assignment_id: "b", requested_at: "2", name: "y" }],
  });
  assert.deepEqual(ordered.assignments.map((one) => one.id), ["b", "a"]);
  assert.deepEqual(ordered.pages.map((one) => one.name), ["y", "z", "x"]);
});

test("who may still come stands before those that cannot, and else nothing changes its place", () => {
  const crews = ["unable", "requested", "cleared", "on_scene", "cancelled"].map((status) => ({ id: status, status }));
  assert.deepEqual(activeFirst(crews).map((one) => one.id), ["requested", "on_scene", "unable", "cleared", "cancelled"]);
});

test("what is decided and not yet in an incident is said, and nothing once it all is", () => {
  const rest = (units, crews_to_call_off, pages) => beingOrderedWord({ being_ordered: { units, crews_to_call_off, pages } });
  assert.equal(rest(42, 0, 310), "42 more units are being ordered · 310 more SMS are being written");
  assert.equal(rest(0, 1, 0), "1 more crew is being called off");
  assert.equal(rest(0, 0, 0), "");
  assert.equal(beingOrderedWord({}), "");
});

test("roles: the desk acts, an agency reports for its own crews, others read", () => {
  const own = { agency_id: "damkar" };
  for (const role of ["operator", "supervisor", "admin"]) assert.ok(mayCommand({ role }) && mayReport({ role }, own));
  for (const role of ["leader", "auditor"]) assert.ok(!mayCommand({ role }) && !mayReport({ role }, own));
  assert.ok(mayReport({ role: "agency_admin", agency_id: "damkar" }, own));
  assert.ok(!mayReport({ role: "agency_admin", agency_id: "pmi" }, own));
});

test("after sign-in only a page of this site is gone back to", () => {
  assert.equal(safeReturn("/en/incident.html?id=01K"), "/en/incident.html?id=01K");
  for (const evil of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", undefined, "/ x"]) {
    assert.equal(safeReturn(evil), "/index.html");
  }
});
