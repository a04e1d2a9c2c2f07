import assert from "node:assert/strict";
import { test } from "node:test";
import { newcomers } from "../js/parts/practice-way.js";
import { stepWords, summaryWord, timeWord, toneOf } from "../js/parts/practice-words.js";

const step = (more) => ({ id: "cancel", state: "done", took_s: 20, target_s: 60, detail: "", ...more });

test("a step is well within its target, slow beyond it, and missed for good", () => {
  assert.equal(toneOf(step()), "good");
  assert.equal(toneOf(step({ took_s: 61 })), "slow");
  assert.equal(toneOf(step({ took_s: null, target_s: null })), "good");
  assert.equal(toneOf(step({ state: "missed" })), "missed");
  assert.equal(toneOf(step({ state: "waiting", took_s: null })), "waiting");
});

test("times stand against their targets, and where none is asked without one", () => {
  assert.equal(timeWord(step()), "in 20 seconds; the target is 60 seconds");
  assert.equal(timeWord(step({ took_s: 200 })), "in 3 minutes: longer than the target of 60 seconds");
  assert.equal(timeWord(step({ target_s: null })), "after 20 seconds");
  assert.equal(timeWord(step({ state: "missed" })), "");
});

test("one sentence says how it went", () => {
  assert.equal(summaryWord([step(), step()]), "All 2 steps went well.");
  assert.equal(summaryWord([step(), step({ state: "missed" }), step({ took_s: 99 })]), "1 of 3 steps went well.");
});

test("what a dispatcher and what a crew is told of unable are not the same", () => {
  assert.match(stepWords(step({ id: "unable", detail: "DAMKAR-1" }), { crewRound: false }).todo, /DAMKAR-1/);
  assert.match(stepWords(step({ id: "unable", detail: "no_fuel" }), { crewRound: true, reason: (id) => id }).well, /no_fuel/);
});

test("only what is real and new makes practice give way", () => {
  const known = new Set(["a"]);
  assert.deepEqual(newcomers([{ id: "a", drill: false }, { id: "b", drill: true }, { id: "c", drill: false }], known).map((each) => each.id), ["c"]);
});
