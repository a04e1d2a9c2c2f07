import assert from "node:assert/strict";
import { test } from "node:test";
import { createDraft, inverse } from "../js/parts/roster-draft.js";

const ROWS = [{ id: "andi", person_id: "andi", unit_id: "d1", crew_id: "one", cells: "P,P,M" }, { id: "budi", person_id: "budi", unit_id: "d1", crew_id: "one", cells: "" }];
const cell = (row, column, was, now) => ({ row, column, was, now });
const step = (cells, more = {}) => ({ add: [], drop: [], cells, ...more });
const day = (n) => `2026-12-${String(n).padStart(2, "0")}`;

test("only what differs from the server is sent, with what stood there", () => {
  const draft = createDraft("2026-12", ROWS);
  assert.equal(draft.unsaved(), 0);
  draft.apply(step([cell("andi", 2, "M", "L"), cell("budi", 0, "", "P")]));
  assert.deepEqual(draft.toSend().cells, [{ row: "andi", day: day(3), was: "M", now: "L" }, { row: "budi", day: day(1), was: "", now: "P" }]);
  assert.equal(draft.saved({ v: 1, added: [], conflicts: [] }), 0);
  assert.equal(draft.unsaved(), 0);
});

test("what is typed while a save is on its way is sent after it", () => {
  const draft = createDraft("2026-12", ROWS);
  draft.apply(step([cell("budi", 0, "", "P")]));
  const first = draft.toSend();
  draft.apply(step([cell("budi", 0, "P", "M")]));
  assert.deepEqual(draft.toSend(), first, "the very same until it is answered");
  draft.saved({ v: 1, added: [], conflicts: [] });
  assert.deepEqual(draft.toSend().cells, [{ row: "budi", day: day(1), was: "P", now: "M" }]);
});

test("a cell that somebody else wrote shows both, is not sent again by itself, and is settled by one of them", () => {
  const draft = createDraft("2026-12", ROWS);
  draft.apply(step([cell("andi", 0, "P", "L"), cell("andi", 1, "P", "L")]));
  draft.toSend();
  const conflicts = [0, 1].map((n) => ({ row: "andi", day: day(n + 1), was: "P", stands: "M", now: "L" }));
  assert.equal(draft.saved({ v: 2, added: [], conflicts }), 2);
  assert.deepEqual([draft.text("andi", 0), draft.conflict("andi", 0)], ["L", "M"]);
  assert.equal(draft.unsaved(), 0);
  draft.keepMine("andi", 0);
  draft.takeTheirs("andi", 1);
  assert.deepEqual(draft.toSend().cells, [{ row: "andi", day: day(1), was: "M", now: "L" }]);
  assert.equal(draft.text("andi", 1), "M");
});

test("what others write is seen where nothing was written here, and asked about where something was", () => {
  const draft = createDraft("2026-12", ROWS);
  draft.apply(step([cell("andi", 0, "P", "L")]));
  draft.heard([{ ...ROWS[0], cells: "M,L,M" }, ROWS[1], { id: "citra", person_id: "citra", cells: "P" }]);
  assert.equal(draft.text("andi", 1), "L");
  assert.deepEqual([draft.text("andi", 0), draft.conflict("andi", 0)], ["L", "M"]);
  assert.equal(draft.text("citra", 0), "P");
  draft.heard([ROWS[0], ROWS[1]]);
  assert.equal(draft.row("citra"), undefined);
  assert.equal(draft.conflict("andi", 0), "P");
});

test("a row that another took out stays while something in it is not saved", () => {
  const draft = createDraft("2026-12", ROWS);
  draft.apply(step([cell("budi", 4, "", "P")]));
  draft.heard([]);
  assert.equal(draft.row("andi"), undefined);
  assert.deepEqual(draft.toSend().add.map((row) => row.id), ["budi"]);
});

test("a step taken back leaves what somebody else has written since", () => {
  const draft = createDraft("2026-12", ROWS);
  const done = step([cell("andi", 0, "P", "L"), cell("andi", 1, "P", "L")]);
  draft.apply(done);
  draft.toSend();
  draft.saved({ v: 1, added: [], conflicts: [] });
  draft.heard([{ ...ROWS[0], cells: "M,L,M" }, ROWS[1]]);
  assert.equal(draft.apply(inverse(done)), 1);
  assert.deepEqual([draft.text("andi", 0), draft.text("andi", 1)], ["M", "P"]);
});

test("a row taken out and taken back keeps its cells", () => {
  const draft = createDraft("2026-12", ROWS);
  const gone = step([], { drop: [draft.row("andi")] });
  draft.apply(gone);
  assert.deepEqual(draft.toSend().drop, [{ row: "andi", was: "P,P,M" }]);
  draft.saved({ v: 1, added: [], conflicts: [] });
  draft.apply(inverse(gone));
  const { add, cells } = draft.toSend();
  assert.deepEqual(add.map((row) => row.id), ["andi"]);
  assert.equal(cells.length, 3);
});

test("a person's second row has a number", () => {
  const draft = createDraft("2026-12", ROWS);
  assert.equal(draft.freeId("andi"), "andi~2");
  assert.equal(draft.freeId("citra"), "citra");
});

test("what the browser kept is taken up again, over what the server holds by now", () => {
  const before = createDraft("2026-12", ROWS);
  before.apply(step([cell("andi", 0, "P", "L"), cell("andi", 1, "P", "L"), cell("budi", 0, "", "P")], { add: [{ id: "citra", person_id: "citra", unit_id: null, crew_id: null, texts: Array(31).fill("") }] }));
  before.toSend(); // and no answer came: it may have arrived
  before.apply(step([cell("budi", 0, "P", "M")]));
  const kept = JSON.parse(JSON.stringify(before.kept()));
  const draft = createDraft("2026-12", [{ ...ROWS[0], cells: "L,M,M" }, { ...ROWS[1], cells: "P" }]);
  draft.takeUp(kept);
  assert.deepEqual([draft.text("andi", 0), draft.conflict("andi", 0)], ["L", undefined]);
  assert.deepEqual([draft.text("andi", 1), draft.conflict("andi", 1)], ["L", "M"]);
  assert.deepEqual([draft.text("budi", 0), draft.conflict("budi", 0)], ["M", undefined]);
  assert.ok(draft.row("citra"));
  assert.equal(createDraft("2026-12", ROWS).kept(), null);
});
