import { AGAIN_FOR_MS, pauseMs } from "../parts/again.js";
import { newKey } from "../parts/api.js";
import { DRAFT, asksAboutPoint, bodyOf, emptyForm, isBlank, placeKey, placeUnknown, previewQuery, problems, questionOf, readDraft, saidOf, unreadPoint, withPlaceWords, withWords } from "../parts/call-form.js";
import { askable, blockWord, countWord, readWord } from "../parts/caller.js";
import { combo } from "../parts/combo.js";
import { inOrder } from "../parts/crew-steps.js";
import { sentPart } from "../parts/desk-sent.js";
import { questionWords } from "../parts/doubt-words.js";
import { failureWord, placeErrors } from "../parts/fields.js";
import { currentLanguage, decimal, t, tn } from "../parts/i18n.js";
import { Unreachable } from "../parts/outcomes.js";
import { passedOver, pickReason, shortfall, warning } from "../parts/plan-words.js";
import { poll } from "../parts/poll.js";
import { openRegistry } from "../parts/registry.js";
import { mayCommand } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { nowInstant } from "../parts/time.js";
import { CHANNELS, CLASSES, channelWord, classWord } from "../parts/words.js";

const PREVIEW_PAUSE_MS = 250;
const CALLER_PAUSE_MS = 400;
const FOLLOW_MS = 2000;
const NEARBY_SHOWN = 3; // so that who would go stays in view
// How long help may wait for what is known of a point: the interface takes and marks it all the same.
const POINT_PATIENCE_MS = 1500;

await start(({ api, me }) => ({ desk: () => desk(api, me), combo }));

function desk(api, me) {
  let registry = openRegistry({});
  let previewTimer = 0;
  let previewAsked = "";
  let callerTimer = 0;
  let callerAsked = "";
  let retryTimer = 0;
  let tries = 0;
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
    attemptedAt: 0, // when it was sent first
    open: false, // whether it may have been saved
    gaveUp: false, // whether it is no longer sent by itself
    preview: null,
    previewBusy: false,
    previewFailure: "",
    callerFailure: "",
    nearbyAll: false,
    caller: null, // what is known of the number, once it is whole
    previewFor: "", // the query that `preview` answers
    question: null, // the one plain question before help is sent: {code, away, named, told}
    discarded: null, // the draft that was just thrown away, for as long as nothing else is typed
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
      this.attemptedAt = draft.attemptedAt;
      this.restored = !draft.attempt;
      if (draft.attempt) this.sendAgain();
    },
    changed() {
      if (!this.form.received_at && !isBlank(this.form)) this.form.received_at = nowInstant();
      if (this.form.received_at && !this.form.answered_at && !isBlank(this.form)) this.form.answered_at = nowInstant();
      if (!isBlank(this.form)) this.discarded = null;
      if (this.question?.about !== placeKey(this.form)) this.question = null;
      if (this.form.received_at) sessionStorage.setItem(DRAFT, JSON.stringify({ form: this.form, attempt: this.attempt, attemptedAt: this.attemptedAt }));
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
        this.previewFor = query;
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
    pickDistance(pick) {
      return pick.distance_km === null ? t("distance ?") : this.distance(pick.distance_km);
    },
    previewDoubt() {
      if (!this.preview) return "";
      if (this.preview.doubts.includes("place_unknown")) return t("Without distance: nobody knows yet where it is. Chosen from the midst of all stations.");
      const question = this.preview.away && { code: "place_far", away: this.preview.away, named: Boolean(this.form.district) };
      return question ? questionWords(question, registry.district, currentLanguage()).text : "";
    },
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
      const { id, label, type, district, village, landmark, distance_km } = one;
      this.form.join = { id, label, type, district, village, landmark, distance_km };
      this.errors = {};
      this.askOn();
    },
    unjoin() {
      this.form.join = null;
      this.askOn();
    },
    // The browser takes for visible what stands behind the button; no mouse's press is moved from under it.
    inView(field) {
      if (field.matches(":focus-visible")) field.scrollIntoView({ block: "nearest" });
    },
    // The button that was pressed is gone; the notice that comes or goes in the next frame moves the field.
    askOn() {
      this.$nextTick(() => requestAnimationFrame(() => document.getElementById("narrative")?.focus()));
    },
    joinTitle() {
      return this.loaded ? registry.type(this.form.join.type) : "";
    },
    joinPlace() {
      return this.loaded ? this.nearbyPlace(this.form.join) : "";
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
        const answer = await api.lookUp("/api/callers", { number }, "calls_today");
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
        else if (this.question) this.answerFirst();
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
        if (await this.mustAsk()) return;
        this.attempt = bodyOf(this.form, this.insists());
        Object.assign(this, { attemptedAt: Date.now(), open: false });
        tries = 0;
        this.changed();
      }
      clearTimeout(retryTimer);
      this.sending = true;
      this.gaveUp = false;
      try {
        const answer = await api.postOnce("/api/calls", this.attempt, this.form.key, "call");
        // An answer that names no incident where there must be one is none: the same is sent again.
        if (this.attempt.class === "emergency" && !answer.incident) throw new Unreachable({ open: true });
        this.showSent(answer);
      } catch (error) {
        this.sendFailed(error);
      }
      this.sending = false;
    },
    // Whether something about the place must be asked first. What is known of a point comes with the preview.
    async mustAsk() {
      const query = previewQuery(this.form);
      if (asksAboutPoint(this.form) && query && query !== this.previewFor) {
        this.sending = true;
        previewAsked = query;
        clearTimeout(previewTimer);
        await Promise.race([this.fetchPreview(query), new Promise((resolve) => setTimeout(resolve, POINT_PATIENCE_MS))]);
        this.sending = false;
      }
      const question = questionOf(this.form, query === this.previewFor ? this.preview : null);
      if (!question) return false;
      this.question = { ...question, named: Boolean(this.form.district), told: Boolean(this.form.landmark.trim()), about: placeKey(this.form) };
      this.$nextTick(() => document.getElementById("answer-first")?.focus());
      return true;
    },
    questionText() {
      return questionWords(this.question, registry.district, currentLanguage());
    },
    // By itself: without a place, or without a point that makes no sense; it stays with the call as it was typed.
    answerFirst() {
      this.answer(false);
    },
    answerSecond() {
      if (this.question.code !== "no_place") return this.answer(true);
      this.leaveQuestion("district");
    },
    leaveQuestion(field = "send") {
      this.question = null;
      this.$nextTick(() => document.getElementById(field)?.focus());
    },
    answer(keep) {
      this.form.answer = { about: placeKey(this.form), keep };
      this.question = null;
      this.send();
    },
    // The incident that it was to join is over: what was typed opens one of its own.
    unjoinEnded() {
      const { type, district } = this.form.join;
      if (!this.form.type) this.comboPick("type", type);
      if (!this.form.district && !this.placeUnknown()) this.form.district = district;
      this.form.join = null;
      this.failure = t("That incident is over. Send this call as one of its own.");
    },
    // By itself, as long as the server surely keeps the key.
    sendAgain() {
      if (Date.now() - this.attemptedAt < AGAIN_FOR_MS) return this.send();
      Object.assign(this, { unsure: true, open: true, gaveUp: true, failure: t("It is not known whether this call was saved.") });
    },
    sendFailed(error) {
      if (error.meaning === "refused") {
        if (error.code === "number_blocked") this.insistsOn = this.attempt.number;
        const { fields, rest } = placeErrors(error.faults);
        this.attempt = null;
        this.unsure = false;
        // The block stands beside the number already, if it was known.
        this.errors = error.code === "number_blocked" && this.caller?.block ? {} : fields;
        this.failure = [failureWord(error), ...rest].join(" ");
        if (this.form.join && error.faults.some((fault) => fault.path === "incident_id")) this.unjoinEnded();
        // Two tabs had one form: the next press is another call.
        if (error.code === "idempotency_key_reused") this.form.key = newKey();
        this.changed();
        if (error.code === "number_blocked") this.$nextTick(() => document.getElementById("send")?.focus());
        else this.focusFirstError();
      } else {
        this.unsure = true;
        this.open ||= error.open === true;
        this.failure = this.open ? t("It is not known yet whether this call was saved.") : failureWord(error);
        // On a phone the button is far from the fields.
        this.$nextTick(() => document.querySelector(".k-send")?.scrollIntoView({ block: "nearest" }));
        retryTimer = setTimeout(() => this.sendAgain(), pauseMs(tries));
        tries += 1;
      }
    },
    focusFirstError() {
      this.$nextTick(() => document.querySelector(".is-invalid")?.focus());
    },
    showSent(answer) {
      sessionStorage.removeItem(DRAFT);
      this.unsure = false;
      this.failure = "";
      this.sent = { call: answer.call, class: this.form.class, joined: Boolean(this.form.join), incident: answer.incident && inOrder(answer.incident), lostSince: "", lostWhy: "" };
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
      this.question = null;
      this.discarded = null;
      this.previewFor = "";
      callerAsked = "";
      previewAsked = "";
      sessionStorage.removeItem(DRAFT);
      this.$nextTick(() => document.getElementById("number")?.focus());
    },

    agencyName: (id) => registry.agency(id),
    ...sentPart(() => registry),
  };
}
