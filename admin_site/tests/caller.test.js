import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, emptyForm } from "../js/parts/call-form.js";
import { askable, blockWord, countWord, readWord } from "../js/parts/caller.js";

test("the server is asked about whatever may be a number", () => {
  for (const text of ["0812 3456-7890", "21112", "112", "O8123", "٠٨١٢"]) assert.equal(askable(` ${text}`), text);
  for (const text of ["", "08", "not a number"]) assert.equal(askable(text), "");
});

test("how a number was read is said where it is not plain to see", () => {
  const mobile = { kind: "number", number: "+6281234567890" };
  for (const typed of ["0812 3456-7890", "+62 812 3456 7890"]) assert.equal(readWord(mobile, typed), "");
  assert.equal(readWord(mobile, "٠٨١٢٣٤٥٦٧٨٩٠"), "Read as +6281234567890");
  assert.equal(readWord({ kind: "number", number: "+6253121112" }, "21112"), "Read as +6253121112");
  assert.equal(readWord({ kind: "unread", number: "" }, "O8123"), "This cannot be read as a phone number: ask again.");
  assert.equal(readWord({ kind: "short", number: "112" }, "112"), "");
  assert.equal(readWord(null, "0812"), "");
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
