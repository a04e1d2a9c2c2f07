import assert from "node:assert/strict";
import { test } from "node:test";
import { actsOf, askedWord, belowWord, factorWord, lastActWord, standing, standingSentence } from "../js/parts/account-words.js";

const account = (state, about = {}) => ({ disabled: false, sign_in: state ? { state } : null, ...about });
const here = { known: true, retired: false };
const about = { own: false, mails: true, email: "siti@example.id", secondFactor: false };

test("an account stands as what keeps it from being of use says, the strongest first", () => {
  assert.equal(standing(account("own"), here).code, "own");
  assert.equal(standing(account("temporary"), here).code, "temporary");
  assert.equal(standing(account("closed"), here).code, "closed");
  assert.equal(standing(account(null), here).code, "none");
  assert.equal(standing(account("own"), { known: true, retired: true }).code, "retired");
  assert.equal(standing(account("own", { disabled: true }), { known: false, retired: true }).code, "disabled");
});

test("of a sign-in that nobody knows nothing is said but that", () => {
  const { code, waits } = standing(account(null), { known: false, retired: false });
  assert.equal(code, "unknown");
  assert.equal(waits, true);
  assert.ok(standingSentence(code));
  assert.equal(standingSentence("own"), "");
});

test("what can be done follows from how it stands", () => {
  assert.deepEqual(actsOf("own", about), ["password", "disable"]);
  assert.deepEqual(actsOf("own", { ...about, secondFactor: true }), ["password", "factor", "disable"]);
  assert.deepEqual(actsOf("temporary", about), ["invitation", "password", "disable"]);
  assert.deepEqual(actsOf("closed", about), ["enable", "disable"]);
  assert.deepEqual(actsOf("disabled", about), ["enable"]);
  assert.deepEqual(actsOf("none", about), ["disable"]);
});

test("nobody disables themselves, and nothing is mailed where nobody would get it", () => {
  assert.deepEqual(actsOf("own", { ...about, own: true }), ["password"]);
  assert.deepEqual(actsOf("temporary", { ...about, mails: false }), ["password", "disable"]);
  assert.deepEqual(actsOf("temporary", { ...about, email: "" }), ["password", "disable"]);
});

test("while the sign-in service is away whoever must go can go", () => {
  assert.deepEqual(actsOf("unknown", about), ["disable"]);
});

test("a lost second factor says that another account takes the place where everybody must have one", () => {
  assert.match(askedWord("factor", { demanded: true }), /another one/);
  assert.doesNotMatch(askedWord("factor", { demanded: false }), /another one/);
});

test("what somebody did last is said with where, and nothing found with how far was looked", () => {
  assert.match(lastActWord({ at: "2026-11-23T03:00:00.000Z", where: "incident", searched_to: "2026-11-22" }), /at an incident$/);
  assert.match(lastActWord({ at: null, where: null, searched_to: "2026-11-10" }), /^nothing found since/);
  assert.equal(lastActWord(null), "");
});

test("the line below a name has its role, and its agency if it has one", () => {
  assert.equal(belowWord({ role: "agency_admin", agency_id: "damkar" }, () => "Damkar"), "Agency admin · Damkar");
  assert.equal(belowWord({ role: "operator", agency_id: null }, () => "?"), "Operator");
});

test("a second factor is said to be missing only where it is asked for", () => {
  assert.equal(factorWord({ second_factor: true, second_factor_demanded: true }), "set up");
  assert.match(factorWord({ second_factor: false, second_factor_demanded: true }), /not set up yet/);
  assert.match(factorWord({ second_factor: false, second_factor_demanded: false }), /^none/);
  assert.equal(factorWord({ id: "from the list" }), "");
});
