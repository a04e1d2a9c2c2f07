import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { bySender, moreWord, smsText } from "../js/parts/loose-sms.js";

const sms = (id, number, note, more = 0) => ({ id, number, note, more, received_at: `2026-11-23T19:1${id}:00.000Z` });

test("a number stands once, with its newest words and how many SMS came", () => {
  setWording({}, "en");
  const rows = bySender([sms("5", "+62811", "api besar", 4), sms("4", "", "PROMO: Pulsa"), sms("3", "+62811", "tolong"), sms("2", "+62812", ""), sms("1", "", "PROMO: Pulsa")]);
  assert.deepEqual(rows.map((row) => [row.id, row.number, smsText(row), moreWord(row)]), [
    ["5", "+62811", "api besar", "5 SMS, too many to keep: ring it"],
    ["4", "", "PROMO: Pulsa", ""],
    ["2", "+62812", "(no text)", ""],
    ["1", "", "PROMO: Pulsa", ""],
  ]);
  assert.equal(moreWord(bySender([sms("2", "+62811", "b"), sms("1", "+62811", "a")])[0]), "2 SMS");
});
