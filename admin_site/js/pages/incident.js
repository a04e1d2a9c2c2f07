import { newKey } from "../parts/api.js";
import { marks } from "../parts/board-rows.js";
import { withPlaceWords, withWords } from "../parts/call-form.js";
import { saysOf, splitDefault, splitIncident, typedOf, wordsOf } from "../parts/caller-says.js";
import { combo } from "../parts/combo.js";
import { agenciesToRing, alarmHint, alarmWord, crewsToRing, isAlarm } from "../parts/coming-words.js";
import { inOrder, isActive, lastChange, milestones, nextSteps } from "../parts/crew-steps.js";
import { askAgain } from "../parts/doubt-words.js";
import { stillOutWord } from "../parts/fault-words.js";
import { failureWord, refusals } from "../parts/fields.js";
import { t, tn } from "../parts/i18n.js";
import { Refused } from "../parts/outcomes.js";
import { markDetail, numbersToCall, passedOver, pickReason, repliesOf, shortfall, warning } from "../parts/plan-words.js";
import { poll } from "../parts/poll.js";
import { openRegistry } from "../parts/registry.js";
import { mayCommand, mayReport, maySupervise } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { isLate, sentence } from "../parts/timeline.js";
import { clock, duration, instantOfClock, localDay, longDay, nowInstant } from "../parts/time.js";
import * as words from "../parts/words.js";

const EVERY_MS = 3000;
const ACCEPT_KEY = "y"; // ya, yes

await start(({ api, me }) => ({ incident: () => incidentPage(api, me), combo }));

function incidentPage(api, me) {
  const id = new URLSearchParams(location.search).get("id") || "";
  const wanted = new URLSearchParams(location.search).get("ask");
  const path = `/api/incidents/${encodeURIComponent(id)}`;
  let registry = openRegistry({});
  let poller = null;

  return {
    loaded: false,
    missing: false,
    one: null,
    busy: false,
    namesKnown: false, // whether the registry's names are known
    failure: "",
    lostSince: "",
    lostWhy: "",
    dialog: null, // what is being asked: {kind, title, crew, call, choice, text, when, insist, error, unit, type, district, village, landmark, lat, lng, point}
    revealed: {}, // numbers of an incident that is over, by call or note
    noteText: "",
    noteKey: "", // of this very text, so that sending it again after a lost answer or a new sign-in adds it once

    init() {
      poller = poll(() => this.refresh(), EVERY_MS);
      this.noteText = sessionStorage.getItem(`kentongan.note.${id}`) || "";
      this.noteKey = sessionStorage.getItem(`kentongan.note-key.${id}`) || newKey();
      this.$watch("noteText", (text) => {
        this.noteKey = newKey();
        sessionStorage.setItem(`kentongan.note.${id}`, text);
        sessionStorage.setItem(`kentongan.note-key.${id}`, this.noteKey);
      });
    },
    async refresh() {
      try {
        const [fresh] = await Promise.all([api.get(path, "timeline", "version"), this.readNames()]);
        // An answer to what was just done is newer than one asked for before it.
        if (!this.busy && (!this.one || fresh.version >= this.one.version)) this.show(fresh);
        this.lostSince = "";
      } catch (error) {
        if (error instanceof Refused && error.status === 404) {
          this.missing = true;
          poller.stop();
        } else {
          this.lostSince ||= nowInstant();
          this.lostWhy = failureWord(error);
        }
      }
    },
    // Ids can be read in need; who is coming cannot be guessed.
    async readNames() {
      if (this.namesKnown) return;
      try {
        registry = openRegistry(await api.get("/api/registry", "agencies", "units"));
        this.namesKnown = true;
        // Names stand in what was drawn from ids.
        if (this.one) this.one = { ...this.one };
      } catch {
        this.namesKnown = false;
      }
    },
    show(answer) {
      const detail = inOrder(answer);
      // The same again would only draw the same again, and take an open list from under somebody's hand.
      if (JSON.stringify(detail) === JSON.stringify(this.one)) return;
      const first = !this.loaded;
      this.one = detail;
      this.loaded = true;
      document.title = `${this.alarm() ? "(!) " : ""}${detail.label} · ${registry.type(detail.type)} · Kentongan`;
      if (first && wanted === "unit" && this.open() && mayCommand(me)) this.askUnit();
    },
    tryNow() {
      poller.now();
    },
    lostWord() {
      return clock(this.lostSince);
    },

    // One request at a time; the answer is the incident as it now is, or what `names` says.
    async act(url, body, { key, names = ["timeline", "version"] } = {}) {
      if (this.busy) return null;
      this.busy = true;
      this.failure = "";
      try {
        const answer = await api.post(url, body, key, ...names);
        if (answer.timeline) this.show(answer);
        return answer;
      } catch (error) {
        this.failure = [failureWord(error), ...refusals(error)].join(" ");
        if (this.dialog) this.dialog.error = this.failure;
        return null;
      } finally {
        this.busy = false;
        poller.now();
      }
    },

    // Header
    open() {
      return this.one.status === "open";
    },
    title() {
      return registry.type(this.one.type);
    },
    statusWord: words.statusWord,
    incidentStatusWord() {
      return words.incidentStatusWord(this.one.status);
    },
    statusClass: (status) => `k-status k-${status}`,
    headClass() {
      return `k-head k-p${this.one.priority}`;
    },
    terrain() {
      return words.terrainWord(this.one.terrain);
    },
    category() {
      return words.categoryWord(this.one.category);
    },
    openedDay() {
      return longDay(this.one.received_at);
    },
    alarm() {
      return isAlarm(this.one);
    },
    alarmClass() {
      return this.one.drill ? "k-alarm k-alarm-drill" : "k-alarm";
    },
    alarmWord() {
      return alarmWord(this.one);
    },
    alarmHint() {
      return alarmHint(this.one);
    },
    alarmSince() {
      return this.one.coming?.since;
    },
    mayClose() {
      return mayCommand(me) && this.one.coming.state === "done";
    },
    agenciesToRing() {
      return agenciesToRing(this.one, registry);
    },
    marks() {
      return [...crewsToRing(this.one), ...marks(this.one)];
    },
    attentionWord: words.attentionWord,
    beingOrdered() {
      return words.beingOrderedWord(this.one);
    },
    markDetail(mark) {
      return markDetail(mark, this.one.crews);
    },
    repliesOf(mark) {
      return repliesOf(mark, this.one, (id) => registry.reason(id));
    },
    record(reply) {
      const url = `${path}/assignments/${encodeURIComponent(reply.detail)}/status`;
      return this.act(url, { status: reply.proposal, reason: reply.reason, occurred_at: reply.said });
    },
    // One key records the step that the topmost SMS proposes.
    firstToRecord() {
      return this.loaded ? this.marks().flatMap((mark) => this.repliesOf(mark)).find((reply) => reply.accept) : undefined;
    },
    isFirst(reply) {
      return this.firstToRecord()?.note === reply.note;
    },
    hotkey(event) {
      const typing = event.target.closest?.("input,select,textarea,[contenteditable]");
      const other = event.repeat || event.ctrlKey || event.metaKey || event.altKey || typing || this.dialog || this.busy;
      const reply = !other && event.key.toLowerCase() === ACCEPT_KEY && this.firstToRecord();
      if (reply) this.record(reply);
    },
    dismiss(reply) {
      return this.act(`${path}/replies/dismiss`, { note_id: reply.note });
    },
    callNow(mark) {
      return numbersToCall(mark, this.one, registry);
    },
    // The crew that a call-now is about, if this person may enter what it says.
    crewToCall(mark) {
      return this.callNow(mark).length ? this.one.assignments.filter((crew) => crew.id === mark.detail && isActive(crew) && mayReport(me, crew)) : [];
    },
    // Where one has acknowledged and more are needed, the desk's word speaks for all.
    stepHeard: (mark, crew) => (mark.code === "no_acknowledgement" ? "acknowledged" : nextSteps(crew)[0]),
    mayReportMark(mark) {
      return this.crewToCall(mark).length > 0;
    },
    notAnswered(who) {
      return this.act(`${path}/assignments/${encodeURIComponent(who.crew)}/unanswered-calls`, { person_id: who.person });
    },
    place() {
      return [this.one.village, this.one.landmark].filter(Boolean).join(", ");
    },
    disposition() {
      return registry.disposition(this.one.disposition);
    },
    took() {
      return duration(Date.parse(this.one.closed_at) - Date.parse(this.one.received_at));
    },

    // Place
    district() {
      return registry.district(this.one.district);
    },
    coordinates() {
      return this.one.lat === null ? "" : `${this.one.lat}, ${this.one.lng}`;
    },
    mapLink() {
      const { lat, lng } = this.one;
      if (lat !== null) return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lng}#map=16/${lat}/${lng}`;
      const place = [this.one.village, this.one.district && this.district(), "Kotawaringin Timur"].filter(Boolean).join(", ");
      return `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`;
    },

    // Crews
    milestones,
    isActive,
    lastChange,
    clock,
    nextSteps,
    duration,
    mayCommand: () => mayCommand(me),
    mayReport: (crew) => mayReport(me, crew),
    agencyName: (agency) => registry.agency(agency),
    unitName: (unit) => registry.unitName(unit),
    reason: (code) => (code ? registry.reason(code) : ""),
    stepClass: (step) => (step.at ? "k-step k-step-done" : "k-step"),
    stepAfter: (step) => (step.afterMs === null ? "" : `+${duration(step.afterMs)}`),
    isNext: (crew, step) => nextSteps(crew)[0] === step,
    stepButtonClass(crew, step) {
      return this.isNext(crew, step) ? "btn btn-sm btn-primary" : "btn btn-sm";
    },
    pickedFor: (crew) => crew.picked_for.filter((code) => !code.includes(":")).map(pickReason).join(", "),
    warnings(crew) {
      const people = this.one.pages.flatMap((page) => [page.person_id, ...page.also].map((id) => ({ id, name: page.name })));
      return crew.picked_for.filter((code) => code.includes(":")).map((code) => warning(code, registry.certifications, people));
    },
    // Each need's last shortfall, with every unit that was looked at.
    shortfalls() {
      if (!this.open()) return [];
      const events = this.one.timeline.filter((event) => event.type === "DispatchShortfall");
      return [...new Map(events.map((event) => [event.data.need_id, event.data])).values()];
    },
    shortfallWord: (one) => shortfall(one, registry.agency),
    passedOverWord: (unit) => t("{unit}: {why}", { unit: unit.callsign, why: passedOver(unit.reason) }),
    report(crew, status) {
      const url = `${path}/assignments/${encodeURIComponent(crew.id)}/status`;
      return this.act(url, { status, reason: "", occurred_at: null });
    },

    // Dialogs
    ask(kind, title, about = {}) {
      this.dialog = { kind, title, choice: "", text: "", when: "", insist: false, error: "", crew: null, call: null, unit: "", type: "", district: "", village: "", landmark: "", lat: null, lng: null, point: "", ...about };
      this.failure = "";
      this.$nextTick(() => {
        this.$refs.dialog.showModal();
        this.$refs.dialog.querySelector("input,select,textarea")?.focus();
      });
    },
    askReport(crew) {
      this.ask("report", t("Enter a report of {crew}", { crew: crew.callsign }), { crew, choice: nextSteps(crew)[0] });
    },
    askUnable(crew) {
      this.ask("unable", t("{crew} cannot come", { crew: crew.callsign }), { crew });
    },
    askCallOff(crew) {
      this.ask("call_off", t("Call off {crew}?", { crew: crew.callsign }), { crew });
    },
    askSwap(crew) {
      this.ask("swap", t("Another unit instead of {crew}", { crew: crew.callsign }), { crew });
    },
    askUnit() {
      this.ask("unit", t("Send another unit"));
    },
    askAlarm() {
      this.ask("alarm", t("Raise to alarm {level}?", { level: this.one.level + 1 }));
    },
    askClose() {
      this.ask("close", t("Close the incident"));
    },
    askCancel() {
      this.ask("cancel", t("Cancel the incident"));
    },
    askReopen() {
      this.ask("reopen", t("Reopen the incident"));
    },
    askSplit(call) {
      this.ask("split", t("What is this call really about?"), { call, ...splitDefault(call, this.one) });
    },
    leaveDialog() {
      this.$refs.dialog.close();
    },
    dialogClosed() {
      this.dialog = null;
    },
    invalid: () => "",
    dialogIs(...kinds) {
      return kinds.includes(this.dialog?.kind);
    },
    comboOptions(name) {
      if (!this.namesKnown) return null;
      const village = registry.villageOptions(this.dialog?.district);
      return { unit: registry.unitOptions, type: registry.typeOptions, district: registry.districtOptions, village }[name];
    },
    comboValue(name) {
      return this.dialog?.[name] || "";
    },
    comboText(name, text) {
      if (this.dialog) this.dialog[name] = text;
    },
    comboPick(name, id, typed) {
      if (!this.dialog) return;
      if (name === "type") this.dialog.text = withWords(this.dialog.text, typed);
      if (name === "district") this.dialog.landmark = withPlaceWords(this.dialog.landmark, typed);
      Object.assign(this.dialog, ["district", "village"].includes(name) ? registry.place(id, this.dialog) : { [name]: id });
    },
    reasons: () => registry.reasonList,
    dispositions: () => registry.dispositionList,
    stillOut() {
      const units = this.one.assignments.filter(isActive).map((crew) => crew.callsign).join(", ");
      return units && stillOutWord(units);
    },
    okWord() {
      return {
        call_off: t("Call off"), alarm: t("Raise the alarm"), close: t("Close"), cancel: t("Cancel the incident"),
        reopen: t("Reopen"), hold: t("Put under a hold"), lift: t("Lift"), split: t("Split off"), unit: t("Send"), swap: t("Swap"),
      }[this.dialog?.kind] || t("Enter");
    },
    okClass() {
      return this.dialogIs("cancel", "call_off", "unable") ? "btn btn-danger" : "btn btn-primary";
    },
    missingChoice() {
      const { kind, choice, unit, text, type } = this.dialog;
      if (["unable", "close"].includes(kind) && !choice) return t("Choose one.");
      if (["unit", "swap"].includes(kind) && !unit) return t("Choose a unit.");
      if (kind === "split" && !type) return t("Choose what happened.");
      if (["cancel", "reopen", "hold", "lift"].includes(kind) && !text.trim()) return t("Write the reason.");
      return "";
    },
    async confirm() {
      const { kind, crew, call, choice, unit, text, when, insist } = this.dialog;
      const at = when ? instantOfClock(when) : null;
      this.dialog.error = when && !at ? t("Write the time as 14:05 or 14:05:30.") : this.missingChoice();
      if (this.dialog.error) return;
      const status = { report: choice, unable: "unable", call_off: "cancelled" }[kind];
      const [suffix, body] = status
        ? [`/assignments/${encodeURIComponent(crew.id)}/status`, { status, reason: kind === "unable" ? choice : "", occurred_at: at }]
        : {
            unit: ["/assignments", { unit_id: unit, insist }],
            swap: ["/assignments", { unit_id: unit, instead_of: crew?.id, insist }],
            alarm: ["/assignments", { alarm: this.one.level + 1 }],
            close: ["/close", { disposition: choice }],
            cancel: ["/cancel", { reason: text.trim() }],
            reopen: ["/reopen", { reason: text.trim() }],
            hold: ["/legal-hold", { reason: text.trim() }],
            lift: ["/legal-hold/lift", { reason: text.trim() }],
            split: [`/calls/${encodeURIComponent(call?.id)}/split`, { incident: call && splitIncident(this.dialog, this.one.drill) }],
          }[kind];
      const answer = await this.act(path + suffix, body, kind === "split" ? { names: ["incident"] } : {});
      if (!answer) return;
      this.$refs.dialog.close();
      if (kind === "split") location.assign(`incident.html?id=${encodeURIComponent(answer.incident.id)}`);
    },
    async addNote() {
      const text = this.noteText.trim();
      if (text && (await this.act(`${path}/notes`, { text }, { key: this.noteKey }))) this.noteText = "";
    },

    // Pages, calls, timeline, clocks
    pageWord: words.pageStatusWord,
    arrivedWord: words.arrivedWord,
    pageClass: (page) => `k-page k-page-${page.acknowledged_at ? "answered" : page.status}`,
    pageCrew(page) {
      return this.one.assignments.find((crew) => crew.id === page.assignment_id)?.callsign || "";
    },
    pageKind: (page) => (page.kind === "cancelled" ? t("call-off") : t("call-out")),
    attemptWord(attempt) {
      const outcome = { sent: t("sent"), retry: t("to be tried again"), failed: t("failed") }[attempt.outcome] || attempt.outcome;
      return [clock(attempt.at), attempt.provider, outcome, attempt.detail, attempt.barred ? t("it takes none of our SMS") : "", attempt.maybe_repeat ? t("perhaps a repeat") : ""].filter(Boolean).join(" · ");
    },
    numberOf(part) {
      if (part.erased) return t("erased");
      return this.revealed[part.id] || part.number || part.said?.typed.number || "–";
    },
    mayReveal() {
      const parts = [...this.one.calls_list, ...this.one.notes];
      return mayCommand(me) && !this.open() && parts.some((part) => part.number && !this.revealed[part.id]);
    },
    async reveal() {
      const seen = await this.act(`${path}/reveal`, {}, { names: ["calls", "notes"] });
      if (seen) this.revealed = Object.fromEntries([...seen.calls, ...seen.notes].map((part) => [part.id, part.number]));
    },
    noteWords(note) {
      return note.erased ? t("erased") : note.text;
    },
    textErased() {
      return this.one.erased.includes("narrative");
    },
    maySupervise: () => maySupervise(me),
    holdWord() {
      const { hold } = this.one;
      return hold ? t("Under a legal hold since {day}, by {name}: nothing is erased.", { day: longDay(hold.at), name: hold.by_name || hold.by }) : "";
    },
    askHold() {
      this.ask("hold", t("Put the incident under a legal hold"));
    },
    askLift() {
      this.ask("lift", t("Lift the legal hold"));
    },
    channelWord: (call) => words.channelWord(call.channel),
    // What each caller says
    says(call) {
      return saysOf(call, this.one, registry);
    },
    typedOf,
    wordsOf,
    callDoubts(call) {
      // What the call that opened it left in doubt stands with the place already.
      const own = call.said?.location ? call.doubts : call.doubts.filter((code) => !this.one.doubts.includes(code));
      return askAgain(own);
    },
    placeDoubts() {
      return askAgain(this.one.doubts);
    },
    numberTyped(call) {
      const number = call.said?.typed.number;
      return number && call.number && number !== call.number ? t("typed: “{text}”", { text: number }) : "";
    },
    splitPoint() {
      const { lat, lng, point } = this.dialog;
      return lat === null ? point : `${lat}, ${lng}`;
    },
    dropPoint() {
      Object.assign(this.dialog, { lat: null, lng: null, point: "" });
    },
    maySplit() {
      return mayCommand(me) && this.one.calls_list.length > 1;
    },
    sentence(event) {
      const crew = (id) => this.one.assignments.find((one) => one.id === id)?.callsign || "";
      const person = (who) => this.one.pages.find((page) => page.person_id === who || page.also.includes(who))?.name || who;
      return sentence(event, { ...registry, crew, person });
    },
    isLate,
    eventMeta(event) {
      return [event.actor_name, words.sourceWord(event.source)].filter(Boolean).join(" · ");
    },
    events() {
      return [...this.one.timeline].sort((a, b) => b.seq - a.seq);
    },
    newDay(event, index) {
      const events = this.events();
      return index === 0 || localDay(events[index - 1].occurred_at) !== localDay(event.occurred_at) ? longDay(event.occurred_at) : "";
    },
    chainWord() {
      return tn("{n} entry, chain unbroken", "{n} entries, chain unbroken", this.one.chain.length);
    },
    clockRows() {
      const clocks = this.one.clocks;
      return [
        [t("Answering"), clocks.answering_s], [t("Processing"), clocks.processing_s], [t("Handling"), clocks.handling_s],
        [t("Turnout"), clocks.turnout_s], [t("Travel"), clocks.travel_s], [t("Response"), clocks.response_s],
      ].map(([word, seconds]) => ({ word, text: seconds === null || seconds === undefined ? "–" : duration(seconds * 1000) }));
    },
  };
}
