import assert from "node:assert/strict";
import { test } from "node:test";
import { SECTIONS, alarmsOf, arrange, counts, marks, newAlarms, sectionOf } from "../js/parts/board-rows.js";

const crew = (status, agency_id = "damkar") => ({ id: `a-${status}`, agency_id, status });
const row = (id, about = {}) => ({
  id, priority: 2, received_at: "2026-11-23T22:00:00.000Z", status: "open", category: "fire", district: "baamang", attention: [], crews: [crew("en_route")], drill: false,
  coming: { state: "en_route", alarm: false }, alarm: null, aside: null, ...about,
});
const alarm = (why, urgent = true) => ({ why, act: "send", urgent, since: "", detail: "" });
const nobody = { coming: { state: "nobody", alarm: true }, alarm: alarm("nobody"), crews: [] };
const aside = (until) => ({ coming: { state: "nobody", alarm: false }, crews: [], aside: { until } });
const words = (one) => one.id;
const ids = (rows, filter = {}) => {
  const { sections, hidden } = arrange(rows, filter, words);
  return { ...Object.fromEntries(SECTIONS.filter((name) => sections[name].length).map((name) => [name, sections[name].map((one) => one.id)])), hidden };
};

test("each row stands in one section, by what it needs, then by who is coming", () => {
  const state = (name) => sectionOf(row("a", { coming: { state: name, alarm: false } }));
  assert.deepEqual(["asking", "asked", "acknowledged", "en_route", "on_scene"].map(state), ["waiting", "waiting", "coming", "coming", "scene"]);
  assert.equal(sectionOf(row("a", nobody)), "now");
  assert.equal(sectionOf(row("a", aside("x"))), "aside");
  // A crew that has arrived does not hide an SMS that must be read.
  assert.equal(sectionOf(row("a", { coming: { state: "on_scene", alarm: false }, alarm: alarm("reply", false) })), "now");
});

test("an agency, which is not told who else comes, sees its own crews' furthest step", () => {
  const own = (...statuses) => sectionOf(row("a", { coming: null, crews: statuses.map((status) => crew(status)) }));
  assert.deepEqual([own("requested"), own("requested", "en_route"), own("ready"), own("cleared"), own()], ["waiting", "coming", "scene", "other", "other"]);
});

test("an alarm of a release that told no reason is one all the same", () => {
  assert.equal(sectionOf(row("a", { ...nobody, alarm: undefined })), "now");
});

test("of what needs a person the most urgent comes first, then what must be rung up, then the oldest; a drill last", () => {
  const rows = [
    row("drill", { ...nobody, priority: 1, drill: true }), row("late", { ...nobody, received_at: "2026-11-23T22:01:00.000Z" }), row("old", nobody),
    row("read", { priority: 2, alarm: alarm("reply", false) }), row("first", { ...nobody, priority: 1 }),
  ];
  assert.deepEqual(ids(rows).now, ["first", "old", "late", "read", "drill"]);
});

test("what is set aside stands by when it is looked at again", () => {
  assert.deepEqual(ids([row("b", aside("2026-11-24T02:00")), row("a", { ...aside("2026-11-24T03:00"), priority: 2 })]).aside, ["b", "a"]);
});

test("filters take category, district and agency together, and hide nobody to whom no one comes", () => {
  const rows = [row("a"), row("b", { category: "health" }), row("c", { district: "seranau" }), row("d", { ...nobody, category: "health" })];
  assert.deepEqual(ids(rows, { category: "fire" }), { now: ["d"], coming: ["a", "c"], hidden: 0 });
  assert.deepEqual(ids(rows, { category: "fire", district: "seranau" }).coming, ["c"]);
  assert.deepEqual(ids(rows, { agency: "psc119" }), { now: ["d"], hidden: 0 });
});

test("a search and a state say how many they leave out that need a person", () => {
  const rows = [row("pasar"), row("dermaga", nobody), row("latihan", { ...nobody, drill: true })];
  assert.deepEqual(ids(rows, { search: "Pasar" }), { coming: ["pasar"], hidden: 1 });
  assert.deepEqual(ids(rows, { section: "coming" }), { coming: ["pasar"], hidden: 1 });
});

test("drills that ask for somebody are not counted as needing a person", () => {
  const found = counts([row("a", nobody), row("b", { ...nobody, drill: true }), row("c"), row("d", { ...aside("x"), category: "health" })]);
  assert.deepEqual([found.open, found.now, found.coming, found.aside, found.byCategory], [4, 1, 1, 1, { fire: 3, health: 1 }]);
});

test("an alarm is new when it was none before or has another reason, and rings for no drill", () => {
  const before = alarmsOf([row("a", nobody), row("b"), row("c", { alarm: alarm("reply", false) })]);
  const after = [row("a", nobody), row("b", nobody), row("c", nobody), row("d", { ...nobody, drill: true })];
  assert.deepEqual(newAlarms(before, after), ["b", "c"]);
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
