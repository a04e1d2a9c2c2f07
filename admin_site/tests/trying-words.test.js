import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { firstLevel, levelsOf, needWord, othersByReason, peopleWord, resultTone, resultWord, silenceWord, tryQuery } from "../js/parts/trying-words.js";

setWording({}, "en");
const pick = (people, others = 0) => ({ people: people.map((name) => ({ name })), others, reasons: [], warnings: [] });
const need = (level, picks, missing = 0) => ({ level, need: { id: `n${level}`, agencies: ["damkar", "bpbd"], units: 2, people: 1, certifications: [], terrain: null }, capability: { id: "Pompa", en: "Pump" }, picks, missing, why: missing ? "busy" : "", others: [] });
const plan = { id: "fire", label: { id: "Kebakaran", en: "Fire" } };

test("nothing is asked before it is known what and where, and an empty choice is not sent", () => {
  assert.equal(tryQuery({ type: "fire", district: "", terrain: "", at: "" }), "");
  assert.equal(tryQuery({ type: "fire", district: "baamang", terrain: "", at: "" }), "type=fire&district=baamang");
});

test("what the first level sends is said first, and what is missing of it; later levels do not count", () => {
  const found = { plan, needs: [need(1, [pick(["Andi"], 1)], 1), need(2, [pick(["Budi"])])] };
  assert.deepEqual(firstLevel(found), { units: 1, people: 2, missing: 1 });
  assert.equal(resultWord(found), "1 unit would be sent, 2 people would get an SMS. 1 unit would be missing.");
  assert.equal(resultTone(found), "k-notice-bad");
  assert.equal(resultTone({ plan, needs: [need(1, [pick(["Andi"])])] }), "");
});

test("nobody and no plan are told, and are bad", () => {
  assert.equal(resultWord({ plan: null, needs: [] }), "No response plan fits: nobody would be sent.");
  assert.equal(resultWord({ plan, needs: [need(1, [], 1)] }), "Nobody would be sent. 1 unit would be missing.");
  assert.equal(resultTone({ plan: null, needs: [] }), "k-notice-bad");
});

test("a need says how many, of what, from whom in turn", () => {
  const names = { agency: (id) => id.toUpperCase(), certification: (id) => id };
  assert.equal(needWord(need(1, []), names), "2 × Pump · from DAMKAR, else BPBD");
});

test("levels are told apart", () => {
  assert.deepEqual(levelsOf({ needs: [need(1, []), need(2, []), need(2, [])] }).map((one) => [one.title, one.needs.length]), [["Sent at once", 1], ["Added at alarm 2", 2]]);
});

test("people of other agencies are counted, not named", () => {
  assert.equal(peopleWord(pick(["Andi"], 2)), "Andi, 2 more");
  assert.equal(peopleWord(pick([], 1)), "1 person");
});

test("who is not sent stands under the reason, in the order of asking; another agency's unit has no name", () => {
  const others = [{ callsign: "D2", why: "farther" }, { callsign: "", agency: "PSC", why: "no_crew" }, { callsign: "D3", why: "farther" }];
  assert.deepEqual(othersByReason(others).map(({ why, units }) => [why, units.map((one) => one.word)]), [["fit, but farther away", ["D2", "D3"]], ["no crew on duty", ["a unit of PSC"]]]);
});

test("silence is told for the type's own priority alone", () => {
  const found = { silence: [{ priority: 1, after_s: 60 }] };
  assert.equal(silenceWord(found, 1), "If a crew is silent for 1:00, the next fit unit is asked beside it.");
  assert.equal(silenceWord(found, 3), "");
});
