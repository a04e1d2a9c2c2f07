import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf } from "../js/parts/amend-form.js";
import { amendPlanPart } from "../js/parts/amend-plan.js";

const incident = {
  version: 17, type: "house_fire", terrain: "land", priority: 1, district: "baamang", village: "", landmark: "sesudah jembatan", lat: null, lng: null, narrative: "",
};
const registry = () => ({ agency: (id) => id, unitName: (id) => id, district: (id) => id, certifications: [] });
const pick = (unit) => ({ unit_id: unit, callsign: unit, people: [], distance_km: 1, reasons: ["nearest_fit"], warnings: [] });
const crew = (id) => ({ assignment_id: id, callsign: id, status: "requested", at: "", level: 0 });
const plan = (send, recall = []) => ({ plan: { id: "p", label: { id: "P", en: "P" } }, plan_changes: true, level: 1, send: send.map(pick), recall: recall.map(crew), stay: [], shortfalls: [], doubts: [], away: null, sms: { tell: true, text: "", people: 0, crews: 0, segments: 0, characters: 0 } });

// A page whose preview is answered when the test says so; `asked` holds what was asked for.
function page() {
  const asked = [];
  const api = { lookUp: (_, body) => new Promise((answer, refuse) => asked.push({ body, answer, refuse })) };
  const part = { ...amendPlanPart({ api, path: "/i", registry }), amend: draftOf(incident) };
  return { part, asked };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("nothing is asked for a draft that changes nothing, and typing is awaited", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { part, asked } = page();
  part.askPlan();
  t.mock.timers.tick(1000);
  assert.equal(asked.length, 0);
  for (const landmark of ["d", "de", "der"]) {
    part.amend.form.landmark = landmark;
    part.askPlan();
    t.mock.timers.tick(100);
  }
  t.mock.timers.tick(1000);
  assert.deepEqual(asked.map(({ body }) => body.landmark), ["der"]);
});

test("the newest question wins, whichever answer comes last", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { part, asked } = page();
  for (const type of ["boat_fire", "drowning"]) {
    part.amend.form.type = type;
    part.askPlan();
    t.mock.timers.tick(1000);
  }
  asked[1].answer(plan(["polair_1"]));
  await settled();
  asked[0].answer(plan(["damkar_kapal"]));
  await settled();
  assert.deepEqual(part.toSend(), ["polair_1"]);
  assert.equal(part.planBusy, false);
});

test("what the plan wants is ticked by itself, what it does not want never is", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { part, asked } = page();
  part.amend.form.type = "boat_fire";
  part.askPlan();
  t.mock.timers.tick(1000);
  asked[0].answer(plan(["damkar_kapal", "polair_1"], ["a1"]));
  await settled();
  assert.deepEqual([part.toSend(), part.toRecall()], [["damkar_kapal", "polair_1"], []]);
  part.tickSend(pick("polair_1"));
  part.tickRecall(crew("a1"));
  assert.deepEqual([part.toSend(), part.toRecall()], [["damkar_kapal"], ["a1"]]);
  // Who is called off changes who is told, and is asked for; who is sent does not.
  part.askPlan();
  t.mock.timers.tick(1000);
  assert.deepEqual(asked.map(({ body }) => [body.send, body.recall]), [[[], []], [[], ["a1"]]]);
});

test("a plan that cannot be had is said, stands for nothing, and may be asked for again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { part, asked } = page();
  part.amend.form.type = "boat_fire";
  part.askPlan();
  t.mock.timers.tick(1000);
  asked[0].refuse(Object.assign(new Error(), { name: "Unreachable" }));
  await settled();
  assert.notEqual(part.planFailure, "");
  assert.deepEqual([part.plan, part.toSend()], [null, []]);
  assert.equal(await part.planAsShown(), true, "it holds nothing up");
  part.askPlan();
  t.mock.timers.tick(1000);
  assert.equal(asked.length, 2);
});

test("units that came with the plan only now are shown before they are sent", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { part, asked } = page();
  part.amend.form.type = "boat_fire";
  part.askPlan();
  const waited = part.planAsShown();
  asked[0].answer(plan(["polair_1"]));
  assert.equal(await waited, false);
  assert.equal(await part.planAsShown(), true);
  part.amend.form.landmark = "dermaga";
  part.askPlan();
  const again = part.planAsShown();
  asked[1].answer(plan(["polair_1"]));
  assert.equal(await again, true, "the same units once more are no news");
});

test("a plan that does not come in time holds nothing up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { part } = page();
  part.amend.form.type = "boat_fire";
  part.askPlan();
  const waited = part.planAsShown();
  t.mock.timers.tick(1500);
  assert.equal(await waited, true);
});
