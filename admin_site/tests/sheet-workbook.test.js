import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, offered, onlySheet, toBase64, untilThere } from "../js/parts/sheet-workbook.js";

const sheet = (name, known, hidden = false) => ({ name, rows: 9, hidden, known: { personnel: known } });

test("a file comes back from base64 as it went, however large", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, n) => n % 256);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  assert.equal(toBase64(Uint8Array.from([80, 75, 3, 4])), "UEsDBA==");
});

test("the only sheet that can be meant is taken, of several and of a hidden one it is asked", () => {
  assert.equal(onlySheet({ sheets: [sheet("a", 3)] }), 0);
  assert.equal(onlySheet({ sheets: [sheet("a", 3, true)] }), null);
  assert.equal(onlySheet({ sheets: [sheet("a", 3), sheet("b", 0, true)] }), null);
});

test("the sheet whose heads are known best is likely, never a hidden one, and none where one word alone is known", () => {
  const likely = (...sheets) => offered({ sheets }, "personnel").filter((each) => each.likely).map((each) => each.name);
  assert.deepEqual(likely(sheet("a", 1), sheet("b", 4), sheet("c", 5, true)), ["b"]);
  assert.deepEqual(likely(sheet("a", 1), sheet("b", 1)), []);
  assert.deepEqual(offered({ sheets: [sheet("a", 4)] }, "units")[0].likely, false);
});

test("one asks until it is there, and not for ever", async () => {
  const answers = [null, null, "read"];
  assert.equal(await untilThere(async () => answers.shift(), async () => {}), "read");
  let asked = 0;
  assert.equal(await untilThere(async () => { asked += 1; return null; }, async () => {}), null);
  assert.equal(asked, 300);
});
