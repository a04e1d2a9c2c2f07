// What somebody asks to be put right, above the board of whoever answers it; of ended incidents too, which stand on no board.

import { followed } from "./followed.js";
import { t, tn } from "./i18n.js";
import { poll } from "./poll.js";
import { maySupervise } from "./roles.js";
import { shortDay } from "./time.js";

// Nobody's life hangs on it.
const EVERY_MS = 60000;
const BRIEFLY = 3;

export function askedRight(api, me, registry) {
  return {
    ...followed(async function read() {
      const [{ requests, more }, names] = await Promise.all([api.get("/api/correction-requests", "requests"), registry()]);
      this.rows = requests.map((row) => ({ id: row.id, href: `incident.html?id=${encodeURIComponent(row.incident_id)}`, text: [row.label, names.type(row.type), row.callsign, shortDay(row.at)].join(" · ") }));
      this.more = Boolean(more);
    }),
    rows: [],
    more: false,

    init() {
      if (maySupervise(me)) poll(() => this.refresh(), EVERY_MS);
    },
    countWord() {
      if (this.more) return t("More than {n} times or reasons asked to be put right", { n: this.rows.length });
      return tn("{n} time or reason asked to be put right", "{n} times or reasons asked to be put right", this.rows.length);
    },
    briefly() {
      return this.rows.slice(0, BRIEFLY);
    },
  };
}
