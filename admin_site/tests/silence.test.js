import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers, silenceBar, silenceWords } from "../js/parts/silence.js";

const SINCE = "2026-11-23T01:51:00Z";

test("the bar says since when, for how many minutes, how many wait and why", () => {
  const said = (code, pages) => silenceWords({ code, pages, since: SINCE }, "2026-11-23T02:12:30Z");
  assert.match(said("barred", 14).since, /SMS have not left since .*08:51/);
  assert.equal(said("barred", 14).what, "(21 minutes). The SMS provider takes no message of ours, 14 SMS wait.");
  assert.equal(said("unsent", 1).what, "(21 minutes). 1 SMS has not left; why is not known.");
  assert.match(said("unwatched", 0).since, /Nobody has watched since/);
  assert.equal(said("unwatched", 0).what, "(21 minutes).");
});

test("of less than a minute no minutes are said", () => {
  assert.equal(silenceWords({ code: "unsent", pages: 2, since: SINCE }, "2026-11-23T01:51:20Z").what, "2 SMS have not left; why is not known.");
});

test("the bar follows what is known of the line", () => {
  const line = { silence: null, at: "" };
  const bar = silenceBar({}, line);
  assert.equal(bar.silent(), false);
  assert.equal(bar.words().since, "");
  Object.assign(line, { silence: { code: "unsent", pages: 3, since: SINCE }, at: "2026-11-23T02:12:30Z" });
  assert.equal(bar.silent(), true);
  assert.match(bar.words().what, /3 SMS/);
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
  const bar = silenceBar({ get: () => Promise.reject(Object.assign(new Error(), { name: "Unreachable" })) }, {});
  await bar.ring();
  assert.ok(bar.failure);
  assert.equal(bar.none(), false);
});

test("who has never watched is not said to have stopped at some time", () => {
  for (const since of ["", null]) {
    assert.deepEqual(silenceWords({ code: "unwatched", pages: 0, since }, SINCE), { since: "Nobody watches yet whether SMS leave", what: "" });
  }
});
