// A better place from a joined caller, taken over with one key and given back with another; and what was before, beside each field.

import { amendBody, draftOf, fieldsOf, placeSaid, same } from "./amend-form.js";
import { amendedFields, amendedWord } from "./amended.js";
import { newKey } from "./api.js";
import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";

const TAKE_KEY = "t"; // tempat, take
const PLACE = ["district", "village", "landmark", "coordinates"];
const TEXTS = ["village", "landmark", "coordinates", "narrative"];

export function takePlacePart({ api, path }) {
  return {
    taken: null, // a place that was just taken over: {was, now} by field

    mayTake(call) {
      return this.mayAmend() && Object.keys(placeSaid(call, this.one)).length > 0;
    },
    // What came in after the place was put right last is news; what was known before is not offered a key again.
    newestToTake() {
      if (!this.loaded || !this.mayAmend()) return undefined;
      const amended = amendedFields(this.one);
      const last = PLACE.map((field) => amended[field]?.at || "").sort().at(-1);
      const newest = [...this.one.calls_list].sort((a, b) => b.received_at.localeCompare(a.received_at));
      return newest.find((call) => call.received_at > last && this.mayTake(call));
    },
    isNewestToTake(call) {
      return this.newestToTake()?.id === call.id;
    },
    takeKey(event) {
      const call = this.keyAlone(event) === TAKE_KEY && this.newestToTake();
      if (call) this.takePlace(call);
    },
    async takePlace(call) {
      if (this.busy) return;
      const now = placeSaid(call, this.one);
      const draft = draftOf(this.one);
      Object.assign(draft.form, now);
      const was = Object.fromEntries(Object.keys(now).map((field) => [field, draft.base[field]]));
      if (!(await this.leavesPlan(draft))) return this.amendWith(draft, now);
      const error = await this.amendBy(amendBody(draft), newKey());
      if (!error) {
        this.taken = { was, now };
        return;
      }
      this.amendWith(draft, now);
      await this.amendRefused(error);
    },
    // Whether nobody else would be sent; where that is not known a person must look.
    async leavesPlan(draft) {
      this.busy = true;
      try {
        const plan = await api.lookUp(`${path}/amendments/preview`, amendBody(draft), "send", "plan_changes");
        return !plan.plan_changes && !plan.send.length && !plan.away;
      } catch {
        return false;
      } finally {
        this.busy = false;
      }
    },
    amendWith(draft, now) {
      if (this.amend) Object.assign(this.amend.form, now);
      else this.amend = draft;
      this.openAmend();
    },
    isTaken() {
      const fields = this.loaded && fieldsOf(this.one);
      return Boolean(this.taken && fields && Object.entries(this.taken.now).every(([field, value]) => same(field, value, fields[field])));
    },
    async untake() {
      if (this.busy || !this.taken) return;
      const draft = draftOf(this.one);
      Object.assign(draft.form, this.taken.was);
      this.failure = "";
      const error = await this.amendBy(amendBody(draft), newKey());
      if (error) this.failure = [failureWord(error), ...refusals(error)].join(" ");
      else this.taken = null;
    },

    // What was
    amendedWord(field) {
      return amendedWord(amendedFields(this.one)[field], (value) => this.fieldWord(field, value));
    },
    // Of one amendment, the texts that no event may hold: [{what, text}].
    wasRows(event) {
      const note = event.type === "IncidentAmended" && this.one.notes.find((one) => one.id === event.data.note);
      if (!note?.was) return [];
      const was = fieldsOf(note.was);
      const names = { village: t("Village"), landmark: t("Street, landmark"), coordinates: t("Coordinates"), narrative: t("What the caller says") };
      const amended = note.amended.map((name) => (["lat", "lng"].includes(name) ? "coordinates" : name));
      return TEXTS.filter((field) => amended.includes(field) && was[field]).map((field) => ({ what: names[field], text: was[field] }));
    },
  };
}
