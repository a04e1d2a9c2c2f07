import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBeSetAside } from "../js/parts/setting-aside.js";

const incident = (about = {}) => ({ status: "open", priority: 2, coming: { state: "nobody", alarm: true }, being_ordered: { units: 0, pages: 0 }, ...about });

test("what nobody can come to may wait", () => {
  for (const state of ["nobody", "gone", "done"]) assert.ok(mayBeSetAside(incident({ coming: { state } })), state);
});

test("nothing waits at priority 1, while a crew is asked or must be rung, while units are being ordered, or once it is over", () => {
  assert.equal(mayBeSetAside(incident({ priority: 1 })), false);
  for (const state of ["asked", "asking", "en_route", "on_scene", "unanswered", "unreached", "unsent"]) assert.equal(mayBeSetAside(incident({ coming: { state } })), false, state);
  assert.equal(mayBeSetAside(incident({ being_ordered: { units: 1, pages: 0 } })), false);
  assert.equal(mayBeSetAside(incident({ status: "closed", coming: null })), false);
  assert.equal(mayBeSetAside(incident({ coming: null })), false);
});
