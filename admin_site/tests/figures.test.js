import assert from "node:assert/strict";
import { test } from "node:test";
import { marksOf, placeOf } from "../js/parts/figures-dots.js";
import { askedFigures, lastDay, monthsUpTo, narrows, readFigures, writeFigures } from "../js/parts/figures-query.js";
import { caseTime, groupRow, groupWord, leftOut } from "../js/parts/figures-words.js";

const TODAY = "2026-12-04";
const GROUP = { key: "damkar", called: 44, counted: 34, left_out: { unable: 2, no_on_scene: 3, no_en_route: 1, cancelled: 4 }, mean_s: 882, p50_s: 774, p90_s: 1285, p95_s: 1668, longest_s: 2869, target_s: 900, with_target: 34, late: 13, minutes: [] };

test("the address says what the page shows, and nothing of what it shows anyway", () => {
  const usual = readFigures("", TODAY);
  assert.deepEqual([usual.month, usual.clock, usual.by], ["2026-12", "target", "agency"]);
  assert.equal(writeFigures(usual, TODAY), "");
  const said = "?month=2026-10&clock=ready&by=hour&agency=damkar&priority=1&when=night&open=psc.unable";
  assert.equal(writeFigures(readFigures(said, TODAY), TODAY), said);
  const nonsense = readFigures("?month=2027-01&clock=x&by=y&priority=9&when=z&open=<b>", TODAY);
  assert.deepEqual(nonsense, usual);
});

test("a whole month is asked for, of this one the days so far", () => {
  const query = (text) => askedFigures(readFigures(text, TODAY), TODAY).toString();
  assert.equal(query(""), "from=2026-12-01&to=2026-12-04&by=agency&clock=target");
  assert.equal(query("?month=2026-02&when=weekend&agency=damkar"), "from=2026-02-01&to=2026-02-28&by=agency&clock=target&agency_id=damkar&days=weekend");
  assert.equal(lastDay("2028-02", "2028-03-01"), "2028-02-29");
  assert.deepEqual(monthsUpTo("2026-01-31", 3), ["2026-01", "2025-12", "2025-11"]);
  assert.deepEqual(narrows(readFigures("?type=flood&by=hour", TODAY)), ["type"]);
});

test("below thirty cases stands no percent, and what has no target stands for itself", () => {
  const many = groupRow(GROUP, 30);
  assert.deepEqual([many.small, many.p90, many.share, many.target], [false, "21:25", "61,8 %", "15:00"]);
  const few = groupRow({ ...GROUP, counted: 10, with_target: 10, late: 4 }, 30);
  assert.deepEqual([few.small, few.share], [true, "6 of 10"]);
  const none = groupRow({ ...GROUP, with_target: 0, late: 0, target_s: null }, 30);
  assert.deepEqual([none.share, none.target, none.lateWord], ["–", "none yet", ""]);
});

test("what was left out stays the whole when steps that were not recorded are told as one", () => {
  const out = leftOut(GROUP);
  assert.equal([...out.values()].reduce((sum, n) => sum + n, 0), 10);
  assert.equal(out.get("unrecorded"), 4);
});

test("each case is a dot until a minute holds too many, and then the heights stay true", () => {
  const minutes = Array.from({ length: 61 }, (_, n) => (n === 5 ? [2, 1] : [0, 0]));
  assert.deepEqual(marksOf(minutes).marks.map((mark) => [mark.kind, mark.late]), [["dot", false], ["dot", false], ["dot", true]]);
  minutes[7] = [100, 50];
  const { height, marks } = marksOf(minutes);
  assert.ok(marks.every((mark) => mark.kind === "bar"));
  const of = (minute) => marks.filter((mark) => Math.floor(mark.x / 10) === minute).reduce((sum, mark) => sum + mark.height, 0);
  assert.equal(of(7), height);
  assert.ok(Math.abs(of(5) / of(7) - 3 / 150) < 1e-9);
  assert.equal(placeOf(900, 61), 150);
  assert.equal(placeOf(90000, 61), 605);
});

test("groups are called by their names, hours and days by what they are", () => {
  const names = { agency: (id) => id.toUpperCase() };
  assert.equal(groupWord("agency", "psc", names), "PSC");
  assert.equal(groupWord("hour", "23", names), "23.00 to 00.00");
  assert.equal(groupWord("weekday", "6", names), "Minggu");
  assert.equal(groupWord("district", "unknown", names), "not known");
});

test("a case is told by its day and hour, by its day alone where an older release kept no hour", () => {
  assert.equal(caseTime({ day: "2026-10-24", opened_at: "2026-10-24T15:14:09Z" }), "24 Okt 2026 22:14");
  assert.equal(caseTime({ day: "2026-10-24", opened_at: "" }), "24 Okt 2026");
});
