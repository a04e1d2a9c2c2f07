// What at an incident waits for a person: whom to ring, which SMS to read.

import { marks } from "./board-rows.js";
import { crewsToRing } from "./coming-words.js";
import { isActive, nextSteps } from "./crew-steps.js";
import { markDetail, numbersToCall, repliesOf } from "./plan-words.js";
import { mayReport } from "./roles.js";
import { attentionWord } from "./words.js";

const ACCEPT_KEY = "y"; // ya, yes

export function marksPart({ me, path, registry }) {
  return {
    marks() {
      return [...crewsToRing(this.one), ...marks(this.one)];
    },
    attentionWord,
    markDetail(mark) {
      return markDetail(mark, this.one.crews);
    },
    repliesOf(mark) {
      return repliesOf(mark, this.one, (id) => registry().reason(id));
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
      return numbersToCall(mark, this.one, registry());
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
  };
}
