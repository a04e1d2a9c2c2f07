import assert from "node:assert/strict";
import { test } from "node:test";
import { versionView } from "../js/parts/noun-history.js";

const FIELDS = [{ name: "min_crew", title: "Smallest crew", kind: "number", default: 1 }];
const name = (noun, id) => ({ "incident-types/drowning": "Drowning", "districts/seranau": "Seranau" })[`${noun}/${id}`] || id;
const version = { v: 3, at: "2026-11-02T03:14:00.000Z", by: { id: "a", name: "Rina" }, change: "changed", of: null, why: null, import_id: null, before: { min_crew: 3 }, after: { min_crew: 2 }, erased: false };
const view = (more) => versionView({ ...version, ...more }, FIELDS, name);

test("a version says who, when, and what changed", () => {
  const { when, who, lines, what } = view();
  assert.deepEqual([when, who, what], ["2 Nov 2026, 10:14", "Rina", ""]);
  assert.deepEqual(lines.map(({ title, before, after }) => [title, before, after]), [["Smallest crew", "3", "2"]]);
});

test("what is erased, not recorded or by nobody known is said, and never shown as nothing", () => {
  assert.equal(view({ before: null, after: null, erased: true }).what, "Its values are erased.");
  assert.equal(view({ before: null, after: null }).what, "Its values are not known.");
  const odd = view({ change: "unrecorded", by: null, at: null });
  assert.match(odd.what, /^Not recorded/);
  assert.deepEqual([odd.who, odd.when], ["not known by whom", "Time not known"]);
  assert.equal(view({ change: "put_back", of: 1 }).what, "Version 1 put back.");
  assert.equal(view({ by: { id: "system:seed", name: "" } }).who, "the system");
  assert.equal(view({ import_id: "i7" }).source, "by the import i7");
});
