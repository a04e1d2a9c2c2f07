import assert from "node:assert/strict";
import { test } from "node:test";
import { jumper } from "../js/parts/jump.js";

const PAGES = [{ address: "board.html", key: "p" }, { address: "past.html", key: "r" }];
const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, typing: false, ...more });

test("g and a letter opens a page", () => {
  const jump = jumper(PAGES);
  assert.equal(jump(press("g"), 0), "");
  assert.equal(jump(press("p"), 300), "board.html");
  assert.equal(jump(press("p"), 600), null, "the letter alone is the page's own");
});

test("it is no jump while somebody types, with another key held, too late, or to a page that is not this reader's", () => {
  const jump = jumper(PAGES);
  assert.equal(jump(press("g", { typing: true }), 0), null);
  assert.equal(jump(press("p"), 100), null);
  assert.equal(jump(press("g", { ctrlKey: true }), 200), null);
  jump(press("g"), 1000);
  assert.equal(jump(press("p"), 4000), null);
  jump(press("g"), 5000);
  assert.equal(jump(press("d"), 5100), null);
});
