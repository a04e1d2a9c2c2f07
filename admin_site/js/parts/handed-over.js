// On every page of a desk: a call that a colleague hands to you in the middle of it.

import { newKey } from "./api.js";
import { DRAFT } from "./call-form.js";
import { formOf, halfTyped, halfTypedWord, laidOut } from "./desk-handover.js";
import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";
import { poll } from "./poll.js";
import { mayCommand } from "./roles.js";
import { clock } from "./time.js";

const EVERY_MS = 10000;
const HIDDEN_MS = 30000;

export function handedOver(api, me) {
  let poller = null;
  return {
    rows: [],
    taking: false,
    failure: "",

    init() {
      if (mayCommand(me)) poller = poll(() => this.refresh(), EVERY_MS, HIDDEN_MS);
    },
    async refresh() {
      try {
        const { handovers } = await api.get("/api/handovers", "handovers");
        if (JSON.stringify(handovers) !== JSON.stringify(this.rows)) this.rows = handovers;
      } catch {
        // Every page says by itself when nothing can be loaded; what was seen waiting stays.
      }
    },
    word: (row) => t("{name} hands you a call that came in at {time}.", { name: row.by_name, time: clock(formOf(row.draft).received_at || row.at) }),
    about(row) {
      const { landmark, narrative } = formOf(row.draft);
      return [landmark, narrative].filter(Boolean).join(" · ").slice(0, 120);
    },
    async take(row) {
      this.failure = halfTyped(sessionStorage.getItem(DRAFT)) ? halfTypedWord() : "";
      if (this.failure || this.taking) return;
      this.taking = true;
      try {
        const url = `/api/handovers/${encodeURIComponent(row.to)}/${encodeURIComponent(row.id)}/take`;
        const { draft } = await api.post(url, {}, undefined, "draft");
        sessionStorage.setItem(DRAFT, laidOut(draft, newKey()));
        location.assign("desk.html");
      } catch (error) {
        this.failure = [failureWord(error), ...refusals(error)].join(" ");
        poller.now();
      } finally {
        this.taking = false;
      }
    },
  };
}
