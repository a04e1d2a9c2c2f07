import assert from "node:assert/strict";
import { test } from "node:test";
import { erasedLines, heldLines } from "../js/parts/subject-words.js";

const nothing = { calls: [], messages: [], pages: [], block: null, personnel: [], mentioned_in: [] };

test("what is held is said in a line for each kind, and nothing for nothing", () => {
  assert.deepEqual(heldLines(nothing), []);
  const held = heldLines({ ...nothing, calls: [{}, { under_legal_hold: true }], block: { reason: "Palsu" }, mentioned_in: ["a"], versions: [{}] });
  assert.deepEqual(held, [
    "2 calls", "It is or was blocked: Palsu", "1 version in the registry’s history holds it", "1 call is under a legal hold",
    "1 incident mentions it in other people’s words: read it first",
  ]);
});

test("what was erased and what stays is said with the reason", () => {
  const result = { incidents: ["a", "b"], other_calls: 1, versions: 3, block: true, kept: [{ label: "7K2M", reason: "legal_hold" }, { label: "", reason: "blocked" }] };
  assert.deepEqual(erasedLines(result), [
    "Erased in 2 incidents", "1 other call erased", "3 earlier versions in the registry’s history erased", "The block that had ended is forgotten", "7K2M stays: it is under a legal hold.",
    "The number is blocked now: ask again when that has ended.",
  ]);
});
