import { failureWord, placeErrors, refusals } from "../parts/fields.js";
import { followed } from "../parts/followed.js";
import { t, tn } from "../parts/i18n.js";
import { poll } from "../parts/poll.js";
import { maySupervise } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { when } from "../parts/time.js";

const EVERY_MS = 15000;

await start(({ api, me }) => ({ blocked: () => blocked(api, me) }));

function blocked(api, me) {
  let poller = null;
  let writes = 0;

  return {
    maySupervise: maySupervise(me),
    ...followed(async function read() {
      const before = writes;
      const { blocked_numbers } = await api.get("/api/blocked-numbers", "blocked_numbers");
      // An answer to what was just done is newer than one asked for before it.
      if (writes === before) this.rows = blocked_numbers;
    }),
    rows: [],
    busy: false,
    form: { number: "", reason: "" },
    errors: {},
    failure: "",
    done: "",

    init() {
      poller = poll(() => this.refresh(), EVERY_MS);
    },
    countWord() {
      return this.known ? this.active.length : "–";
    },
    tryNow() {
      poller.now();
    },
    get active() {
      return this.rows.filter((row) => row.active);
    },
    get ended() {
      return this.rows.filter((row) => !row.active);
    },

    invalid(field) {
      return this.errors[field] ? "is-invalid" : "";
    },
    async block() {
      this.errors = {};
      for (const field of ["number", "reason"]) if (!this.form[field].trim()) this.errors[field] = t("This is needed.");
      if (Object.keys(this.errors).length) return this.focusFirstError();
      const body = { number: this.form.number.trim(), reason: this.form.reason.trim() };
      const row = await this.write(() => api.post("/api/blocked-numbers", body, undefined, "id", "until"));
      if (!row) return this.focusFirstError();
      this.form = { number: "", reason: "" };
      this.done = t("{number} is blocked until {time}.", { number: row.number, time: when(row.until) });
      this.$nextTick(() => document.getElementById("number")?.focus());
    },
    async unblock(row) {
      const fresh = await this.write(() => api.remove(`/api/blocked-numbers/${encodeURIComponent(row.id)}`, undefined, "id", "until"));
      if (!fresh) return;
      this.done = t("{number} is no longer blocked.", { number: row.number });
      // The button went with its row, and took the focus along; what is only being shown cannot take it yet.
      this.$nextTick(() => document.getElementById("title")?.focus());
    },
    // One request at a time; the answer is the number's block as it now is.
    async write(send) {
      if (this.busy) return null;
      this.busy = true;
      this.failure = "";
      this.done = "";
      try {
        const fresh = await send();
        this.rows = [fresh, ...this.rows.filter((row) => row.id !== fresh.id)];
        return fresh;
      } catch (error) {
        const { fields } = placeErrors(error.faults, { number: "number", reason: "reason" });
        this.errors = fields;
        this.failure = Object.keys(fields).length ? "" : [failureWord(error), ...refusals(error)].join(" ");
        return null;
      } finally {
        writes += 1;
        this.busy = false;
        poller.now();
      }
    },
    focusFirstError() {
      this.$nextTick(() => document.querySelector(".is-invalid")?.focus());
    },

    // Words
    made(row) {
      return t("{name}, {time}", { name: row.by_name || row.by, time: when(row.at) });
    },
    end(row) {
      if (row.active) return t("until {time}", { time: when(row.until) });
      if (!row.lifted_at) return t("ended {time}", { time: when(row.until) });
      return t("unblocked {time} by {name}", { time: when(row.lifted_at), name: row.lifted_by_name || row.lifted_by });
    },
    since(row) {
      const { refused, taken, sms } = row.calls;
      const words = [];
      if (refused) words.push(tn("{n} emergency held back", "{n} emergencies held back", refused));
      if (taken) words.push(tn("{n} call logged", "{n} calls logged", taken));
      if (sms) words.push(tn("{n} SMS ignored", "{n} SMS ignored", sms));
      return words.join(" · ") || t("nothing since");
    },
    again: (row) => (row.times > 1 ? tn("blocked {n} time", "blocked {n} times", row.times) : ""),
  };
}
