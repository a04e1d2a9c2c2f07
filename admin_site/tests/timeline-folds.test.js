import assert from "node:assert/strict";
import { test } from "node:test";
import { foldWord, folds } from "../js/parts/timeline-folds.js";

const event = (seq, type, data = {}) => ({ seq, type, data });
const ordered = (page, assignment, kind = "page") => ({ page, assignment, kind });
const sent = (seq, ...pages) => event(seq, "PagesSent", { pages: pages.map((page) => ({ page })) });
const page = (id, about = {}) => ({ id, status: "sent", delivered_at: null, acknowledged_at: null, ...about });
const arrived = { status: "delivered", delivered_at: "x" };
const words = (rows) => rows.map((row) => (row.crew ? foldWord(row, row.crew) : row.event.type));

test("six SMS of one order are one row a crew, whatever happened between", () => {
  const events = [
    sent(7, "P3"), event(6, "PageAcknowledged"), sent(5, "P2"), sent(4, "Q1"), sent(3, "P1"),
    event(2, "PagesRequested", { pages: [ordered("P1", "A"), ordered("Q1", "B"), ordered("P2", "A"), ordered("P3", "A")] }), event(1, "IncidentOpened"),
  ];
  const rows = folds(events, [page("P1", arrived), page("P2", arrived), page("P3", { acknowledged_at: "x" }), page("Q1")]);
  assert.deepEqual(words(rows), ["PageAcknowledged", "3 SMS to A: all arrived", "1 SMS to B: sent", "IncidentOpened"]);
  assert.deepEqual(rows[1].inside.map((one) => one.seq), [7, 5, 3, 2]);
  assert.deepEqual(rows[2].inside.map((one) => one.seq), [4, 2]);
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
});

test("what did not arrive is told by how many", () => {
  const order = event(1, "PagesRequested", { pages: ["P1", "P2", "P3", "P4"].map((id) => ordered(id, "A")) });
  const [row] = folds([order], [page("P1", arrived), page("P2", { status: "failed" }), page("P3", { status: "pending" })]);
  assert.equal(foldWord(row, "Damkar 2"), "4 SMS to Damkar 2: 1 arrived, 1 waiting to be sent, 1 failed, 1 not known");
});

test("a failure stands by itself, since somebody may have to ring", () => {
  const order = event(1, "PagesRequested", { pages: [ordered("P1", "A")] });
  const failed = event(2, "PagesFailed", { pages: [{ page: "P1" }], nobody_left: ["A"] });
  assert.deepEqual(words(folds([failed, order], [page("P1", { status: "failed" })])), ["PagesFailed", "1 SMS to A: failed"]);
});

test("call-offs are no call-outs, and another kind is named", () => {
  const order = event(1, "PagesRequested", { pages: [ordered("P1", "A"), ordered("P2", "A", "cancelled"), ordered("P3", "A", "stand_down")] });
  assert.deepEqual(words(folds([order], [page("P1"), page("P2"), page("P3")])), ["1 SMS to A: sent", "1 SMS to A that it is called off: sent", "1 SMS to A (stand down): sent"]);
});

test("a change and a word that nobody is needed are told as such", () => {
  const order = event(1, "PagesRequested", { pages: [ordered("P1", "A"), { ...ordered("P2", "A", "cancelled"), because: "answered" }] });
  const rows = folds([order], [page("P1", { amends: true }), page("P2", { because: "answered" })]);
  assert.deepEqual(words(rows), ["1 SMS to A of what has changed: sent", "1 SMS to those asked for A that they are not needed: sent"]);
});

test("what was sent of an order that this reader does not see is told as it stands", () => {
  assert.deepEqual(words(folds([sent(3, "P9")], [])), ["PagesSent"]);
});
