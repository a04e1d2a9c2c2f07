import assert from "node:assert/strict";
import { test } from "node:test";
import { braces, foldedWords, lengthWord } from "../js/parts/sms-preview.js";

test("one SMS says how full it is, and more than one that it is shortened", () => {
  assert.equal(lengthWord({ septets: 137, most: 160, segments: 1 }), "One SMS: 137 of 160 signs.");
  assert.match(lengthWord({ septets: 160, most: 160, segments: 2 }), /^Longer than one SMS: .*shortened/);
});

test("each sign that folding changes is named with what stands there instead", () => {
  assert.deepEqual(foldedWords([{ was: "—", now: "-" }, { was: "🚒", now: " " }]), ["— → -", "“🚒” is left out"]);
});

test("placeholders stand as they are typed", () => {
  assert.equal(braces(["link", "label"]), "{link} {label}");
});
