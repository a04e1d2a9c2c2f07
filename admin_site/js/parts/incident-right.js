// Putting right on an incident's page: a word beside each time, one dialog, and what an agency asks for.

import { isActive, STEPS } from "./crew-steps.js";
import { t } from "./i18n.js";
import { asked, instantNear, otherWas, sameSecond, stepWas, wasWord } from "./putting-right.js";
import { mayCommand, mayReport, maySupervise } from "./roles.js";
import { clock } from "./time.js";
import { classWord, CLASSES, statusWord } from "./words.js";

// Which questions take what: a time, one of a list, a text; and whether they take a reason of its own.
const FORMS = {
  step: "time", received_at: "time", answered_at: "time", reason: "choice", class: "choice", disposition: "choice",
  note: "text", grant: "word", decline: "word", duplicate: "other",
};

export function rightPart({ me, path, registry }, api) {
  const mayAsk = (crew) => !maySupervise(me) && mayReport(me, crew);
  return {
    right: null, // what is put right: {kind, title, crew, call, note, step, was, near, value, choice, why, insist, others, kept, error}

    mayRight: (crew) => maySupervise(me) || mayAsk(crew),
    rightWord: () => (maySupervise(me) ? t("put right") : t("ask to put right")),
    rightStepWord(crew, step) {
      return `${statusWord(step.step)} ${crew.callsign}: ${this.rightWord()}`;
    },
    // A step that was passed may be added.
    rightable(crew, step) {
      if (step.step === "requested" || !this.mayRight(crew)) return false;
      return Boolean(step.at) || STEPS.indexOf(step.step) < STEPS.indexOf(crew.status);
    },
    stepsRight(crew) {
      return this.milestonesOf(crew).flatMap((step) => stepWas(this.one, crew.id, step.step).map((one) => `${statusWord(step.step)} ${clock(step.at)} · ${wasWord(one)}`));
    },
    milestonesOf(crew) {
      return this.milestones(crew).filter((step) => crew.corrected.includes(step.step));
    },
    reasonRight(crew) {
      return otherWas(this.one, "ReasonCorrected", (data) => data.assignment === crew.id, registry().reason).map(wasWord);
    },
    endedRight() {
      return otherWas(this.one, "DispositionCorrected", () => true, registry().disposition).map(wasWord);
    },
    callRight(call) {
      const mine = (data) => data.call === call.id;
      return [...otherWas(this.one, "CallTimeCorrected", mine, clock), ...otherWas(this.one, "CallClassCorrected", mine, classWord)].map(wasWord);
    },
    callClass: (call) => (call.class === "emergency" ? "" : classWord(call.class)),
    isTold: (crew, step) => crew.claimed.includes(step.step),
    mayReword: (note) => mayCommand(me) && !note.number && !note.erased && (note.by === me.sub || maySupervise(me)),
    noteWas: (note) => note.earlier.map((one) => t("before, until {time} ({name}): {text}", { time: clock(one.until), name: one.by_name, text: one.text })),

    // --- what is asked for
    requests() {
      return asked(this.one).map((note) => ({ ...note, crew: this.one.assignments.find((crew) => crew.id === note.assignment_id) })).filter((note) => note.crew);
    },
    requestWord(note) {
      const { what, was, now } = note.asks;
      const word = what === "reason" ? registry().reason : (at) => (at ? clock(at) : "–");
      const about = what === "reason" ? t("the reason") : statusWord(what);
      return t("{crew}, {about}: {was} should be {now}", { crew: note.crew.callsign, about, was: word(was), now: word(now) });
    },
    askGrant(note) {
      this.askRight("grant", t("Put right as asked"), { note });
    },
    askDecline(note) {
      this.askRight("decline", t("Leave as it is"), { note });
    },

    // --- the dialog
    askRight(kind, title, about = {}) {
      this.right = { kind, title, was: "", near: "", value: "", choice: "", why: "", insist: false, mayInsist: false, error: "", others: [], kept: [], ...about };
      this.failure = "";
      this.$nextTick(() => {
        this.$refs.right.showModal();
        this.$refs.right.querySelector("input,select,textarea")?.focus();
      });
    },
    askStepRight(crew, step) {
      const near = step.at || Object.values(crew.milestones).filter(Boolean).sort()[0];
      this.askRight("step", `${crew.callsign}: ${statusWord(step.step)}`, { crew, step: step.step, was: step.at ? clock(step.at) : "–", at: step.at, near, value: step.at ? clock(step.at) : "" });
    },
    askReasonRight(crew) {
      this.askRight("reason", t("Why {crew} could not come", { crew: crew.callsign }), { crew, was: registry().reason(crew.reason) });
    },
    askCallRight(call, what) {
      const title = what === "received_at" ? t("When the call came") : t("When the call was answered");
      const at = call[what];
      this.askRight(what, title, { call, was: at ? clock(at) : "–", at, near: at || call.received_at, value: at ? clock(at) : "" });
    },
    askClassRight(call) {
      this.askRight("class", t("Class of the call"), { call, was: classWord(call.class) });
    },
    askEndRight() {
      this.askRight("disposition", t("How it ended"), { was: registry().disposition(this.one.disposition) });
    },
    askReword(note) {
      this.askRight("note", t("Put the note right"), { note, was: note.text, value: note.text });
    },
    async askDuplicate() {
      this.askRight("duplicate", t("The same as another incident"), { kept: [] });
      try {
        const board = await api.get("/api/incidents", "incidents");
        const others = board.incidents.filter((one) => one.id !== this.one.id);
        if (this.right?.kind === "duplicate") this.right.others = others.map((one) => ({ id: one.id, text: [one.label, registry().type(one.type), registry().district(one.district), one.landmark, clock(one.opened_at)].filter(Boolean).join(" · ") }));
      } catch {
        if (this.right) this.right.error = t("The other incidents could not be loaded.");
      }
    },
    rightIs(...kinds) {
      return kinds.includes(this.right?.kind);
    },
    rightTakes(form) {
      return FORMS[this.right?.kind] === form;
    },
    takesWhy() {
      return !this.rightIs("note");
    },
    whyWord() {
      return this.rightIs("grant", "decline") ? t("A word for whoever asked") : t("Reason");
    },
    rightChoices() {
      const { kind, crew } = this.right;
      if (kind === "reason") return registry().reasonsOf(crew.unit_id);
      if (kind === "class") return CLASSES.map((id) => ({ id, label: classWord(id) }));
      const { fitting, others } = registry().dispositionsOf(this.one.type);
      return [...fitting, ...others];
    },
    stillComing() {
      return this.one.assignments.filter(isActive);
    },
    leaveRight() {
      this.$refs.right.close();
    },
    rightClosed() {
      this.right = null;
    },
    okRight() {
      if (this.right?.kind === "decline") return t("Leave as it is");
      if (this.right?.kind === "duplicate") return t("End as the same");
      const asks = this.right?.crew && !maySupervise(me);
      return asks ? t("Ask the supervisor") : t("Put right");
    },
    missingRight() {
      const { why, choice, value, at } = this.right;
      if (this.rightTakes("time") && !instantNear(value, this.right.near)) return t("Write the time as 14:05 or 14:05:30.");
      if (this.rightTakes("time") && at && sameSecond(instantNear(value, this.right.near), at)) return t("It is so already.");
      if ((this.rightTakes("choice") || this.rightIs("duplicate")) && !choice) return t("Choose one.");
      if (this.rightIs("note") && !value.trim()) return t("Write in words what it should say.");
      return this.takesWhy() && !why.trim() ? t("Write the reason.") : "";
    },
    async confirmRight() {
      this.right.error = this.missingRight();
      if (this.right.error) return;
      const [suffix, body] = this.rightRequest();
      const answer = await this.act(path + suffix, body);
      if (answer) this.$refs.right.close();
      else if (this.right) Object.assign(this.right, { error: this.failure, mayInsist: true });
    },
    rightRequest() {
      const { kind, crew, call, note, step, near, value, choice, kept, insist } = this.right;
      const reason = this.right.why.trim();
      const time = this.rightTakes("time") ? instantNear(value, near) : null;
      if (crew) {
        const told = kind === "reason" ? { unable: choice } : { times: { [step]: time } };
        const to = `/assignments/${encodeURIComponent(crew.id)}/`;
        return maySupervise(me) ? [`${to}corrections`, { reason, insist, ...told }] : [`${to}correction-requests`, { reason, ...told }];
      }
      if (call) return [`/calls/${encodeURIComponent(call.id)}/corrections`, { reason, insist, ...(kind === "class" ? { class: choice } : { [kind]: time }) }];
      if (kind === "note") return [`/notes/${encodeURIComponent(note.id)}/corrections`, { text: value.trim() }];
      if (kind === "disposition") return ["/disposition", { disposition: choice, reason }];
      if (kind === "duplicate") return ["/duplicate", { of: choice, reason, keep: [...kept] }];
      const to = `/correction-requests/${encodeURIComponent(note.id)}/${kind}`;
      return [to, kind === "grant" ? { reason, insist } : { reason }];
    },

    // --- taking up again
    calledOff() {
      const there = new Set(this.one.assignments.filter(isActive).map((crew) => crew.unit_id));
      const newest = new Map(this.one.assignments.filter((crew) => crew.status === "cancelled").map((crew) => [crew.unit_id, crew]));
      return [...newest.values()].filter((crew) => !there.has(crew.unit_id)).slice(0, 10);
    },
    duplicateHref: (other) => `incident.html?id=${encodeURIComponent(other.id)}`,
  };
}
