// The board's list of SMS that belong to no incident, or of which there were too many: somebody must see them.

import { followed } from "./followed.js";
import { t, tn } from "./i18n.js";
import { poll } from "./poll.js";
import { mayCommand } from "./roles.js";
import { clock } from "./time.js";

const EVERY_MS = 10000;

// The incidents below must stay in sight.
const BRIEFLY = 2;

export function looseSmsList(api, me) {
  let poller = null;

  return {
    ...followed(async function read() {
      const { sms } = await api.get("/api/loose-sms", "sms");
      const fresh = bySender(sms);
      // The same again would only draw the same again.
      if (JSON.stringify(fresh) !== JSON.stringify(this.rows)) this.rows = fresh;
    }),
    rows: [],
    listed: false,

    init() {
      if (mayCommand(me)) poller = poll(() => this.refresh(), EVERY_MS);
    },
    tryNow() {
      poller.now();
    },
    countWord() {
      return this.known ? this.rows.length : "–";
    },
    get briefly() {
      return this.listed ? this.rows : this.rows.slice(0, BRIEFLY);
    },
    shown() {
      return this.rows.length > 0 || Boolean(this.lostSince);
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

// One row a number, with its newest words and how many SMS there were: [{id, number, received_at, note, count, many}].
// The server gives the newest first; one with `more` stands for so many.
export function bySender(sms) {
  const rows = new Map();
  for (const { id, number, received_at, note, more } of sms) {
    const sender = number || id;
    const row = rows.get(sender) || { id, number, received_at, note, count: 0, many: false };
    rows.set(sender, { ...row, count: row.count + (more || 1), many: row.many || more > 0 });
  }
  return [...rows.values()];
}

export function smsText(row) {
  return row.note || t("(no text)");
}

// Of too many only the last words are kept: whoever sends them must be asked.
export function moreWord(row) {
  if (row.many) return tn("{n} SMS, too many to keep: ring it", "{n} SMS, too many to keep: ring it", row.count);
  return row.count > 1 ? tn("{n} SMS", "{n} SMS", row.count) : "";
}
