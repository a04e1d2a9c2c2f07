import assert from "node:assert/strict";
import { test } from "node:test";
import { changedDetails, questionRow, saidWords, standingRow, unasked } from "../js/parts/questions.js";

const both = (text) => ({ id: text, en: text });
const INSIDE = { id: "inside", label: both("Masih ada orang di dalam?"), kind: "yes_no", required: true };
const MADE_OF = { id: "made_of", label: both("Dari apa?"), kind: "choice", options: [{ id: "wood", label: both("Kayu") }, { id: "stone", label: both("Beton") }] };
const FLOORS = { id: "floors", label: both("Berapa lantai?"), kind: "number", required: true };

const on = (row) => row.choices.find((choice) => choice.on)?.word;

test("a question that nobody asked yet stands at no choice", () => {
  assert.equal(on(questionRow(INSIDE)), "–");
  assert.equal(on(questionRow(INSIDE, "no")), "No");
  assert.equal(on(questionRow(MADE_OF, "wood")), "Kayu");
});

test("what was said in other words is one more choice, so that saving another question does not lose it", () => {
  assert.equal(on(questionRow(MADE_OF, "bambu")), "bambu");
});

test("a number is typed as a text, so that 'two or three' can be said", () => {
  const row = questionRow(FLOORS, "dua");
  assert.deepEqual([row.kind, row.mode, row.choices], ["number", "numeric", []]);
});

test("in words a question stands with what was said", () => {
  assert.equal(saidWords(MADE_OF, "stone"), "Dari apa? Beton");
  assert.equal(saidWords(FLOORS, "2"), "Berapa lantai? 2");
});

test("what stands is read as it was called then", () => {
  assert.equal(standingRow({ question: "inside", label: both("Ada orang?"), kind: "yes_no", value: "yes", option: null }).said, "Yes");
  assert.equal(standingRow({ question: "made_of", label: both("Dari apa?"), kind: "choice", value: "wood", option: both("Papan") }).said, "Papan");
  assert.equal(standingRow({ question: "floors", label: both("Lantai"), kind: "text", value: "yes", option: null }).said, "yes");
});

test("only what must be asked and was not is still to be asked", () => {
  assert.deepEqual(unasked([INSIDE, MADE_OF, FLOORS], [{ question: "floors" }]), ["Masih ada orang di dalam?"]);
});

test("only what differs is sent, what was emptied too", () => {
  const stands = [{ question: "inside", value: "yes" }, { question: "floors", value: "2" }];
  assert.deepEqual(changedDetails({ inside: "yes", floors: " ", made_of: "wood" }, stands), [{ question: "floors", value: "" }, { question: "made_of", value: "wood" }]);
});
