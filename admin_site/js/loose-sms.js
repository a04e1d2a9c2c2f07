// The board's list of SMS that belong to no incident, or of which there were too many: somebody must see them.

import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { poll } from "./poll.js";
import { mayCommand } from "./roles.js";
import { clock } from "./time.js";

const EVERY_MS = 10000;

export function looseSmsList(api, me) {
  return {
    rows: [],
    listed: true,
    stale: "",

    init() {
      if (mayCommand(me)) poll(() => this.refresh(), EVERY_MS);
    },
    async refresh() {
      try {
        const { sms } = await api.get("/api/loose-sms");
        // The same again would only draw the same again.
        if (JSON.stringify(sms) !== JSON.stringify(this.rows)) this.rows = sms;
        this.stale = "";
      } catch (error) {
        this.stale = failureWord(error);
      }
    },
    shown() {
      return this.rows.length > 0;
    },
    toggle() {
      this.listed = !this.listed;
    },
    clock,
    text: smsText,
    more: moreWord,
    ring: (row) => `tel:${row.number}`,
  };
}

export function smsText(row) {
  return row.note || t("(no text)");
}

// One line stands for all that a sender sent after an hour's worth.
export function moreWord(row) {
  return row.more ? tn("the last of {n} that were too many: ring it", "the last of {n} that were too many: ring it", row.more) : "";
}
