import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/i18n.js";
import { numbersToCall } from "../js/plan-words.js";

const registry = { agency: () => "PSC 119", agencyPhone: () => "+62811000999" };
const page = (person_id, number, more = {}) => ({ person_id, number, name: person_id, assignment_id: "A1", kind: "page", ...more });
const incident = {
  crews: [{ id: "A1", agency_id: "psc" }],
  pages: [page("citra", "+62811000102"), page("dewi", "+62811000103"), page("andi", "+62811000100", { assignment_id: "A2" }), page("citra", "+62811000102", { kind: "cancelled" })],
  timeline: [
    { type: "CallNotAnswered", occurred_at: "2026-11-23T19:12:00.000Z", data: { assignment: "A1", person: "citra" } },
    { type: "CallNotAnswered", occurred_at: "2026-11-23T19:16:00.000Z", data: { assignment: "A1", person: "citra" } },
    { type: "CallNotAnswered", occurred_at: "2026-11-23T19:17:00.000Z", data: { assignment: "A2", person: "dewi" } },
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
