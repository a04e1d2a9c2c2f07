// Handing a call that is not logged yet to a colleague, and what became of it.

import { DRAFT, emptyForm, isBlank, readDraft } from "./call-form.js";
import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";
import { poll } from "./poll.js";
import { clock } from "./time.js";

export const GIVEN = "kentongan.desk.given";
const EVERY_MS = 10000;

// What a desk keeps for itself of a draft: the key of its own form.
export function draftOf(form) {
  return Object.fromEntries(Object.entries(form).filter(([name]) => name !== "key"));
}

// Whether a call is half typed here, which another must not push aside.
export function halfTyped(kept) {
  const draft = readDraft(kept);
  return draft !== null && (draft.attempt !== null || !isBlank(draft.form));
}

// A handed draft as it was; nothing of one that is no form of ours.
export function formOf(draft) {
  try {
    return Object(JSON.parse(draft));
  } catch {
    return {};
  }
}

// A handed draft as the desk's page finds it when it opens, under a key of this desk.
export function laidOut(draft, key) {
  return JSON.stringify({ form: { ...emptyForm(key), ...formOf(draft), key } });
}

export function givenWord(given) {
  if (!given.taken_at) return t("Handed to {name} at {time}, not taken yet.", { name: given.to_name, time: clock(given.at) });
  return t("{name} took the call at {time}.", { name: given.taken_by_name, time: clock(given.taken_at) });
}

export function handoverPart({ api }) {
  let poller = null;

  return {
    giving: null, // {colleagues, to, error}: whom to hand it to
    handing: false,
    given: null, // the last one that was handed over
    givenFailure: "",

    followGiven(given) {
      poller?.stop();
      this.given = given;
      this.givenFailure = "";
      if (!given) return sessionStorage.removeItem(GIVEN);
      sessionStorage.setItem(GIVEN, JSON.stringify(given));
      if (!given.taken_at) poller = poll(() => this.lookAfter(given), EVERY_MS);
    },
    recallGiven() {
      const kept = sessionStorage.getItem(GIVEN);
      if (kept) this.followGiven(JSON.parse(kept));
    },
    async lookAfter({ to, id }) {
      try {
        const { handovers } = await api.get(`/api/handovers?to=${encodeURIComponent(to)}`, "handovers");
        const found = handovers.find((each) => each.id === id);
        this.givenFailure = "";
        if (!found) this.givenFailure = t("Nobody took it within the hour: its draft is erased.");
        if (!found || found.taken_at) poller.stop();
        if (found) this.given = found;
        if (found?.taken_at) sessionStorage.removeItem(GIVEN);
      } catch (error) {
        this.givenFailure = failureWord(error);
      }
    },
    givenWord() {
      return this.given ? givenWord(this.given) : "";
    },
    mayHandOver() {
      return Boolean(this.form.received_at) && !this.attempt && !this.sending && !isBlank(this.form);
    },
    async askHandOver() {
      this.giving = { colleagues: null, to: "", error: "" };
      this.$nextTick(() => this.$refs.giving.showModal());
      try {
        const { colleagues } = await api.get("/api/handovers/colleagues", "colleagues");
        if (this.giving) this.giving.colleagues = colleagues;
        this.$nextTick(() => this.$refs.giving.querySelector("input")?.focus());
      } catch (error) {
        if (this.giving) this.giving.error = failureWord(error);
      }
    },
    leaveGiving() {
      this.$refs.giving.close();
    },
    givingClosed() {
      this.giving = null;
    },
    nobodyElse() {
      return this.giving?.colleagues?.length === 0;
    },
    async handOver() {
      if (this.handing) return;
      this.giving.error = this.giving.to ? "" : t("Choose somebody.");
      if (this.giving.error) return;
      this.handing = true;
      try {
        const body = { to: this.giving.to, draft: JSON.stringify(draftOf(this.form)) };
        const given = await api.post("/api/handovers", body, undefined, "id", "to", "to_name", "at");
        this.$refs.giving.close();
        this.nextCall();
        this.followGiven(given);
      } catch (error) {
        if (this.giving) this.giving.error = [failureWord(error), ...refusals(error)].join(" ");
      } finally {
        this.handing = false;
      }
    },
    async takeBack() {
      const { to, id } = this.given;
      try {
        if (halfTyped(sessionStorage.getItem(DRAFT))) throw new Error();
        const { draft } = await api.post(`/api/handovers/${encodeURIComponent(to)}/${encodeURIComponent(id)}/take`, {}, undefined, "draft");
        this.followGiven(null);
        this.form = readDraft(laidOut(draft, this.form.key)).form;
      } catch (error) {
        this.givenFailure = error.meaning ? [failureWord(error), ...refusals(error)].join(" ") : halfTypedWord();
      }
    },
  };
}

export function halfTypedWord() {
  return t("Send or discard the call that is half typed here first.");
}
