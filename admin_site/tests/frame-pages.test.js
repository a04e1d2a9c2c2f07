import assert from "node:assert/strict";
import test from "node:test";

import { firstOf, pagesOf } from "../js/parts/frame-pages.js";

const PAGES = [
  { group: "Desk", address: "desk.html", roles: ["operator"] },
  { group: "Desk", address: "board.html", roles: ["operator", "leader"] },
  { group: "Accountability", address: "privacy.html", roles: ["auditor"] },
];

test("a role finds the pages that it may open, and behind a group's name the first of them", () => {
  assert.deepEqual(pagesOf(PAGES, "leader").map((page) => page.address), ["board.html"]);
  assert.equal(firstOf(pagesOf(PAGES, "operator"), "Desk"), "desk.html");
  assert.equal(firstOf(pagesOf(PAGES, "leader"), "Desk"), "board.html");
  assert.equal(firstOf(pagesOf(PAGES, "leader"), "Accountability"), null);
});
