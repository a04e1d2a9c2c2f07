import assert from "node:assert/strict";
import { test } from "node:test";
import { wordBack, wordBackFailed, wordBackOf } from "../js/parts/word-back.js";

const one = { call: "c1", by_name: "Ani", status: "pending", sent_at: null, delivered_at: null };
const incident = (change) => ({ id: "i", may_tell: ["c2"], word_back: [{ ...one, ...change }] });

test("what became of the word to a caller is said in words", () => {
  assert.match(wordBackOf(incident({}), "c1"), /on its way, behind all pages \(Ani\)/);
  assert.match(wordBackOf(incident({ status: "sent", sent_at: "2026-11-23T03:00:00Z" }), "c1"), /^The caller was told by SMS at /);
  assert.match(wordBackOf(incident({ status: "delivered", delivered_at: "2026-11-23T03:00:00Z" }), "c1"), /arrived at/);
  assert.match(wordBackOf(incident({ status: "failed" }), "c1"), /failed: ring instead/);
  assert.match(wordBackOf(incident({ status: "expired" }), "c1"), /ring instead/);
  assert.equal(wordBackOf(incident({}), "c2"), "");
});

test("only a word that did not arrive asks for a person", () => {
  const failing = ["pending", "sending", "sent", "delivered", "failed", "expired"].filter((status) => wordBackFailed(incident({ status }), "c1"));
  assert.deepEqual(failing, ["failed", "expired"]);
  assert.equal(wordBackFailed(incident({ status: "expired", delivered_at: "2026-11-23T03:00:00Z" }), "c1"), false);
});

test("the button is there for the callers that the server names, and for nobody before it answered", () => {
  const { mayTell } = wordBack({});
  assert.equal(mayTell(incident({}), "c2"), true);
  assert.equal(mayTell(incident({}), "c1"), false);
  assert.equal(mayTell(undefined, "c1"), false);
});

test("a press whose answer was lost is repeated under the same key, a refused one is not", async () => {
  const keys = [];
  const fail = { meaning: "unknown", open: true, faults: [] };
  const part = wordBack({ post: async (path, body, key) => { keys.push(key); throw fail; } });
  await part.tellCaller(incident({}), "c2");
  await part.tellCaller(incident({}), "c2");
  fail.meaning = "refused";
  await part.tellCaller(incident({}), "c2");
  await part.tellCaller(incident({}), "c2");
  assert.equal(keys[0], keys[1]);
  assert.equal(keys[1], keys[2]);
  assert.notEqual(keys[2], keys[3]);
  assert.notEqual(part.tellFailure, "");
});
