import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, numbers, silenceBar, silenceWord } from "../js/parts/silence.js";

test("the bar follows what any signed-in answer says, and answers that say nothing of it leave it as it is", () => {
  const bar = silenceBar({});
  bar.init();
  hear({ incidents: [] });
  assert.equal(bar.silence, null);
  hear({ silence: { code: "unsent", pages: 3, since: "2026-11-23T03:00:00Z" } });
  assert.match(bar.word(), /3/);
  hear({ sub: "someone" });
  assert.equal(bar.silence.pages, 3);
  hear({ silence: null });
  assert.equal(bar.word(), "");
});

test("each kind of silence has words of its own", () => {
  const one = { pages: 1, since: "2026-11-23T03:00:00Z" };
  const words = ["unsent", "barred", "unwatched"].map((code) => silenceWord({ ...one, code }));
  assert.equal(new Set(words).size, 3);
});

test("only numbers that can be rung are offered", () => {
  const agencies = [
    { id: "a", short_name: "Damkar", phone: "+6253121113" },
    { id: "b", short_name: "PMI", phone: "…118" },
    { id: "c", short_name: "Lama", phone: "+6253121114", retired: true },
    { id: "d", short_name: "Pendek", phone: "110" },
  ];
  assert.deepEqual(numbers(agencies).map((one) => one.href), ["tel:+6253121113", "tel:110"]);
});

test("numbers that cannot be loaded are said to be not loaded, not to be none", async () => {
  const bar = silenceBar({ get: () => Promise.reject(Object.assign(new Error(), { name: "Unreachable" })) });
  await bar.ring();
  assert.ok(bar.failure);
  assert.equal(bar.none(), false);
});

test("who has never watched is not said to have stopped at some time", () => {
  assert.equal(silenceWord({ code: "unwatched", pages: 0, since: "" }), "Nobody watches yet whether SMS leave");
  assert.equal(silenceWord({ code: "unwatched", pages: 0, since: null }), "Nobody watches yet whether SMS leave");
});
