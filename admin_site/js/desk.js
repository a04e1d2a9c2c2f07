import { Refused, Unreachable, newKey } from "./api.js";
import { DRAFT, bodyOf, emptyForm, isBlank, previewQuery, problems, readDraft, withWords } from "./call-form.js";
import { askable, blockWord, countWord, readWord } from "./caller.js";
import { combo } from "./combo.js";
import { agenciesToRing, alarmHint, crewsToRing, outcome } from "./coming-words.js";
import { inOrder, lastChange } from "./crew-steps.js";
import { failureWord, notLoadedWord, placeErrors } from "./fields.js";
import { decimal, t, tn } from "./i18n.js";
import { numbersToCall, passedOver, pickReason, shortfall, warning } from "./plan-words.js";
import { poll } from "./poll.js";
import { openRegistry } from "./registry.js";
import { mayCommand } from "./roles.js";
import { start } from "./start.js";
import { nowInstant } from "./time.js";
import { CHANNELS, CLASSES, beingOrderedWord, channelWord, classWord, pageStatusWord, statusWord, terrainWord } from "./words.js";

const PREVIEW_PAUSE_MS = 250;
const CALLER_PAUSE_MS = 400;
const RETRY_MS = 3000;
const FOLLOW_MS = 2000;
const NEARBY_SHOWN = 3; // so that who would go stays in view

await start(({ api, me }) => ({ desk: () => desk(api, me), combo }));

function desk(api, me) {
  let registry = openRegistry({});
  let previewTimer = 0;
  let previewAsked = "";
  let callerTimer = 0;
  let callerAsked = "";
  let retryTimer = 0;
  let following = null;

  return {
    allowed: mayCommand(me),
    loaded: false,
    loadFailure: "",
    form: emptyForm(newKey()),
    restored: false,
    errors: {},
    failure: "",
    sending: false,
    unsure: false, // a send whose outcome nobody knows; `attempt` is its body, and only the very same may be sent again
    attempt: null,
    preview: null,
    previewBusy: false,
    previewFailure: "",
    callerFailure: "",
    nearbyAll: false,
    caller: null, // what is known of the number, once it is whole
    insistsOn: "", // the blocked number that the server held back; the next press insists
    sent: null,

    async init() {
      if (!this.allowed) return;
      this.restore();
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
        if (document.activeElement === document.body) this.$nextTick(() => document.getElementById("number")?.focus());
      } catch (error) {
        this.loadFailure = failureWord(error);
      }
    },

    // The draft survives an expired session, a reload, a closed lid.
    restore() {
      const draft = readDraft(sessionStorage.getItem(DRAFT));
      if (!draft) return;
      this.form = draft.form;
      this.attempt = draft.attempt;
      this.restored = !draft.attempt;
      if (draft.attempt) this.send();
    },
    changed() {
      if (!this.form.received_at && !isBlank(this.form)) this.form.received_at = nowInstant();
      if (this.form.received_at && !this.form.answered_at && !isBlank(this.form)) this.form.answered_at = nowInstant();
      if (this.form.received_at) sessionStorage.setItem(DRAFT, JSON.stringify({ form: this.form, attempt: this.attempt }));
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
    comboOptions(name) {
      if (!this.loaded) return [];
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
      if (name !== "type") return Object.assign(this.form, registry.place(id, this.form));
      const type = registry.types.get(id);
      Object.assign(this.form, { type: id, priority: type?.priority ?? null, terrain: type?.terrain ?? null });
      this.form.narrative = withWords(this.form.narrative, typed);
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

    // Preview
    askPreview() {
      const query = previewQuery(this.form);
      if (query === previewAsked) return;
      previewAsked = query;
      this.nearbyAll = false;
      clearTimeout(previewTimer);
      if (!query) {
        this.preview = null;
        this.previewBusy = false;
        this.previewFailure = "";
        return;
      }
      this.previewBusy = true;
      previewTimer = setTimeout(() => this.fetchPreview(query), PREVIEW_PAUSE_MS);
    },
    async fetchPreview(query) {
      try {
        const answer = await api.get(`/api/dispatch/preview?${query}`, "picks", "shortfalls", "nearby");
        if (query !== previewAsked) return;
        this.preview = answer;
        this.previewFailure = "";
      } catch (error) {
        if (query !== previewAsked) return;
        this.preview = null;
        this.previewFailure = failureWord(error);
        previewAsked = "";
      }
      this.previewBusy = false;
    },
    pickNotes: (pick) => pick.reasons.map(pickReason).join(", "),
    pickPeople: (pick) => pick.people.map((person) => person.name).join(", "),
    pickWarnings: (pick) => pick.warnings.map((code) => warning(code, registry.certifications, pick.people)),
    distance: (km) => (km === null || km === undefined ? "" : t("{km} km", { km: decimal(km) })),
    shortfallWord: (one) => shortfall(one, registry.agency),
    passedOverWord: (unit) => t("{unit}: {why}", { unit: unit.callsign, why: passedOver(unit.reason) }),
    nearby() {
      return this.emergency() && !this.form.join ? this.preview?.nearby || [] : [];
    },
    nearbyShown() {
      return this.nearbyAll ? this.nearby() : this.nearby().slice(0, NEARBY_SHOWN);
    },
    nearbyMore() {
      const more = this.nearby().length - this.nearbyShown().length;
      return more ? tn("{n} more", "{n} more", more) : "";
    },
    showNearby() {
      this.nearbyAll = true;
    },
    nearbyTitle(one) {
      return registry.type(one.type);
    },
    nearbyPlace(one) {
      return [one.landmark, one.village, registry.district(one.district), this.distance(one.distance_km)].filter(Boolean).join(" · ");
    },
    callCount: (n) => tn("{n} call", "{n} calls", n),
    join(one) {
      this.form.join = { id: one.id, label: one.label, title: registry.type(one.type), place: this.nearbyPlace(one) };
      this.errors = {};
    },
    unjoin() {
      this.form.join = null;
    },

    // The caller
    askCaller() {
      const number = askable(this.form.number);
      if (number === callerAsked) return;
      callerAsked = number;
      clearTimeout(callerTimer);
      this.caller = null;
      this.callerFailure = "";
      if (number) callerTimer = setTimeout(() => this.fetchCaller(number), CALLER_PAUSE_MS);
    },
    async fetchCaller(number) {
      try {
        const answer = await api.post("/api/callers", { number }, undefined, "calls_today");
        if (number === callerAsked) this.caller = answer;
      } catch (error) {
        // No help is held up because this is not known: a block is told when the call is sent.
        if (number === callerAsked) this.callerFailure = t("Whether this number called before, or is blocked, is not known: {why}", { why: failureWord(error) });
      }
    },
    callerCount() {
      return countWord(this.caller);
    },
    callerRead() {
      return readWord(this.caller, this.form.number);
    },
    callerBlock() {
      return blockWord(this.caller?.block);
    },
    insists() {
      return this.emergency() && this.insistsOn !== "" && this.insistsOn === this.form.number.trim();
    },

    // Sending
    sendWord() {
      if (this.sending) return t("Sending…");
      if (!this.emergency()) return t("Log the call");
      if (this.insists()) return t("Real emergency: send help");
      return this.form.join ? t("Log and join") : t("Send help");
    },
    hotkey(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (this.sent) this.nextCall();
        else this.send();
      }
    },
    async send() {
      if (this.sending || this.sent || !this.allowed) return;
      if (!this.attempt) {
        if (!this.form.received_at) this.callCameIn();
        this.form.answered_at ??= nowInstant();
        this.errors = problems(this.form);
        this.failure = "";
        if (Object.keys(this.errors).length) return this.focusFirstError();
        this.attempt = bodyOf(this.form, this.insists());
        this.changed();
      }
      clearTimeout(retryTimer);
      this.sending = true;
      try {
        const answer = await api.post("/api/calls", this.attempt, this.form.key);
        // An answer that names no call, or no incident where there must be one, is none: the same is sent again.
        if (!answer.call || (this.attempt.class === "emergency" && !answer.incident)) throw new Unreachable();
        this.showSent(answer);
      } catch (error) {
        this.sendFailed(error);
      }
      this.sending = false;
    },
    sendFailed(error) {
      // Held back for a moment is as good as busy: the same is sent again by itself.
      if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        if (error.code === "number_blocked") this.insistsOn = this.attempt.number;
        const { fields, rest } = placeErrors(error.fields);
        this.attempt = null;
        this.unsure = false;
        // The block stands beside the number already, if it was known.
        this.errors = error.code === "number_blocked" && this.caller?.block ? {} : fields;
        this.failure = [failureWord(error), ...rest].join(" ");
        this.changed();
        if (error.code === "number_blocked") this.$nextTick(() => document.getElementById("send")?.focus());
        else this.focusFirstError();
      } else {
        this.unsure = true;
        this.failure = failureWord(error);
        retryTimer = setTimeout(() => this.send(), RETRY_MS);
      }
    },
    focusFirstError() {
      this.$nextTick(() => document.querySelector(".is-invalid")?.focus());
    },
    showSent(answer) {
      sessionStorage.removeItem(DRAFT);
      this.unsure = false;
      this.failure = "";
      this.sent = { class: this.form.class, joined: Boolean(this.form.join), incident: answer.incident && inOrder(answer.incident), lostSince: "", lostWhy: "" };
      if (answer.incident) following = poll(() => this.follow(answer.incident.id), FOLLOW_MS);
      this.$nextTick(() => document.getElementById("next-call")?.focus());
    },
    async follow(id) {
      try {
        const incident = await api.get(`/api/incidents/${encodeURIComponent(id)}`, "timeline", "pages");
        if (this.sent?.incident.id === id) Object.assign(this.sent, { incident: inOrder(incident), lostSince: "" });
      } catch (error) {
        // What was sent stays on the screen, and says since when it may be out of date.
        if (this.sent?.incident.id === id) Object.assign(this.sent, { lostSince: this.sent.lostSince || nowInstant(), lostWhy: failureWord(error) });
      }
    },
    nextCall() {
      following?.stop();
      following = null;
      this.sent = null;
      this.attempt = null;
      this.restored = false;
      this.errors = {};
      this.failure = "";
      this.preview = null;
      this.form = emptyForm(newKey());
      this.caller = null;
      this.insistsOn = "";
      callerAsked = "";
      previewAsked = "";
      sessionStorage.removeItem(DRAFT);
      this.$nextTick(() => document.getElementById("number")?.focus());
    },

    // What was sent
    sentOutcome() {
      if (this.sent.class !== "emergency") return { tone: "coming", title: t("Logged as: {class}", { class: classWord(this.sent.class) }) };
      return outcome(this.sent.incident);
    },
    sentTitle() {
      return this.sentOutcome().title;
    },
    sentTone(...tones) {
      return tones.includes(this.sentOutcome().tone);
    },
    sentClass() {
      const drill = this.sent.incident?.drill ? " k-sent-drill" : "";
      return `k-panel k-sent k-sent-${this.sentOutcome().tone}${drill}`;
    },
    sentHint() {
      return this.sentTone("alarm") ? alarmHint(this.sent.incident) : "";
    },
    sentJoined() {
      return this.sent.joined ? t("Call joined to {incident}", { incident: this.sent.incident.label }) : "";
    },
    sentLost() {
      return this.sent.lostSince ? notLoadedWord(this.sent.lostWhy, this.sent.lostSince) : "";
    },
    sentNumbers() {
      if (!this.sentTone("alarm")) return [];
      const { incident } = this.sent;
      const crews = [...crewsToRing(incident), ...incident.attention.filter((mark) => mark.code === "no_acknowledgement")];
      return [...agenciesToRing(incident, registry), ...crews.flatMap((mark) => numbersToCall(mark, incident, registry).map((who) => ({ ...who, id: `${who.crew} ${who.number}` })))];
    },
    sendUnitLink() {
      return `${this.sentLink()}&ask=unit`;
    },
    beingOrdered() {
      return beingOrderedWord(this.sent.incident);
    },
    sentType() {
      return registry.type(this.sent.incident.type);
    },
    sentPlace() {
      const { landmark, village, district } = this.sent.incident;
      return [landmark, village, registry.district(district)].filter(Boolean).join(", ");
    },
    sentLink() {
      return `incident.html?id=${encodeURIComponent(this.sent.incident.id)}`;
    },
    agencyName: (id) => registry.agency(id),
    pagesOf(crew) {
      return this.sent.incident.pages.filter((page) => page.assignment_id === crew.id && page.kind === "page");
    },
    statusWord,
    terrainWord,
    pageStatusWord,
    statusClass: (status) => `k-status k-${status}`,
    pageClass: (page) => `k-page k-page-${page.acknowledged_at ? "answered" : page.status}`,
    crewAt: lastChange,
  };
}
