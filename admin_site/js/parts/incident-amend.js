// Amending an incident: the draft, its dialog, and what a refusal says. The draft outlives the dialog, a lost connection and a sign-in.

import { FIELDS, PLACES, amendBody, amendProblems, changed, changedFields, draftKey, draftOf, meanwhile, onlyPointLeft, pointUnread, readAmend, saysNothing, withType } from "./amend-form.js";
import { newKey } from "./api.js";
import { withPlaceWords, withWords } from "./call-form.js";
import { failureWord, placeErrors } from "./fields.js";
import { t, tn } from "./i18n.js";
import { mayCommand } from "./roles.js";
import { terrainWord } from "./words.js";

const AMEND_KEY = "u"; // ubah, update

export function amendPart(page) {
  const { id, path, me, api, registry } = page;

  return {
    amend: null, // the draft (amend-form.js), null for none
    amending: false, // whether its dialog is open
    amendBack: false, // whether it was begun before this page was loaded
    amendErrors: {},
    amendFailure: "",

    keepAmend() {
      this.$watch("amend", () => this.amendChanged());
    },
    amendChanged() {
      if (this.amend) sessionStorage.setItem(draftKey(id), JSON.stringify(this.amend));
      else sessionStorage.removeItem(draftKey(id));
      if (this.amending) this.askPlan();
    },
    // Once the incident is known. What was saved after all leaves nothing behind.
    restoreAmend() {
      const draft = this.mayAmend() && readAmend(sessionStorage.getItem(draftKey(id)));
      if (!draft) return;
      const now = meanwhile(draft, this.one);
      if (!changedFields(now).length) return sessionStorage.removeItem(draftKey(id));
      this.amend = now;
      this.amendBack = true;
      this.openAmend();
    },
    followAmend() {
      if (this.amend) this.amend = meanwhile(this.amend, this.one);
    },
    mayAmend() {
      return mayCommand(me) && this.open();
    },
    amendKey(event) {
      if (this.keyAlone(event) === AMEND_KEY && this.loaded && this.mayAmend()) {
        event.preventDefault();
        this.openAmend();
      }
    },

    // The dialog
    openAmend(field = "landmark") {
      this.amend ||= draftOf(this.one);
      Object.assign(this, { amending: true, amendErrors: {}, amendFailure: "" });
      this.askPlan();
      this.$nextTick(() => {
        document.getElementById("amend").showModal();
        this.amendFocus(field);
      });
    },
    amendFocus(field) {
      this.$nextTick(() => document.querySelector(`#amend [data-field="${field}"] :is(input:checked, input, textarea, button)`)?.focus());
    },
    leaveAmend() {
      document.getElementById("amend").close();
    },
    amendClosed() {
      this.amending = false;
      this.amendBack = false;
      this.forgetPlan();
      if (this.amend && !changedFields(this.amend).length) this.amend = null;
    },
    dropAmend() {
      this.amend = null;
    },
    amendTitle() {
      return t("Amend incident {label}", { label: this.one.label });
    },

    // Its fields
    amendOptions(name) {
      if (!this.namesKnown) return null;
      return { type: registry().typeOptions, district: registry().districtOptions, village: registry().villageOptions(this.amend?.form.district) }[name];
    },
    amendValue(name) {
      return this.amend?.form[name] || "";
    },
    amendText(name, text) {
      if (this.amend) this.amendSet({ [name]: text });
    },
    amendPick(name, picked, typed) {
      if (!this.amend) return;
      const { form } = this.amend;
      if (name === "type") this.amendSet({ ...withType(form, picked, registry().types), narrative: withWords(form.narrative, typed) });
      else this.amendSet({ ...registry().place(picked, form), landmark: withPlaceWords(form.landmark, typed) });
    },
    amendSet(values) {
      Object.assign(this.amend.form, values);
      for (const field of Object.keys(values)) delete this.amendErrors[field];
    },
    amendTyped(event) {
      delete this.amendErrors[event.target.closest("[data-field]")?.dataset.field];
    },
    setPriority(priority) {
      this.amendSet({ priority });
    },
    setTerrain(terrain) {
      this.amendSet({ terrain });
    },
    isChanged(field) {
      return this.amend ? changed(this.amend, field) : false;
    },
    wasWord(field) {
      return this.amend ? this.fieldWord(field, this.amend.base[field]) || t("nothing") : "";
    },
    // A value of one of its fields as people read it.
    fieldWord(field, value) {
      const named = { type: registry().type, district: registry().district, terrain: terrainWord }[field];
      return named ? named(value) : String(value ?? "");
    },
    putBack(field) {
      const { base, form } = this.amend;
      this.amendSet(field === "type" ? withType(form, base.type, registry().types) : { [field]: base[field] });
      delete this.amend.clash[field];
      this.amendFocus(field);
    },
    putBackKey(event) {
      const field = event.target.closest("[data-field]")?.dataset.field;
      if (!field || !this.isChanged(field)) return;
      event.preventDefault();
      this.putBack(field);
    },
    hasClash(field) {
      return this.amend ? field in this.amend.clash : false;
    },
    clashWord(field) {
      return this.hasClash(field) ? t("Somebody changed this meanwhile to: {value}", { value: this.fieldWord(field, this.amend.clash[field]) || t("nothing") }) : "";
    },
    takeTheirs(field) {
      this.amendSet({ [field]: this.amend.clash[field] });
      this.keepMine(field);
    },
    keepMine(field) {
      delete this.amend.clash[field];
      delete this.amendErrors[field];
      this.amendFocus(field);
    },
    amendError(field) {
      return this.amendErrors[field] || "";
    },
    amendInvalid(field) {
      return this.amendErrors[field] ? "is-invalid" : "";
    },

    // Saving
    saveWord() {
      const [send, recall] = [this.toSend().length, this.toRecall().length];
      if (send && recall) return t("Save, send {send}, call off {recall}", { send, recall });
      if (send) return tn("Save and send {n} unit", "Save and send {n} units", send);
      if (recall) return tn("Save and call off {n} unit", "Save and call off {n} units", recall);
      return t("Save");
    },
    saveClass() {
      return this.toSend().length ? "btn btn-danger" : "btn btn-primary";
    },
    // The other way to save, "" where both would do the same.
    saveOnlyWord() {
      if (this.toRecall().length) return t("Save only");
      return this.toSend().length ? t("Save without sending units") : "";
    },
    async saveAmend(alone = false) {
      if (this.busy || !this.amending) return;
      this.amendFailure = "";
      this.amendErrors = amendProblems(this.amend);
      if (Object.keys(this.amendErrors).length) return this.amendFocus(this.firstWrong());
      // Nobody is sent whom nobody has seen.
      if (!alone && !(await this.planAsShown())) {
        this.amendFailure = t("The plan has come just now: look whom it would send, and save once more.");
        return this.$nextTick(() => document.getElementById("amend-save")?.focus());
      }
      const body = amendBody(this.amend, alone ? {} : { send: this.toSend(), recall: this.toRecall() });
      const unread = pointUnread(this.amend);
      if (saysNothing(body)) return unread ? this.pointLeft(t("No point can be read from this.")) : this.leaveAmend();
      const sent = JSON.stringify(body);
      // The very same once more is the same; anything else is another.
      if (this.amend.sent !== sent) Object.assign(this.amend, { sent, key: newKey() });
      const error = await this.amendBy(body, this.amend.key);
      if (error) return this.amendRefused(error);
      if (unread) {
        this.amend = onlyPointLeft(this.amend, this.one);
        return this.pointLeft(t("No point can be read from this: it stays as it was. Everything else is saved."));
      }
      this.amend = null;
      this.leaveAmend();
    },
    pointLeft(why) {
      this.amendErrors = { coordinates: why };
      this.amendFocus("coordinates");
    },
    // Null, or why not.
    async amendBy(body, key) {
      this.busy = true;
      try {
        const answer = await api.patch(path, body, key, "timeline", "version");
        this.show(answer);
        return null;
      } catch (error) {
        return error;
      } finally {
        this.busy = false;
        this.tryNow();
      }
    },
    async amendRefused(error) {
      const { fields, rest } = placeErrors(error.faults, PLACES);
      this.amendErrors = fields;
      this.amendFailure = [failureWord(error), ...rest].join(" ");
      if ((error.faults || []).some((fault) => fault.code === "amended_meanwhile")) {
        this.amendFailure = t("Somebody changed the same meanwhile: choose at the field, and save once more.");
        await this.readMeanwhile();
      }
      this.amendFocus(this.firstWrong());
    },
    // Both values stand at the field, as soon as the other one is known.
    async readMeanwhile() {
      try {
        this.show(await api.get(path, "timeline", "version"));
        this.amendErrors = amendProblems(this.amend);
      } catch {
        // The refusal says both values already.
      }
    },
    firstWrong() {
      return FIELDS.find((field) => this.amendErrors[field]) || "landmark";
    },
  };
}
