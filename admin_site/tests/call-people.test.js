import assert from "node:assert/strict";
import { test } from "node:test";
import { around, crewsToCall, lineToSay, nextToCall, peopleToCall, sentBeside, titleOf } from "../js/parts/call-people.js";
import { setWording } from "../js/parts/i18n.js";

const registry = { agency: () => "Satpolairud", agencyPhone: () => "+62811000999", type: () => "Drowning", district: () => "Seranau" };
const page = (person_id, number, more = {}) => ({ person_id, number, name: person_id, assignment_id: "A1", kind: "page", ...more });
const boat = (more = {}) => ({ id: "A1", agency_id: "airud", callsign: "Polair 1", need_id: "boat", level: 1, status: "unanswered", people: ["cahyono", "doni"], milestones: { requested: "2026-11-29T19:40:43.000Z" }, rung: [], ...more });
const rang = (person, by, times, last_at) => ({ person, by, times, last_at });
const incident = (crew = boat(), more = {}) => ({
  type: "drowning", district: "seranau", village: "", landmark: "dermaga feri", crews: [{ id: "A1", agency_id: "airud" }], assignments: [crew], attention: [],
  pages: [page("cahyono", "+62811000101"), page("doni", "+62811000102"), page("gatot", "+62811000107")],
  timeline: [
    { type: "AssignmentEscalated", actor: "clock", actor_name: "", data: { assignment: "A1", to: "head", people: ["gatot"] } },
    { type: "CallNotAnswered", actor: "sub-1", actor_name: "Sari", data: { assignment: "A1", person: "cahyono", times: 1 } },
  ],
  ...more,
});
const silent = (crew = boat()) => ({ code: "no_acknowledgement", crew });
const people = (crew) => peopleToCall(silent(crew), incident(crew), registry);

test("everybody who was paged is rung in turn, then the agency, each with what they are to the crew", () => {
  setWording({}, "en");
  assert.deepEqual(people(boat()).map((one) => [one.at, one.name, one.role, one.number]), [
    [1, "cahyono", "Polair 1", "0811-0001-01"], [2, "doni", "Polair 1", "0811-0001-02"], [3, "gatot", "head of the agency", "0811-0001-07"], [4, "Satpolairud", "the agency's number", "0811-0009-99"],
  ]);
});

test("the next is who was rung least often, by whichever desk; after the last the round begins again", () => {
  setWording({}, "en");
  const once = [rang("cahyono", "sub-1", 1, "2026-11-29T19:45:50.000Z"), rang("doni", "sub-2", 1, "2026-11-29T19:46:31.000Z")];
  const found = people(boat({ rung: once }));
  assert.equal(nextToCall(found).name, "gatot");
  assert.deepEqual(found.map((one) => one.rung), ["not picked up 02:45:50 · Sari", "not picked up 02:46:31", "", ""]);
  const all = [...once, rang("gatot", "sub-1", 1, "2026-11-29T19:47:00.000Z"), rang("", "sub-1", 1, "2026-11-29T19:48:00.000Z")];
  assert.equal(nextToCall(people(boat({ rung: all }))).name, "cahyono");
  const again = people(boat({ rung: [...all, rang("cahyono", "sub-2", 1, "2026-11-29T19:49:00.000Z")] }));
  assert.equal(nextToCall(again).name, "doni");
  assert.equal(again[0].rung, "not picked up ×2, 02:49:00");
});

test("who may not see a number is shown none, not its end", () => {
  const masked = incident(boat(), { pages: [page("cahyono", "…101")] });
  assert.equal(peopleToCall(silent(), masked, { ...registry, agencyPhone: () => "" })[0].number, "");
});

test("only crews that are still expected are rung, each once, whatever marks they have", () => {
  const marks = [{ code: "unreached", detail: "A1" }, { code: "no_acknowledgement", detail: "A1" }, { code: "shortfall", detail: "boat:busy" }, { code: "reply", detail: "A1" }];
  assert.deepEqual(crewsToCall(marks, incident()).map((one) => one.code), ["unreached"]);
  assert.deepEqual(crewsToCall(marks, incident(boat({ status: "cancelled" }))), []);
  const flood = incident(boat(), { attention: [{ code: "reply", detail: "A1", counted: true }] });
  assert.deepEqual(crewsToCall([marks[3]], flood).map((one) => titleOf(one)), ["Too many SMS of Polair 1: call now"]);
});

test("the line to say names what happened and where, also where nobody knows it", () => {
  setWording({}, "en");
  assert.equal(lineToSay(silent(), incident(), registry), "“112. Drowning, dermaga feri, Seranau. Polair 1 has not answered. Can you go?”");
  assert.match(lineToSay({ code: "no_movement", crew: boat() }, incident(boat(), { landmark: "", district: "" }), registry), /a place that is not known yet\. There is no news/);
});

test("what was sent beside meanwhile stands there with its people, and what had been sent before does not", () => {
  setWording({}, "en");
  const rib = { id: "A2", callsign: "RIB SAR", need_id: "boat", level: 1, status: "en_route", milestones: { requested: "2026-11-29T19:44:32.000Z", en_route: "2026-11-29T19:45:33.000Z" }, because: "silence", beside: "A1" };
  const psc = { id: "A3", callsign: "PSC 1", need_id: "medic", level: 1, status: "requested", milestones: { requested: "2026-11-29T19:44:40.000Z" } };
  const whole = incident(boat(), { assignments: [boat(), rib, psc], pages: [page("louis", "+62811000120", { assignment_id: "A2" }), page("louis", "+62811000120", { assignment_id: "A2" })] });
  const [one, ...others] = sentBeside(boat(), whole);
  assert.deepEqual(others, []);
  assert.deepEqual([one.text, one.word, one.since, one.people], ["Meanwhile RIB SAR is sent beside it, 02:44:32, because Polair 1 is silent:", "En route", "2026-11-29T19:45:33.000Z", "louis"]);
  const byDesk = { ...rib, because: "", beside: "" };
  assert.equal(sentBeside(boat(), { ...whole, assignments: [boat(), byDesk] })[0].text, "Meanwhile RIB SAR is sent, 02:44:32:");
});

test("of many people those around the one who is rung are shown, and the others fold away", () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ key: `p${i}`, at: i + 1 }));
  const { shown, folded } = around(many, many[4]);
  assert.deepEqual(shown.map((one) => one.at), [3, 4, 5, 6, 7]);
  assert.equal(folded.length, 7);
  assert.deepEqual(around(many.slice(0, 5), many[0]).folded, []);
});
