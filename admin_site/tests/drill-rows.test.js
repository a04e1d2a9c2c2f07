import assert from "node:assert/strict";
import { test } from "node:test";
import { answeredWord, peopleRows, percent, secondsWord, stateWord, withNewest } from "../js/parts/drill-rows.js";

const person = (person_id, about = {}) => ({ person_id, status: "sent", answered_at: null, seconds: null, late: false, ...about });
const answered = (person_id, seconds, late = false) => person(person_id, { answered_at: "2026-11-24T02:00:00.000Z", seconds, late });
const drill = (status, people) => ({ status, people });

test("while a drill runs everybody keeps their place", () => {
  const rows = peopleRows(drill("running", [answered("a", 9), person("b"), person("c", { status: "failed" })]));
  assert.deepEqual(rows.map((row) => [row.person_id, row.state]), [["a", "answered"], ["b", "waiting"], ["c", "failed"]]);
});

test("afterwards whoever was not reached comes first, then the silent, the late and the slow", () => {
  const people = [answered("fast", 5), answered("slow", 50), person("silent"), answered("late", 1000, true), person("expired", { status: "expired" })];
  assert.deepEqual(peopleRows(drill("ended", people)).map((row) => row.person_id), ["expired", "silent", "late", "slow", "fast"]);
});

test("how somebody stands is said in words", () => {
  const [one, two, three, four] = peopleRows(drill("running", [answered("a", 83), answered("b", null), answered("c", 1, true), person("d", { status: "pending" })]));
  assert.deepEqual([one, two, three, four].map(stateWord), ["after 1 min 23 s", "answered", "too late", "waiting to be sent"]);
  const [gone] = peopleRows(drill("ended", [person("e", { status: "expired" })]));
  assert.equal(stateWord(gone), "not sent in time");
});

test("times and shares are in words that need no explaining", () => {
  assert.deepEqual([secondsWord(null), secondsWord(0.6), secondsWord(59.6), secondsWord(125)], ["–", "1 second", "1 min 0 s", "2 min 5 s"]);
  assert.equal(percent(0.0625), "6%");
  assert.equal(answeredWord({ answered: 8, people: 12 }), "8 of 12 answered");
});

test("the newest part of a list replaces its own and keeps the older ones", () => {
  const list = (...ids) => ids.map((id) => ({ id }));
  assert.deepEqual(withNewest(list("5", "4", "3", "2"), list("6", "5", "4")), list("6", "5", "4", "3", "2"));
  assert.deepEqual(withNewest([], list("2", "1")), list("2", "1"));
});
