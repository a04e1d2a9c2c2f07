import assert from "node:assert/strict";
import { test } from "node:test";
import { agenciesToRing, alarmHint, alarmWord, crewsToRing, isLoud, outcome } from "../js/parts/coming-words.js";

const ALARMS = ["unsent", "unreached", "unanswered", "done", "gone", "nobody"];
const QUIET = ["asking", "asked", "acknowledged", "en_route", "on_scene"];
const crew = (id, status, agency_id = "damkar") => ({ id, status, agency_id });
const incident = (state, about = {}) => ({
  status: "open", drill: false, coming: { state, alarm: ALARMS.includes(state), since: "" }, crews: [], timeline: [], ...about,
});

test("every alarm says what is wrong and what to do", () => {
  for (const state of ALARMS) {
    const one = incident(state);
    assert.ok(alarmWord(one) && alarmHint(one), state);
  }
  assert.equal(new Set(ALARMS.map((state) => alarmHint(incident(state)))).size, ALARMS.length);
});

test("the desk says that help is being called only when somebody is asked", () => {
  const saying = [...ALARMS, ...QUIET].filter((state) => outcome(incident(state)).title === "Help is being called");
  assert.deepEqual(saying, ["asked"]);
  assert.deepEqual(QUIET.map((state) => outcome(incident(state)).tone), ["waiting", "asked", "coming", "coming", "coming"]);
  for (const state of ALARMS) assert.equal(outcome(incident(state)).tone, "alarm", state);
});

test("what is not known is said to be unknown, and what is over to be over", () => {
  assert.match(outcome(incident("asked", { coming: null })).title, /not known/);
  assert.match(outcome(incident("asked", { coming: undefined })).title, /not known/);
  assert.match(outcome(incident("asked", { coming: { state: "of a later version", alarm: false } })).title, /not known/);
  const over = outcome(incident("asked", { status: "cancelled", coming: null }));
  assert.deepEqual(over, { tone: "ended", title: "The incident is over: Cancelled" });
});

test("an alarm of a later version is an alarm all the same", () => {
  const one = incident("later", { coming: { state: "later", alarm: true } });
  assert.deepEqual([isLoud(one), alarmWord(one), outcome(one).tone], [true, "Nobody is coming", "alarm"]);
});

test("a drill is never loud", () => {
  assert.equal(isLoud(incident("nobody", { drill: true })), false);
});

test("the crews to ring are those that no SMS reached", () => {
  const crews = [crew("a", "requested"), crew("b", "unable"), crew("c", "requested")];
  assert.deepEqual(crewsToRing(incident("unreached", { crews })).map((mark) => mark.detail), ["a", "c"]);
  assert.deepEqual(crewsToRing(incident("asked", { crews })), []);
});

test("without a crew to ring it is the agencies that were looked at, else all that have a number", () => {
  const agencyList = [{ id: "damkar", short_name: "Damkar", phone: "+62531" }, { id: "psc", short_name: "PSC", phone: "+62532" }, { id: "pmi", short_name: "PMI", phone: "" }];
  const ids = (one) => agenciesToRing(one, { agencyList }).map((agency) => agency.id);
  const timeline = [{ type: "DispatchShortfall", data: { considered: [{ agency_id: "psc" }] } }];
  assert.deepEqual(ids(incident("nobody", { timeline })), ["psc"]);
  assert.deepEqual(ids(incident("gone", { crews: [crew("a", "unable")] })), ["damkar"]);
  assert.deepEqual(ids(incident("done", { crews: [crew("a", "cleared")] })), []);
  assert.deepEqual(ids(incident("nobody")), ["damkar", "psc"]);
  assert.deepEqual(ids(incident("unanswered", { crews: [crew("a", "unanswered")] })), []);
  assert.deepEqual(agenciesToRing(incident("nobody", { timeline }), { agencyList })[0], { id: "psc", href: "tel:+62532", text: "PSC +62532" });
});

test("what was set aside is told so at the desk, until its time has passed", () => {
  const aside = { until: "2026-11-23T22:00:00.000Z" };
  assert.match(outcome(incident("nobody", { coming: { state: "nobody", alarm: false }, aside })).title, /^It is set aside until /);
  assert.equal(outcome(incident("nobody", { aside })).tone, "alarm");
});
