import assert from "node:assert/strict";
import test from "node:test";
import { faultWord } from "../js/parts/fault-words.js";
import { refusals } from "../js/parts/fields.js";

test("what depends on a thing is named before its sentence", () => {
  const fault = { path: "person_id", code: "retired", values: { id: "andi" }, about: "shifts/andi-monday" };
  assert.equal(faultWord(fault), "shifts/andi-monday: “andi” is retired.");
});

test("a code of a newer server says itself, not nothing", () => {
  assert.equal(faultWord({ path: "a", code: "unheard_of", values: {}, about: "" }), "unheard_of");
});

test("a refusal with faults is told by them, each once", () => {
  const faults = [
    { path: "ends_at", code: "shift_over", values: {}, about: "" },
    { path: "unit_id", code: "other_agency", values: {}, about: "" },
  ];
  const told = refusals({ faults });
  assert.deepEqual(told, ["This shift is over already.", "This belongs to another agency."]);
});

test("what an erasure leaves is named with its reason", () => {
  const kept = (label, reason) => faultWord({ path: "number", code: "kept", values: { label, reason }, about: "" });
  assert.equal(kept("7K2M", "legal_hold"), "7K2M stays: it is under a legal hold.");
  assert.equal(kept("block", "blocked"), "The number is blocked now: ask again when that has ended.");
});
