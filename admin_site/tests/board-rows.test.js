import assert from "node:assert/strict";
import { test } from "node:test";
import { byUrgency, counts, filterRows, marks, marksFor, mergeRows, newIds } from "../js/board-rows.js";

const crew = (status, agency_id = "damkar") => ({ id: `a-${status}`, agency_id, status });
const row = (id, about = {}) => ({
  id, priority: 2, received_at: "2026-11-23T22:00:00.000Z", status: "open", category: "fire", attention: [], crews: [crew("en_route")], ...about,
});

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

test("an incident that nobody is coming to is marked, whatever the server marks", () => {
  assert.deepEqual(marks(row("a", { crews: [] })).map((mark) => mark.code), ["no_crew"]);
  assert.deepEqual(marks(row("a", { crews: [crew("unable"), crew("cancelled")] })).map((mark) => mark.code), ["no_crew"]);
  assert.deepEqual(marks(row("a", { crews: [crew("unable"), crew("cleared")] })), []);
  assert.deepEqual(marks(row("a", { crews: [], status: "closed" })), []);
});

test("needs that fall short for the same reason are one mark, counted once each", () => {
  const mark = (code, detail) => ({ code, detail });
  const attention = [mark("shortfall", "boat:busy"), mark("shortfall", "boat:busy"), mark("shortfall", "pump:busy"), mark("page_failed", "x")];
  assert.deepEqual(marks(row("a", { attention })), [{ code: "shortfall", detail: "busy", count: 2 }, { code: "page_failed", detail: "x", count: 1 }]);
});

test("an agency's admin, who sees own crews alone, is not told that nobody is coming", () => {
  const deserted = row("a", { crews: [crew("unable")] });
  assert.equal(marksFor({ role: "agency_admin" }, deserted).length, 0);
  assert.equal(marksFor({ role: "leader" }, deserted).length, 1);
});

test("counts: open, needing attention, waiting for an answer, by category", () => {
  const rows = [row("a", { crews: [] }), row("b", { crews: [crew("requested")] }), row("c", { category: "health" })];
  assert.deepEqual(counts({ role: "operator" }, rows), { open: 3, attention: 1, waiting: 1, byCategory: { fire: 2, health: 1 } });
});
