import assert from "node:assert/strict";
import { test } from "node:test";
import { effectRows, sideWord } from "../js/parts/noun-effect.js";
import { versionView } from "../js/parts/noun-history.js";

const FIELDS = [{ name: "min_crew", title: "Smallest crew", kind: "number", default: 1 }];
const name = (noun, id) => ({ "incident-types/drowning": "Drowning", "districts/seranau": "Seranau" })[`${noun}/${id}`] || id;
const version = { v: 3, at: "2026-11-02T03:14:00.000Z", by: { id: "a", name: "Rina" }, change: "changed", of: null, why: null, import_id: null, before: { min_crew: 3 }, after: { min_crew: 2 }, erased: false };
const view = (more) => versionView({ ...version, ...more }, FIELDS, name);

test("a version says who, when, and what changed", () => {
  const { when, who, lines, what } = view();
  assert.deepEqual([when, who, what], ["2 Nov 2026, 10:14", "Rina", ""]);
  assert.deepEqual(lines.map(({ title, before, after }) => [title, before, after]), [["Smallest crew", "3", "2"]]);
});

test("what is erased, not recorded or by nobody known is said, and never shown as nothing", () => {
  assert.equal(view({ before: null, after: null, erased: true }).what, "Its values are erased.");
  assert.equal(view({ before: null, after: null }).what, "Its values are not known.");
  const odd = view({ change: "unrecorded", by: null, at: null });
  assert.match(odd.what, /^Not recorded/);
  assert.deepEqual([odd.who, odd.when], ["not known by whom", "Time not known"]);
  assert.equal(view({ change: "put_back", of: 1 }).what, "Version 1 put back.");
  assert.equal(view({ by: { id: "system:seed", name: "" } }).who, "the system");
  assert.equal(view({ import_id: "i7" }).from, "by the import i7");
});

const unit = { callsign: "Rescue 1", agency: "Damkar", distance_km: 14.8, people: 2 };
const side = (more) => ({ plan_id: "water", units: [unit], missing: [], ...more });

test("one side of a difference: who goes, what is missing, and that nobody goes", () => {
  assert.equal(sideWord(side()), "Rescue 1, 14,8 km, 2 people");
  assert.match(sideWord(side({ missing: [{ need_id: "boat", missing: 1, reason: "no_crew" }] })), /; 1 unit missing: no crew on duty$/);
  assert.equal(sideWord(side({ units: [{ ...unit, callsign: "", distance_km: null, people: 1 }] })), "Damkar, 1 person");
  assert.equal(sideWord(side({ units: [] })), "nobody");
  assert.equal(sideWord(side({ plan_id: null, units: [] })), "no response plan fits");
});

test("the same difference at several times is one row", () => {
  const row = (at, more) => ({ kind: "unanswered", plan_id: "water", type: "drowning", district: "seranau", at, before: side(), after: side({ units: [] }), ...more });
  const rows = effectRows([row("2026-11-30T01:00:00Z"), row("2026-11-30T12:00:00Z"), row("2026-12-01T01:00:00Z", { kind: "units" })], name, "2026-11-30T00:30:00Z");
  assert.equal(rows.length, 2);
  assert.deepEqual([rows[0].what, rows[0].where, rows[0].when, rows[0].loud], ["Drowning", "Seranau", "08:00 · 19:00", true]);
  assert.match(rows[1].when, /1 Des 2026|1 Dec 2026/);
  assert.equal(rows[1].loud, false);
});
