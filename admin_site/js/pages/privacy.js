import { failureWord, placeErrors, refusals } from "../parts/fields.js";
import { followed } from "../parts/followed.js";
import { t, tn } from "../parts/i18n.js";
import { mayAskForData } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { erasedLines, heldLines } from "../parts/subject-words.js";
import { when } from "../parts/time.js";

await start(({ api, me }) => ({ privacy: () => privacy(api, me) }));

const ERASURE = "/api/privacy/erasure";
// Nothing is held of a number only if an answer says so of each of these.
const MUST_HOLD = {
  "/api/privacy/access": ["calls", "messages", "pages", "mentioned_in", "personnel"],
  [ERASURE]: ["incidents", "other_calls", "kept"],
};
const LISTS = ["calls", "messages", "pages", "mentioned_in", "processing", "shifts", "versions", "incidents", "kept"];

// One answer of those to the parts of a large table.
function joined(first, next) {
  const whole = { ...first, ...next };
  for (const name of LISTS) if (first[name]) whole[name] = [...first[name], ...next[name]];
  if ("other_calls" in first) {
    whole.other_calls = first.other_calls + next.other_calls;
    whole.versions = first.versions + next.versions;
    whole.block = first.block || next.block;
  }
  return whole;
}

function privacy(api, me) {
  return {
    mayAsk: mayAskForData(me),
    form: { number: "", reason: "" },
    errors: {},
    busy: false,
    failure: "",
    found: null,
    lines: [],
    ...followed(async function read() {
      const { records, chain } = await api.get("/api/privacy/records", "records", "chain");
      this.records = [...records].reverse();
      this.chain = chain;
    }),
    records: [],
    chain: null,

    init() {
      this.refresh();
    },
    chainHolds() {
      return this.known && this.chain.ok === true;
    },
    chainBroken() {
      return this.known && this.chain.ok === false;
    },
    nobodyAsked() {
      return this.known && this.records.length === 0;
    },
    invalid(field) {
      return this.errors[field] ? "is-invalid" : "";
    },
    complete() {
      this.errors = {};
      for (const field of ["number", "reason"]) if (!this.form[field].trim()) this.errors[field] = t("This is needed.");
      const wrong = Object.keys(this.errors).length > 0;
      if (wrong) this.$nextTick(() => document.querySelector(".is-invalid")?.focus());
      return !wrong;
    },
    async lookUp() {
      if (!this.complete()) return;
      const found = await this.ask("/api/privacy/access");
      if (!found) return;
      this.found = found;
      this.lines = heldLines(found);
      if (!this.lines.length) this.lines = [t("Nothing is held of this number.")];
    },
    askErase() {
      if (this.complete()) this.$refs.dialog.showModal();
    },
    leaveDialog() {
      this.$refs.dialog.close();
    },
    async erase() {
      this.$refs.dialog.close();
      const erased = await this.ask(ERASURE);
      if (!erased) return;
      this.lines = erasedLines(erased);
      if (!this.lines.length) this.lines = [t("Nothing is held of this number.")];
    },
    // One request at a time, and one more for each further part of a large table.
    async ask(path) {
      if (this.busy) return null;
      Object.assign(this, { busy: true, failure: "", found: null, lines: [] });
      const body = { number: this.form.number.trim(), reason: this.form.reason.trim() };
      try {
        const names = MUST_HOLD[path];
        const send = path === ERASURE ? (part) => api.post(path, part, undefined, ...names) : (part) => api.lookUp(path, part, ...names);
        let whole = await send(body);
        while (whole.next) whole = joined(whole, await send({ ...body, after: whole.next }));
        return whole;
      } catch (error) {
        if (error.code === "conflict") {
          this.failure = [t("Nothing was erased."), ...refusals(error)].join(" ");
          return null;
        }
        this.errors = placeErrors(error.faults, { number: "number", reason: "reason" }).fields;
        this.failure = Object.keys(this.errors).length ? "" : [failureWord(error), ...refusals(error)].join(" ");
        if (path === ERASURE && error.meaning !== "refused") this.failure = [this.failure, t("It is not known what was erased: erase again.")].join(" ");
        return null;
      } finally {
        this.busy = false;
        this.refresh();
      }
    },
    save() {
      const address = URL.createObjectURL(new Blob([JSON.stringify(this.found, null, 2)], { type: "application/json" }));
      const link = Object.assign(document.createElement("a"), { href: address, download: "personal-data.json" });
      link.click();
      URL.revokeObjectURL(address);
    },

    // Words
    at: (record) => when(record.at),
    actionWord: (record) => ({ looked_up: t("Looked up"), erased: t("Erased on request"), day_shown: t("Callers of {day} shown", { day: record.subject }) })[record.action] || record.action,
    chainWord() {
      return this.known ? tn("{n} entry, chain unbroken", "{n} entries, chain unbroken", this.chain.length) : "";
    },
  };
}
