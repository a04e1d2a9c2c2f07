import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, formOf, isChanged, loginFrom, missing, over } from "../js/parts/account-form.js";

const ADMIN = { role: "admin" };
const DAMKAR = { role: "agency_admin", agency_id: "damkar" };
const RUDI = { name: "Rudi", role: "agency_admin", agency_id: "damkar", person_id: null, language: "id", sign_in: { email: "r@x.id" } };

test("an agency's admin invites into the own agency alone, without being asked", () => {
  const form = { ...formOf(null, DAMKAR), name: "Rudi ", login: " rudi" };
  assert.deepEqual(bodyOf(form, true), { name: "Rudi", role: "agency_admin", agency_id: "damkar", person_id: null, language: "id", why: "", login: "rudi", email: "" });
});

test("an agency that was chosen before the role is not sent with another role", () => {
  const form = { ...formOf(RUDI, ADMIN), role: "operator" };
  assert.equal(bodyOf(form, false).agency_id, null);
});

test("a change sends neither login nor address", () => {
  assert.deepEqual(Object.keys(bodyOf(formOf(RUDI, ADMIN), false)).filter((name) => ["login", "email"].includes(name)), []);
});

test("a form is changed when something else would be sent, a reason alone is none", () => {
  const form = formOf(RUDI, ADMIN);
  assert.equal(isChanged({ ...form, why: "Iseng" }, RUDI, ADMIN), false);
  assert.equal(isChanged({ ...form, language: "en" }, RUDI, ADMIN), true);
});

test("all that is missing is told at once", () => {
  assert.deepEqual(Object.keys(missing({ ...formOf(null, ADMIN), role: "agency_admin" }, true)), ["name", "agency_id", "login"]);
  assert.deepEqual(missing(formOf(RUDI, ADMIN), false), {});
});

test("a login is proposed from a name, without its titles", () => {
  assert.equal(loginFrom("Siti Rahma, S.Sos."), "siti.rahma");
  assert.equal(loginFrom("  H. Ésa Nur'aini "), "h.esa");
  assert.equal(loginFrom("—"), "");
});

test("what another officer saved meanwhile stays, but for what was changed here", () => {
  const form = { ...formOf(RUDI, ADMIN), language: "en", why: "Minta" };
  const theirs = { ...RUDI, name: "Rudi Hartono", language: "id" };
  const now = over(form, RUDI, theirs, ADMIN);
  assert.deepEqual([now.name, now.language, now.why], ["Rudi Hartono", "en", "Minta"]);
});
