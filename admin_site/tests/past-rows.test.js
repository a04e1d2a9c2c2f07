import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { added, agenciesWord, ringBackWord, toRingBack, tookWord, withDays } from "../js/parts/past-rows.js";

setWording({}, "en");
const NOW = "2026-11-30T05:00:00.000Z";
const made = (result, at = "2026-11-30T04:00:00.000Z") => ({ result, at, by: "sub-1", by_name: "Sari", incident: "" });

test("a line begins a day where the local day is another than above it", () => {
  const rows = [{ opened_at: "2026-11-30T01:00:00Z" }, { opened_at: "2026-11-29T18:00:00Z" }, { opened_at: "2026-11-29T16:00:00Z" }];
  assert.deepEqual(withDays(rows, "opened_at").map((row) => [row.day, row.first]), [["2026-11-30", true], ["2026-11-30", false], ["2026-11-29", true]]);
});

test("what comes again with the next answer stands there once", () => {
  assert.deepEqual(added([{ id: "a" }, { id: "b" }], [{ id: "b" }, { id: "c" }]).map((row) => row.id), ["a", "b", "c"]);
});

test("how long an incident took runs from the call to its end", () => {
  assert.equal(tookWord({ received_at: "2026-11-30T01:00:00Z", closed_at: "2026-11-30T01:42:05Z" }), "42:05");
  assert.equal(tookWord({ received_at: "2026-11-30T01:00:00Z", closed_at: null }), "");
});

test("each agency is named once, and of many how many more there were", () => {
  const crews = ["a", "b", "a", "c", "d", "e"].map((agency_id) => ({ agency_id }));
  assert.equal(agenciesWord(crews, (id) => id.toUpperCase()), "A · B · C +2");
  assert.equal(agenciesWord([], String), "");
});

test("a silent or dropped call is rung back until somebody is reached", () => {
  const call = (kind, ...rung_back) => ({ class: kind, rung_back });
  assert.ok(toRingBack(call("ghost")) && toRingBack(call("abandoned", made("not_reached"))));
  assert.ok(!toRingBack(call("ghost", made("not_reached"), made("reached"))) && !toRingBack(call("abandoned", made("incident"))));
  assert.ok(!toRingBack(call("prank")));
});

test("what came of ringing back is said with when and by whom", () => {
  const word = (kind, ...rung_back) => ringBackWord({ class: kind, rung_back }, NOW);
  assert.equal(word("ghost"), "Not rung back yet");
  assert.equal(word("prank"), "");
  assert.equal(word("ghost", made("not_reached")), "Not reached, 11:00, Sari");
  assert.equal(word("ghost", made("not_reached"), made("not_reached")), "Not reached 2 times, last 11:00, Sari");
  assert.equal(word("ghost", made("not_reached"), made("incident")), "Became an incident, 11:00, Sari");
});
