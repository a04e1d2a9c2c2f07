import assert from "node:assert/strict";
import { test } from "node:test";
import { effectRows, merged, sideWord } from "../js/parts/effect-words.js";

const name = (noun, id) => ({ "incident-types/drowning": "Drowning", "districts/seranau": "Seranau" })[`${noun}/${id}`] || id;

const unit = { callsign: "Rescue 1", agency: "Damkar", distance_km: 14.8, people: 2 };
const side = (more) => ({ plan_id: "water", units: [unit], missing: [], stages: [], ...more });

test("one side of a difference: who goes, what is missing, and that nobody goes", () => {
  assert.equal(sideWord(side()), "Rescue 1, 14,8 km, 2 people");
  assert.match(sideWord(side({ missing: [{ need_id: "boat", missing: 1, reason: "no_crew" }] })), /; 1 unit missing: no crew on duty$/);
  assert.equal(sideWord(side({ units: [{ ...unit, callsign: "", distance_km: null, people: 1 }] })), "Damkar, 1 person");
  assert.equal(sideWord(side({ units: [] })), "nobody");
  assert.equal(sideWord(side({ plan_id: null, units: [] })), "no response plan fits");
});

test("the same difference at several times is one row", () => {
  const row = (at, more) => ({ kind: "unanswered", plan_id: "water", type: "drowning", district: "seranau", at, today: "", before: side(), after: side({ units: [] }), ...more });
  const rows = effectRows([row("2026-11-30T01:00:00Z"), row("2026-11-30T12:00:00Z"), row("2026-12-01T01:00:00Z", { kind: "units" })], name, "2026-11-30T00:30:00Z");
  assert.equal(rows.length, 2);
  assert.deepEqual([rows[0].what, rows[0].where, rows[0].when, rows[0].tone], ["Drowning", "Seranau", "08:00 · 19:00", "k-why"]);
  assert.match(rows[1].when, /1 Des 2026|1 Dec 2026/);
  assert.equal(rows[1].tone, "");
});

const stage = (after_s, to, people, skipped = []) => ({ after_s, to, people, skipped });

test("who is asked after a silent crew is told with its times, and which stage pages nobody", () => {
  assert.equal(
    sideWord(side({ stages: [stage(180, "backup", 2), stage(600, "desk", 0, ["head"])] })),
    "Rescue 1: +3:00 on call, 2 people · +10:00 the desk is told to ring (nobody as: head of the agency)",
  );
});

test("what is asked later alike for many types and districts is one row, and of many the first are named", () => {
  const before = side({ stages: [stage(180, "backup", 1)] });
  const after = side({ stages: [stage(180, "desk", 0)] });
  const rows = ["a", "b", "c", "d", "e"].flatMap((type) => ["x", "y"].map((district) => ({ kind: "unasked", plan_id: type, type, district, at: "2026-11-30T01:00:00Z", today: "", before, after })));
  const [row, ...more] = effectRows(rows, name, "2026-11-30T00:30:00Z");
  assert.equal(more.length, 0);
  assert.deepEqual([row.what, row.where, row.when, row.tone], ["a, b, c and 2 more", "x, y", "08:00", "k-soon"]);
});

test("the same people asked at other times are told by the times alone, for all crews in one row, and all duties as every duty", () => {
  const of = (callsign, people, after_s) => side({ units: [{ ...unit, callsign }], stages: [stage(after_s, "backup", people), stage(after_s * 2, "desk", 0)] });
  const row = (callsign, people, at) => ({ kind: "stages", plan_id: "water", type: callsign, district: "seranau", at, today: "", before: of(callsign, people, 60), after: of(callsign, people, 300) });
  const rows = [row("A", 1, "2026-11-30T01:00:00Z"), row("B", 2, "2026-11-30T12:00:00Z")];
  const found = effectRows(rows, name, "2026-11-30T00:30:00Z", 2);
  assert.deepEqual(found.map((each) => [each.before, each.after, each.when]), [["+1:00 on call · +2:00 the desk is told to ring", "+5:00 on call · +10:00 the desk is told to ring", "every duty"]]);
});

test("the worst comes first, whichever district told it", () => {
  const row = (kind, district) => ({ kind, plan_id: "water", type: "drowning", district, at: "2026-11-30T01:00:00Z", today: "", before: side(), after: side({ units: [] }) });
  assert.deepEqual(effectRows([row("more", "a"), row("unanswered", "b")], name).map((each) => each.kind), ["unanswered", "more"]);
});

test("an answer by a certificate that has ended says from which day on, and with whose duty", () => {
  const row = { kind: "fewer", plan_id: "water", type: "drowning", district: "seranau", at: "2026-11-30T01:00:00Z", today: "2026-12-21", before: side(), after: side() };
  assert.match(effectRows([row], name)[0].when, /^from 21 De[cs] 2026 on, with the duty of 08:00$/);
});

test("each district adds its answers, and what the first question has told already is not counted twice", () => {
  const row = (district) => ({ kind: "units", plan_id: "water", type: "drowning", district, at: "2026-11-30T01:00:00Z", today: "", before: side(), after: side() });
  const first = { rows: [row("seranau")], scenes: 40, districts: 0, of: 2 };
  const one = merged(first, { rows: [row("seranau")], scenes: 30 });
  const two = merged(one, { rows: [row("baamang")], scenes: 20 });
  assert.deepEqual([two.rows.length, two.scenes, two.districts], [2, 50, 2]);
});

test("the same change in several districts is one row with the nearest and the farthest, and who goes either way is counted", () => {
  const other = { callsign: "Polres 1", agency: "Polres", distance_km: 3, people: 2 };
  const at = (district, km) => ({ kind: "units", plan_id: "water", type: "drowning", district, at: "2026-11-30T01:00:00Z", today: "", before: side({ units: [{ ...unit, distance_km: km }, other] }), after: side({ units: [{ ...unit, callsign: "Polair 2", distance_km: km + 50 }, other] }) });
  const [row, ...more] = effectRows([at("seranau", 8.4), at("baamang", 131.6)], name, "2026-11-30T00:30:00Z");
  assert.equal(more.length, 0);
  assert.deepEqual([row.where, row.before, row.after], ["Seranau, baamang", "Rescue 1, 8,4–131,6 km, 2 people; 1 unit as before", "Polair 2, 58,4–181,6 km, 2 people; 1 unit as before"]);
});
