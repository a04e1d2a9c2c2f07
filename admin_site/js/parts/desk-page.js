// Taking a call: the form, who would go, what became of it.

import { newKey } from "./api.js";
import { DRAFT, emptyForm, isBlank, placeKey, placeUnknown, readDraft, saidOf, unreadPoint, withPlaceWords, withWords } from "./call-form.js";
import { callerPart } from "./desk-caller.js";
import { questionsPart } from "./desk-questions.js";
import { handoverPart } from "./desk-handover.js";
import { previewPart } from "./desk-preview.js";
import { sendingPart } from "./desk-sending.js";
import { sentPart } from "./desk-sent.js";
import { failureWord } from "./fields.js";
import { t } from "./i18n.js";
import { openRegistry } from "./registry.js";
import { mayCommand } from "./roles.js";
import { nowInstant } from "./time.js";
import { wordBack } from "./word-back.js";
import { CHANNELS, CLASSES, channelWord, classWord } from "./words.js";

// `keptAs`: under which name an unsent call is kept; `incident`: the page that shows one.
export function deskPage(api, me, { keptAs = DRAFT, incident = "incident.html" } = {}) {
  let registry = openRegistry({});
  // What every part of the page works with; names may be read again.
  const page = { api, keptAs, incident, registry: () => registry };

  return {
    allowed: mayCommand(me),
    loaded: false,
    loadFailure: "",
    form: emptyForm(newKey()),
    restored: false,
    errors: {},
    failure: "",
    discarded: null, // the draft that was just thrown away, for as long as nothing else is typed

    async init() {
      if (!this.allowed) return;
      this.restore();
      this.recallGiven();
      this.$watch("form", () => this.changed());
      await this.load();
    },
    async load() {
      this.loadFailure = "";
      try {
        registry = openRegistry(await api.get("/api/registry", "incident_types", "districts"));
        this.loaded = true;
        this.askPreview();
        this.askCaller();
        // Whoever was quicker than the registry stays in his field.
        this.$nextTick(() => document.activeElement === document.body && document.getElementById("number")?.focus());
      } catch (error) {
        this.loadFailure = failureWord(error);
      }
    },

    // The draft survives an expired session, a reload, a closed lid.
    restore() {
      const draft = readDraft(sessionStorage.getItem(keptAs));
      if (!draft) return;
      this.form = draft.form;
      this.attempt = draft.attempt;
      this.attemptedAt = draft.attemptedAt;
      this.restored = !draft.attempt;
      if (draft.attempt) this.sendAgain();
    },
    changed() {
      if (!this.form.received_at && !isBlank(this.form)) this.form.received_at = nowInstant();
      if (this.form.received_at && !this.form.answered_at && !isBlank(this.form)) this.form.answered_at = nowInstant();
      if (!isBlank(this.form)) this.discarded = null;
      if (this.question?.about !== placeKey(this.form)) this.question = null;
      if (this.form.received_at) sessionStorage.setItem(keptAs, JSON.stringify({ form: this.form, attempt: this.attempt, attemptedAt: this.attemptedAt }));
      this.askPreview();
      this.askCaller();
    },
    callCameIn() {
      this.form.received_at ??= nowInstant();
      document.getElementById("number")?.focus();
    },
    ringing() {
      return this.form.received_at && !this.form.answered_at;
    },

    // Fields
    classes: () => CLASSES.map((id) => ({ id, word: classWord(id) })),
    channels: () => CHANNELS.map((id) => ({ id, word: channelWord(id) })),
    emergency() {
      return this.form.class === "emergency";
    },
    asksIncident() {
      return this.emergency() && !this.form.join;
    },
    placeUnknown() {
      return placeUnknown(this.form);
    },
    landmarkLabel() {
      return this.placeUnknown() ? t("What the caller says of the place") : t("Street, landmark");
    },
    pointHint() {
      return unreadPoint(this.form) ? t("No point can be read from this. It is kept as typed, to be asked again.") : "";
    },
    keepsSaid() {
      return !this.emergency() && saidOf(this.form) !== null;
    },
    comboOptions(name) {
      if (!this.loaded) return null;
      return { type: registry.typeOptions, district: registry.districtOptions, village: registry.villageOptions(this.form.district) }[name];
    },
    comboValue(name) {
      return this.form[name];
    },
    comboText(name, text) {
      this.form[name] = text;
      delete this.errors[name];
    },
    comboPick(name, id, typed) {
      delete this.errors[name];
      if (name !== "type") return Object.assign(this.form, registry.place(id, this.form), { landmark: withPlaceWords(this.form.landmark, typed) });
      const type = registry.types.get(id);
      Object.assign(this.form, { type: id, priority: type?.priority ?? null, terrain: type?.terrain ?? null });
      this.form.narrative = withWords(this.form.narrative, typed);
    },
    // The browser takes for visible what stands behind the button; no mouse's press is moved from under it.
    inView(field) {
      if (field.matches(":focus-visible")) field.scrollIntoView({ block: "nearest" });
    },
    defaultPriority() {
      return this.loaded ? registry.types.get(this.form.type)?.priority : null;
    },
    priorityClass(priority) {
      return this.defaultPriority() === priority ? "k-default" : "";
    },
    setPriority(priority) {
      this.form.priority = priority;
    },
    invalid(field) {
      return this.errors[field] ? "is-invalid" : "";
    },

    discard() {
      const { form } = this;
      this.nextCall();
      this.discarded = form;
    },
    undiscard() {
      const form = this.discarded;
      this.discarded = null;
      this.form = form;
    },
    nextCall() {
      this.followNoMore();
      this.attempt = null;
      this.restored = false;
      this.errors = {};
      this.failure = "";
      this.form = emptyForm(newKey());
      this.insistsOn = "";
      this.question = null;
      this.discarded = null;
      this.forgetPreview();
      this.forgetCaller();
      sessionStorage.removeItem(keptAs);
      this.$nextTick(() => document.getElementById("number")?.focus());
    },

    agencyName: (id) => registry.agency(id),
    // A scope of its own, beside the call that was sent.
    wordBack: () => wordBack(api),
    ...questionsPart(page),
    ...previewPart(page),
    ...callerPart(page),
    ...sendingPart(page),
    ...sentPart(page),
    ...handoverPart(page),
  };
}
