import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { asked, instantNear, sameSecond, stepWas, wasWord } from "../js/parts/putting-right.js";
import { setZone } from "../js/parts/time.js";

setZone(7);
setWording({}, "en");

test("a time that is put right is the one nearest to what was told, whatever the day is today", () => {
  assert.equal(instantNear("10:41", "2026-11-23T03:55:00.000Z"), "2026-11-23T03:41:00.000Z");
  assert.equal(instantNear("23:58:30", "2026-11-23T17:02:00.000Z"), "2026-11-23T16:58:30.000Z"); // over midnight
  assert.equal(instantNear("00.03", "2026-11-23T16:58:00.000Z"), "2026-11-23T17:03:00.000Z");
  assert.equal(instantNear("soon", "2026-11-23T16:58:00.000Z"), null);
});

test("whoever leaves a time as it stands changes nothing, although a clock shows no parts of a second", () => {
  assert.equal(sameSecond("2026-11-23T03:41:00.000Z", "2026-11-23T03:41:00.412Z"), true);
  assert.equal(sameSecond("2026-11-23T03:41:00.000Z", "2026-11-23T03:41:01.000Z"), false);
});

test("what a step was stands with who put it right and why, the newest first", () => {
  const event = (seq, was, note) => ({ seq, type: "StepTimeCorrected", actor_name: "Sari", data: { assignment: "A1", step: "on_scene", was, now: "", note } });
  const incident = {
    timeline: [event(4, "2026-11-23T03:55:00.000Z", "N1"), event(6, "", "N2"), { ...event(7, "", "N1"), data: { assignment: "A2", step: "on_scene" } }],
    notes: [{ id: "N1", text: "pressed late" }, { id: "N2", text: "" }],
  };
  assert.deepEqual(stepWas(incident, "A1", "on_scene").map(wasWord), ["was –, put right by Sari: erased", "was 10:55:00, put right by Sari: pressed late"]);
  assert.deepEqual(stepWas(incident, "A1", "ready"), []);
});

test("only what waits for an answer is asked for", () => {
  const notes = [{ id: "N1", asks: { status: "waiting" } }, { id: "N2", asks: { status: "declined" } }, { id: "N3", asks: null }];
  assert.deepEqual(asked({ notes }).map((note) => note.id), ["N1"]);
});
