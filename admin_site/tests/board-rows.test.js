import assert from "node:assert/strict";
import { test } from "node:test";
import { byUrgency, counts, filterRows, marks, mergeRows, newIds } from "../js/parts/board-rows.js";

const crew = (status, agency_id = "damkar") => ({ id: `a-${status}`, agency_id, status });
const row = (id, about = {}) => ({
  id, priority: 2, received_at: "2026-11-23T22:00:00.000Z", status: "open", category: "fire", attention: [], crews: [crew("en_route")], coming: { state: "en_route", alarm: false }, ...about,
});
const nobody = { coming: { state: "nobody", alarm: true } };

test("the most urgent comes first, then the oldest", () => {
  const rows = [row("c", { priority: 3 }), row("b", { received_at: "2026-11-23T22:01:00.000Z" }), row("a"), row("d", { priority: 1 })];
  assert.deepEqual([...rows].sort(byUrgency).map((one) => one.id), ["d", "a", "b", "c"]);
});

test("rows that stay keep their objects, and only what differs is written", () => {
  const shown = mergeRows([], [row("a"), row("b")]);
  const writes = [];
  const watched = new Proxy(shown[0], { set: (target, name, value) => { writes.push(name); target[name] = value; return true; } });
  const merged = mergeRows([watched, shown[1]], [row("b"), row("a", { level: 2, crews: [crew("on_scene")] })]);
  assert.equal(merged[0], watched);
  assert.equal(merged[1], shown[1]);
  assert.deepEqual(writes, ["crews", "level"].filter((name) => writes.includes(name)));
  assert.equal(merged[0].crews[0].status, "on_scene");
});

test("what is closed goes, what is new comes in its place", () => {
  const shown = mergeRows([], [row("a"), row("b")]);
  const fresh = [row("b"), row("n", { priority: 1 })];
  assert.deepEqual(newIds(shown, fresh), ["n"]);
  assert.deepEqual(mergeRows(shown, fresh).map((one) => one.id), ["n", "b"]);
});

test("filters take category and agency together", () => {
  const rows = [row("a"), row("b", { category: "health" }), row("c", { crews: [crew("requested", "psc119")] })];
  const ids = (filter) => filterRows(rows, filter).map((one) => one.id);
  assert.deepEqual(ids({}), ["a", "b", "c"]);
  assert.deepEqual(ids({ category: "fire" }), ["a", "c"]);
  assert.deepEqual(ids({ category: "fire", agency: "psc119" }), ["c"]);
});

test("what nobody is coming to stands above everything, a drill of that kind in its own place", () => {
  const rows = [row("a", { priority: 1 }), row("drill", { priority: 2, drill: true, ...nobody }), row("z", { priority: 5, ...nobody }), row("y", { priority: 4, ...nobody })];
  assert.deepEqual([...rows].sort(byUrgency).map((one) => one.id), ["y", "z", "a", "drill"]);
});

test("no filter hides that nobody is coming", () => {
  const rows = [row("a"), row("b", { category: "health", ...nobody }), row("d", { category: "health", drill: true, ...nobody })];
  assert.deepEqual(filterRows(rows, { category: "fire", agency: "psc119" }).map((one) => one.id), ["b"]);
});

test("what was written down of who is coming says nothing beside what is true now", () => {
  const attention = [{ code: "audit", detail: "nobody" }, { code: "audit", detail: "idle" }, { code: "audit", detail: "chain" }];
  assert.deepEqual(marks(row("a", { attention })).map((mark) => mark.detail), ["chain"]);
  assert.deepEqual(marks(row("a", { attention: [{ code: "late_answer", detail: "x", person: "dewi" }] })), []);
});

test("needs that fall short for the same reason are one mark, counted once each", () => {
  const mark = (code, detail) => ({ code, detail });
  const attention = [mark("shortfall", "boat:busy"), mark("shortfall", "boat:busy"), mark("shortfall", "pump:busy"), mark("page_failed", "x")];
  assert.deepEqual(marks(row("a", { attention })), [{ code: "shortfall", detail: "busy", count: 2 }, { code: "page_failed", detail: "x", count: 1 }]);
});

test("counts: open, nobody coming, needing attention besides, waiting for an answer, by category", () => {
  const failed = [{ code: "page_failed", detail: "x" }];
  const rows = [
    row("a", { crews: [], ...nobody }), row("b", { crews: [crew("requested")], attention: failed }), row("c", { category: "health" }),
    row("d", { drill: true, ...nobody }), row("e", { coming: null, category: "health" }),
  ];
  assert.deepEqual(counts(rows), { open: 5, loud: 1, attention: 2, waiting: 1, byCategory: { fire: 3, health: 2 } });
});
