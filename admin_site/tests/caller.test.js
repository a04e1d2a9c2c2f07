import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, emptyForm } from "../js/call-form.js";
import { askable, blockWord, countWord } from "../js/caller.js";

test("only a whole number is asked about", () => {
  assert.equal(askable("0812 3456-7890"), "+6281234567890");
  for (const text of ["", "0812", "110", "not a number", "+62 812 abc"]) assert.equal(askable(text), "");
});

test("the count is that of the call being taken, and a first call says nothing", () => {
  assert.equal(countWord({ calls_today: 6 }), "Call 7 from this number today");
  assert.equal(countWord({ calls_today: 0 }), "");
  assert.equal(countWord(null), "");
});

test("a block says until when and why", () => {
  assert.match(blockWord({ until: "2026-11-25T02:30:00.000Z", reason: "Lapor palsu" }), /^Blocked until .*09:30: Lapor palsu$/);
  assert.equal(blockWord(null), "");
});

test("whoever insists says so in an emergency's body, and nobody else does", () => {
  const form = { ...emptyForm("k"), number: "0852 0000 0042", type: "flood", district: "baamang" };
  assert.equal(bodyOf(form, true).insist, true);
  assert.equal(bodyOf({ ...form, join: { id: "I" } }, true).insist, true);
  assert.ok(!("insist" in bodyOf(form)));
  assert.ok(!("insist" in bodyOf({ ...form, class: "prank" }, true)));
});
