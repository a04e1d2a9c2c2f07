import assert from "node:assert/strict";
import { test } from "node:test";
import { askedAddress, firstDay, looksLikeNumber, readQuery, shiftDay, writeQuery } from "../js/parts/past-query.js";

const TODAY = "2026-11-30";
const PLAIN = { to: TODAY, days: 1, text: "", type: "", agency: "", tab: "incidents", which: "ring_back" };

test("the page opens on today's incidents, and its address says nothing", () => {
  assert.deepEqual(readQuery("", TODAY), PLAIN);
  assert.equal(writeQuery(PLAIN, TODAY), "");
});

test("filters that stand in the address come back as they were", () => {
  const filters = { to: "2026-11-12", days: 31, text: "pasar keramat", type: "house_fire", agency: "damkar", tab: "incidents", which: "ring_back" };
  assert.deepEqual(readQuery(writeQuery(filters, TODAY), TODAY), filters);
  const calls = { ...PLAIN, tab: "calls", which: "all" };
  assert.deepEqual(readQuery(writeQuery(calls, TODAY), TODAY), calls);
});

test("what makes no sense in an address is as if it were not there", () => {
  for (const query of ["?to=2027-01-01&days=32", "?to=2026-02-31&days=0", "?to=<b>&days=x", "?tab=other&which=x"]) assert.deepEqual(readQuery(query, TODAY), PLAIN, query);
});

test("no number ever stands in the address, however it is typed", () => {
  for (const text of ["081234567890", "+62 812-3456-7890", "0531 21112", "Budi 0812.3456", "(0531)21112"]) {
    assert.ok(looksLikeNumber(text), text);
    assert.equal(writeQuery({ ...PLAIN, text }, TODAY), "", text);
    assert.equal(askedAddress({ ...PLAIN, text }, ""), `/api/past/incidents?from=${TODAY}&to=${TODAY}`, text);
    assert.equal(readQuery(`?q=${encodeURIComponent(text)}`, TODAY).text, "", text);
  }
  for (const text of ["WTVG", "7733", "Jl. Tjilik Riwut km 42", "SDN 3, RT 12 RW 4", "", null]) assert.ok(!looksLikeNumber(text), text);
});

test("days are counted back from the last one, over the end of a month", () => {
  assert.equal(shiftDay("2026-03-01", -1), "2026-02-28");
  assert.equal(firstDay({ to: TODAY, days: 31 }), "2026-10-31");
  assert.equal(firstDay({ to: TODAY, days: 1 }), TODAY);
});

test("incidents are asked for with their filters, calls with theirs", () => {
  const filters = { ...PLAIN, days: 7, text: " pasar ", type: "theft" };
  assert.equal(askedAddress(filters, ""), "/api/past/incidents?from=2026-11-24&to=2026-11-30&text=pasar&type=theft");
  assert.equal(askedAddress({ ...filters, tab: "calls" }, "a.b"), "/api/past/calls?from=2026-11-24&to=2026-11-30&which=ring_back&after=a.b");
});
