import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { numbersToCall, repliesOf } from "../js/parts/plan-words.js";

const registry = { agency: () => "PSC 119", agencyPhone: () => "+62811000999" };
const page = (person_id, number, more = {}) => ({ person_id, number, name: person_id, assignment_id: "A1", kind: "page", ...more });
const incident = {
  crews: [{ id: "A1", agency_id: "psc" }],
  pages: [page("citra", "+62811000102"), page("dewi", "+62811000103"), page("andi", "+62811000100", { assignment_id: "A2" }), page("citra", "+62811000102", { kind: "cancelled" })],
  assignments: [
    { id: "A1", rung: [{ person: "citra", by: "one", times: 1, last_at: "2026-11-23T19:12:00.000Z" }, { person: "citra", by: "two", times: 1, last_at: "2026-11-23T19:16:00.000Z" }] },
    { id: "A2", rung: [{ person: "dewi", by: "one", times: 1, last_at: "2026-11-23T19:17:00.000Z" }] },
  ],
};

test("whom to ring: everybody of that crew who was paged, then its agency, and how often each was rung in vain", () => {
  setWording({}, "en");
  const rows = numbersToCall({ code: "no_acknowledgement", detail: "A1" }, incident, registry);
  assert.deepEqual(rows.map((row) => [row.person, row.href, row.vain]), [
    ["citra", "tel:+62811000102", "not picked up ×2, 02:16:00"],
    ["dewi", "tel:+62811000103", ""],
    ["", "tel:+62811000999", ""],
  ]);
  assert.deepEqual(numbersToCall({ code: "shortfall", detail: "A1" }, incident, registry), []);
});

test("a person on the agency's own phone is rung once", () => {
  const shared = { ...incident, pages: [page("citra", "+62811000999")] };
  assert.deepEqual(numbersToCall({ code: "no_movement", detail: "A1" }, shared, registry).map((row) => row.person), ["citra"]);
});

test("an SMS to read: its words, the step that one key records, and when it was said unless a later step is known", () => {
  setWording({}, "en");
  const mark = { code: "reply", detail: "A1", at: "2026-11-23T19:12:05.000Z", said_at: "2026-11-23T19:12:00.000Z", note: "N1", proposal: "on_scene", reason: "" };
  const one = { ...incident, attention: [mark], notes: [{ id: "N1", text: "sudah di lokasi", by_name: "Citra" }], assignments: [{ id: "A1", milestones: { requested: "2026-11-23T19:11:50.000Z" } }] };
  const [reply] = repliesOf(mark, one, (id) => id);
  assert.deepEqual([reply.text, reply.accept, reply.said], ["“sudah di lokasi” Citra", "Record: On scene", "2026-11-23T19:12:00.000Z"]);
  one.assignments[0].milestones.acknowledged = "2026-11-23T19:12:04.000Z";
  assert.equal(repliesOf(mark, one, (id) => id)[0].said, null);
  assert.equal(repliesOf({ ...mark, proposal: "unable" }, { ...one, attention: [{ ...mark, proposal: "unable" }] }, (id) => id)[0].accept, "");
});

test("too many SMS are one mark that says whom to ring", () => {
  const flood = { code: "reply", detail: "A1", at: "2026-11-23T19:12:05.000Z", note: "S1", proposal: "", reason: "", counted: true };
  const one = { ...incident, attention: [flood], notes: [], assignments: [{ id: "A1", milestones: {} }] };
  assert.equal(repliesOf(flood, one, (id) => id)[0].text, "More SMS than are kept; the last stands on the board. Ring the crew.");
  assert.deepEqual(numbersToCall({ code: "reply", detail: "A1" }, one, registry).map((row) => row.person), ["citra", "dewi", ""]);
  assert.deepEqual(numbersToCall({ code: "reply", detail: "A1" }, { ...one, attention: [{ ...flood, counted: false }] }, registry), []);
});
