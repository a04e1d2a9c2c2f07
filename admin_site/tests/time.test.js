import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { instantOn, clock, duration, instantOfClock, learnServerTime, localDay, longDay, nowMs, setZone, since, when, zoneName } from "../js/parts/time.js";

test("durations grow from minutes to hours to days", () => {
  assert.equal(duration(0), "0:00");
  assert.equal(duration(9_999), "0:09");
  assert.equal(duration(725_000), "12:05");
  assert.equal(duration(3_725_000), "1:02:05");
  assert.equal(duration(100_000_000), "1 d 03:46");
  assert.equal(duration(-5_000), "0:00");
});

test("a time of another day says which", () => {
  const now = "2026-11-24T02:31:00.000Z"; // 09:31 WIB
  assert.equal(when("2026-11-24T03:00:00.000Z", now), "10:00");
  assert.equal(when("2026-11-25T02:30:00.000Z", now), "tomorrow 09:30");
  assert.equal(when("2026-11-23T16:59:00.000Z", now), "2026-11-23 23:59");
});

test("an instant that is missing shows nothing", () => {
  assert.equal(since(""), "");
  assert.equal(clock(null), "");
  assert.equal(localDay(undefined), "");
});

test("instants are shown in the regency's zone, over midnight too", () => {
  assert.equal(clock("2026-11-23T22:12:39.123Z"), "05:12:39");
  assert.equal(localDay("2026-11-23T22:12:39.123Z"), "2026-11-24");
  assert.equal(localDay("2026-11-23T16:59:59.999Z"), "2026-11-23");
  setWording({}, "id");
  assert.equal(longDay("2026-11-23T22:12:39.123Z"), "Selasa, 24 November 2026");
  setWording({}, "en");
  assert.match(longDay("2026-11-23T22:12:39.123Z"), /^Tuesday,? 24 November 2026$/);
});

test("a time of day is the latest one that is not in the future", () => {
  const now = Date.parse("2026-11-23T22:12:39Z"); // 05:12:39 on the 24th in WIB
  assert.equal(instantOfClock("05:10", now), "2026-11-23T22:10:00.000Z");
  assert.equal(instantOfClock("5.10.30", now), "2026-11-23T22:10:30.000Z");
  assert.equal(instantOfClock("23:50", now), "2026-11-23T16:50:00.000Z");
  assert.equal(instantOfClock("05:13", now), "2026-11-22T22:13:00.000Z");
  for (const nonsense of ["", "25:00", "12:60", "noon", "12"]) assert.equal(instantOfClock(nonsense, now), null);
});

test("another regency's zone has its own name and offset", () => {
  setZone(9);
  assert.equal(zoneName(), "WIT");
  assert.equal(clock("2026-11-23T22:12:39.123Z"), "07:12:39");
  setZone(7);
  assert.equal(zoneName(), "WIB");
});

test("only a clock that is clearly wrong is corrected", () => {
  const near = () => Math.abs(nowMs() - Date.now());
  learnServerTime(new Date(Date.now() - 1000).toUTCString(), Date.now(), Date.now());
  assert.ok(near() < 50);
  learnServerTime(new Date(Date.now() + 3_600_000).toUTCString(), Date.now(), Date.now());
  assert.ok(Math.abs(near() - 3_600_000) < 1500);
  learnServerTime("not a date", 0, 0);
  assert.ok(near() > 1_000_000);
  learnServerTime(new Date().toUTCString(), Date.now(), Date.now());
  assert.ok(near() < 50);
});

test("a time of a local day is that day's, whatever the hour from UTC", () => {
  assert.equal(instantOn("2026-12-24", "02:00"), "2026-12-23T19:00:00.000Z");
  assert.equal(instantOn("2026-12-24", "24:00"), null);
  assert.equal(instantOn("", "02:00"), null);
});
