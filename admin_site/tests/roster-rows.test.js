import assert from "node:assert/strict";
import { test } from "node:test";
import { cellReader, daysOf, shiftedMonth, textOf, textsOf } from "../js/parts/roster-cells.js";
import { amountOf, away, dutiesOf, marksOf, median } from "../js/parts/roster-marks.js";
import { readNamed } from "../js/parts/roster-paste.js";
import { byCrew, missingOf, patternOfDay, patternText } from "../js/parts/roster-rows.js";

const CODES = [
  { code: "P", starts: "07:00", ends: "19:00", readiness: "stationed" }, { code: "M", starts: "19:00", ends: "07:00", readiness: "stationed" },
  { code: "S", starts: "07:00", ends: "07:00", readiness: "on_call" }, { code: "L" }, { code: "I1" },
];
const UNITS = [{ id: "damkar_1", callsign: "Damkar 1" }, { id: "kapal", callsign: "Kapal Damkar" }];
const read = cellReader(CODES, UNITS);
const rowOf = (id, texts, person = id) => ({ id, person_id: person, unit_id: "damkar_1", texts });

test("case and blanks are forgiven, and I is never 1 nor l", () => {
  assert.deepEqual(read(" p ", "damkar_1"), { text: "P" });
  assert.deepEqual(read("i 1", "damkar_1"), { text: "I1" });
  assert.deepEqual(read("l1", "damkar_1"), { fault: "code", word: "l1" });
  assert.deepEqual(read("II", "damkar_1"), { fault: "code", word: "II" });
  assert.deepEqual(read("P/M", "damkar_1"), { fault: "code", word: "P/M" });
  assert.deepEqual(read("  ", "damkar_1"), { text: "" });
});

test("a place beside a code is a unit as people call it, the pool, or none that is known", () => {
  assert.deepEqual(read("p @ kapal damkar", "damkar_1"), { text: "P@kapal" });
  assert.deepEqual(read("P@damkar 1", "damkar_1"), { text: "P" });
  assert.deepEqual(read("P@", "damkar_1"), { text: "P@" });
  assert.deepEqual(read("P@", null), { text: "P" });
  assert.deepEqual(read("P@polisi", "damkar_1"), { fault: "unit", word: "polisi" });
  assert.equal(textOf({ code: "P", unit_id: null }, "kapal"), "P@");
});

test("months have their days, and go over the year", () => {
  assert.deepEqual([daysOf("2028-02"), daysOf("2026-12"), shiftedMonth("2026-12", 1), shiftedMonth("2026-01", -1)], [29, 31, "2027-01", "2025-12"]);
  assert.deepEqual(textsOf("P,,M", 5), ["P", "", "M", "", ""]);
});

test("rows stand by crew, the chief first, and whoever has no crew last", () => {
  const crews = [{ id: "two", name: "Regu 10", members: [] }, { id: "one", name: "Regu 2", chief_id: "budi", members: [{ person_id: "andi" }, { person_id: "budi" }] }];
  const rows = ["andi", "budi", "citra", "dewi"].map((id) => ({ ...rowOf(id, []), crew_id: { citra: "two", dewi: null }[id] === undefined ? "one" : { citra: "two", dewi: null }[id] }));
  assert.deepEqual(byCrew(rows, crews, (id) => id).map((group) => [group.crew?.id, group.rows.map((row) => row.id)]), [["one", ["budi", "andi"]], ["two", ["citra"]], [undefined, ["dewi"]]]);
});

test("a pattern says who is on duty, from its anchor on and also before it", () => {
  const crews = [{ id: "one", unit_id: "damkar_1", members: [{ person_id: "andi", since: "2026-01-01" }, { person_id: "budi", since: "2026-12-03", unit_id: "kapal" }] }];
  const patterns = [{ id: "p", cycle: ["P", "M", "L"], since: "2026-01-01", crews: [{ crew_id: "one", anchor: "2026-12-02" }] }];
  const of = (day, person) => patternOfDay(day, { patterns, crews, codes: CODES }).get(person);
  assert.deepEqual(["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"].map((day) => of(day, "andi")[0].code), ["L", "P", "M", "L"]);
  assert.equal(of("2026-12-02", "budi"), undefined);
  assert.equal(patternText({ unit_id: "damkar_1", crew_id: "one" }, of("2026-12-03", "budi"), (code) => code !== "L"), "M@kapal");
  assert.equal(patternText({ unit_id: "damkar_1", crew_id: "one" }, of("2026-12-04", "budi"), (code) => code !== "L"), "L");
  assert.deepEqual(missingOf(crews, [{ person_id: "andi" }], "2026-12", 31, "2026-12-02"), [{ person_id: "budi", unit_id: "kapal", crew_id: "one" }]);
});

test("a month's hours, nights and duties on days off, also over midnight", () => {
  const duties = dutiesOf([rowOf("andi", ["P", "M", "L", "S"])], CODES);
  assert.deepEqual(amountOf(duties, (column) => column === 1), { minutes: (12 + 12 + 24) * 60, nights: 2, off: 1 });
  assert.deepEqual([median([3, 1, 2]), median([]), away(110, 100), away(109, 100), away(90, 100)], [2, null, 1, 0, -1]);
});

test("double duty, too little rest and an ended certificate stand at the cell", () => {
  const marks = (rows, more = {}) => marksOf(rows, CODES, { month: "2026-12", restHours: 8, ...more });
  const double = marks([rowOf("andi", ["P", "L"]), rowOf("andi~2", ["P", "M"], "andi")]);
  assert.deepEqual([double.get("andi 0")[0].kind, double.get("andi~2 0")[0].kind, double.get("andi~2 1")], ["double", "double", undefined]);
  assert.deepEqual(marks([rowOf("andi", ["M", "P"])]).get("andi 1"), [{ kind: "rest", hours: 0 }]);
  assert.equal(marks([rowOf("andi", ["P", "M", "", "P"])]).size, 0);
  assert.equal(marks([rowOf("andi", ["S", "P", "", "S"])]).size, 0, "whoever is at home on call rests");
  assert.deepEqual(marks([rowOf("andi", ["P"])], { endedBefore: 7 * 60 }).get("andi 0"), [{ kind: "rest", hours: 0 }]);
  const certificates = [{ certification_id: "water", expires_on: "2026-12-01" }, { certification_id: "old", expires_on: "2020-01-01" }];
  const ended = marks([rowOf("andi", ["P", "P"])], { certificates });
  assert.equal(ended.get("andi 0"), undefined);
  assert.equal(ended.get("andi 1")[0].kind, "certificate");
});

const PEOPLE = [{ ...rowOf("andi", []), name: "Andi Saputra" }, { ...rowOf("budi", []), name: "Budi Santoso" }, { ...rowOf("budi~2", [], "budi"), name: "Budi Santoso" }];
const isCode = (text) => Boolean(read(text, "damkar_1").text);

test("a list with names goes to its people, whatever its order and whatever stands between", () => {
  const pasted = [["No", "Nama", "Unit", "1", "2"], ["1", "BUDI  SANTOSO", "Damkar 1", "M", "M"], ["2", "Andi Saputra", "Kapal", "P", ""], ["3", "Orang Lain", "", "P", "P"]];
  const found = readNamed(pasted, PEOPLE, 31, isCode);
  assert.deepEqual(found.lines.map((line) => [line.row.id, line.cells.map((each) => each.text).join("")]), [["budi", "MM"], ["andi", "P"]]);
  assert.deepEqual([found.unknown, found.twice, found.noDays], [["Orang Lain"], [], false]);
});

test("a person's second line is of the second row, a third of none", () => {
  const pasted = [["Nama", "1", "2"], ...["P", "M", "L"].map((code) => ["Budi Santoso", code, code])];
  const found = readNamed(pasted, PEOPLE, 31, isCode);
  assert.deepEqual([found.lines.map((line) => line.row.id), found.twice], [["budi", "budi~2"], ["Budi Santoso"]]);
});

test("without a heading there is one column for each day, or it is not known which they are", () => {
  const whole = [["Andi Saputra", "Damkar 1", ...Array(31).fill("P")]];
  assert.equal(readNamed(whole, PEOPLE, 31, isCode).lines[0].cells.length, 31);
  assert.equal(readNamed([["Andi Saputra", "P", "M"]], PEOPLE, 31, isCode).noDays, true);
  assert.equal(readNamed([["P", "M"]], PEOPLE, 31, isCode), null);
});
