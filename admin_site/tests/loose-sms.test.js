import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/i18n.js";
import { moreWord, smsText } from "../js/loose-sms.js";

test("an SMS without an incident says how many more it stands for, and that it was empty", () => {
  setWording({}, "en");
  assert.equal(moreWord({ more: 0 }), "");
  assert.equal(moreWord({ more: 4 }), "the last of 4 that were too many: ring it");
  assert.deepEqual([smsText({ note: "Tolong" }), smsText({ note: "" })], ["Tolong", "(no text)"]);
});
