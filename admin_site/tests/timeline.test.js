import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { isLate, sentence } from "../js/parts/timeline.js";

const names = {
  type: (id) => `type ${id}`, district: (id) => `district ${id}`, unit: (id) => `unit ${id}`, reason: (id) => `reason ${id}`,
  disposition: (id) => `disposition ${id}`, crew: (id) => ({ A1: "Damkar 1" })[id] || "", person: (id) => ({ andi: "Andi" })[id] || "",
};
const say = (type, data = {}) => sentence({ type, data }, names);

test("every type of event has a sentence", () => {
  const source = readFileSync(new URL("../../chalicelib/domain/events/event.py", import.meta.url), "utf-8");
  const types = [.../for each in \(([^)]*)\)/.exec(source)[1].matchAll(/\w+\.(\w+)/g)].map((found) => found[1]);
  assert.ok(types.length > 30);
  setWording({}, "en");
  for (const type of types) {
    const text = say(type, { unit: "u", reason: "r", level: 2, channel: "phone", type: "t", district: "d", disposition: "x", reported: "ready", pages: [{}], step: "ready", what: "received_at", was: "2026-11-23T03:55:00Z", now: "2026-11-23T03:41:00Z" });
    assert.notEqual(text, type);
    assert.doesNotMatch(text, /undefined|\{|\}/, type);
  }
});

test("sentences name the crew, the reason, and whom a crew stands in for", () => {
  assert.equal(say("UnitUnable", { unit: "7", reason: "no_fuel" }), "unit 7 cannot come: reason no_fuel");
  assert.equal(say("UnitAssigned", { unit: "8", level: 1, because: "A1" }), "unit 8 called out instead of Damkar 1");
  assert.equal(say("UnitAssigned", { unit: "8", level: 1, because: "instead_of:A1" }), "unit 8 called out instead of Damkar 1");
  assert.equal(say("UnitAssigned", { unit: "8", level: 2, because: "plan" }), "unit 8 called out, alarm 2");
  assert.equal(say("UnitAssigned", { unit: "8", level: 1, because: "silence", beside: "A1" }), "unit 8 called out beside Damkar 1, which is silent");
  assert.equal(say("UnitAssigned", { unit: "8", level: 1, because: "silence", beside: "" }), "unit 8 called out beside a silent crew");
  assert.equal(say("UnitCancelled", { unit: "8", because: "taken" }), "unit 8 called off: it had not answered, and goes to another incident");
  assert.equal(say("CrewHeard", { unit: "8", sign: "link" }), "unit 8 has opened the link and not answered: nobody is asked beside it yet");
  assert.equal(say("LateReportReceived", { unit: "8", reported: "on_scene", repeated: true }), "unit 8 reported again: On scene");
  assert.equal(say("PagesSent", { pages: [{}, {}] }), "2 SMS sent");
  assert.equal(say("PagesRequested", { pages: [{}, {}] }), "2 SMS ordered");
  assert.equal(say("PagesRequested", { pages: [{ because: "answered" }, { because: "answered" }] }), "2 SMS ordered: not needed, others go");
  assert.equal(say("PagesRequested", { pages: [{}, { because: "unable" }, { because: "ended" }, { because: "later" }] }), "1 SMS ordered · 1 SMS ordered: not needed, the crew cannot come · 1 SMS ordered: not needed, the incident is over · 1 SMS ordered: not needed, the incident is over");
  assert.equal(say("PageAcknowledged", { unit: "8", person: "andi", late: true }), "Andi answered for unit 8 when others went already");
  assert.equal(say("LateReportReceived", { unit: "8", person: "andi", reported: "acknowledged", repeated: true, stood_down: true }), "Andi, who is not needed for unit 8, has read it");
  assert.equal(say("SmsReplyReceived", { assignment: "A1", proposal: "en_route" }), "SMS about Damkar 1 for the desk to read; perhaps “En route”");
  assert.equal(say("SmsReplyReceived", { assignment: "A1", proposal: "", paused_s: 60 }), "SMS about Damkar 1 for the desk to read; the next stage waits a minute");
  assert.equal(say("SmsReplyDismissed", { assignment: "A1", reply: "N1" }), "SMS about Damkar 1 read; it needed no step");
  assert.equal(say("CallNotAnswered", { unit: "8", person: "andi" }), "unit 8: rang Andi, nobody picked up");
  assert.equal(say("CallNotAnswered", { unit: "8", person: "" }), "unit 8: rang the agency, nobody picked up");
  assert.equal(say("SmsReplyReceived", { assignment: "A1", proposal: "" }), "SMS about Damkar 1 for the desk to read");
});

test("what the auditor put right or found is said once for each kind", () => {
  const repaired = ["page_due:P1:A1", "page_due:P2:A1", "unit_freed:u:A1"];
  assert.equal(say("AuditRepaired", { repaired }), "The check put right: an SMS that would have been forgotten, a unit that nothing held any more");
  assert.equal(say("AuditMarked", { raised: ["audit:idle", "no_movement:A1"], settled: [] }), "The check found: no crew and not closed, no news from a crew");
  assert.equal(say("AuditMarked", { raised: [], settled: ["audit:idle"] }), "What the check had found is settled");
});

test("an amendment says what was and is, and of personal data only that it changed", () => {
  const fields = ["type", "priority", "terrain", "district", "landmark", "lat", "lng", "narrative"];
  const was = { type: "fire", priority: 2, terrain: "land", district: "" };
  const now = { type: "boat", priority: 1, terrain: "water", district: "d" };
  assert.equal(
    say("IncidentAmended", { fields, was, now }),
    "Amended: type boat instead of type fire, priority 1 instead of 2, on the water, district district d, place, map point, what the caller says",
  );
  assert.equal(say("IncidentAmended", { fields: ["district"], was: { district: "d" }, now: { district: "" } }), "Amended: district not known");
});

test("a type that the site does not know yet is shown by its name", () => {
  assert.equal(say("SomethingNew"), "SomethingNew");
});

test("the catalogue's wording replaces the English one", () => {
  setWording({ "{crew} is on scene": "{crew} tiba di lokasi", "{n} SMS sent": ["{n} SMS terkirim"] }, "id");
  assert.equal(say("UnitOnScene", { unit: "7" }), "unit 7 tiba di lokasi");
  assert.equal(say("PagesSent", { pages: [{}] }), "1 SMS terkirim");
  setWording({}, "en");
});

test("an event recorded well after it happened is a late entry", () => {
  const event = (recorded_at, data = {}) => ({ occurred_at: "2026-11-23T22:00:00.000Z", recorded_at, data });
  assert.ok(!isLate(event("2026-11-23T22:00:00.400Z")));
  assert.ok(isLate(event("2026-11-23T22:03:00.000Z")));
  assert.ok(isLate(event("2026-11-23T22:00:00.000Z", { late_entry: true })));
});

test("a failure after which nobody is left to wait for says so", () => {
  const failed = (data) => sentence({ type: "PagesFailed", data: { pages: [{}], ...data } }, {});
  assert.equal(failed({}), "1 SMS failed");
  assert.equal(failed({ nobody_left: ["A1"] }), "1 SMS failed: nobody left to wait for, the next are asked at once");
});
