// What at an incident waits for a person: whom to ring, which SMS to read.

import { marks } from "./board-rows.js";
import { CALLS } from "./call-people.js";
import { crewsToRing } from "./coming-words.js";
import { markDetail, repliesOf } from "./plan-words.js";
import { attentionWord } from "./words.js";

const ACCEPT_KEY = "y"; // ya, yes
const CREW_KEY = "r";

export function marksPart({ path, registry }) {
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
    // The key that was pressed where it is meant for the page, else "".
    keyAlone(event) {
      const typing = event.target.closest?.("input,select,textarea,[contenteditable]");
      // A dialog that has just closed says so a moment later: what is open decides, not what was asked.
      const other = event.repeat || event.ctrlKey || event.metaKey || event.altKey || typing || this.busy || document.querySelector("dialog[open]");
      return other ? "" : event.key.toLowerCase();
    },
    hotkey(event) {
      const key = this.keyAlone(event);
      const reply = key === ACCEPT_KEY && this.firstToRecord();
      if (reply) this.record(reply);
      else if (key === CREW_KEY && this.loaded) this.nextCrew();
      else if (key) this.callKey(key);
    },
    dismiss(reply) {
      return this.act(`${path}/replies/dismiss`, { note_id: reply.note });
    },
    // What is not on the screen as a call to make.
    otherMarks() {
      const called = new Set(this.crewsToCall().map((one) => one.crew.id));
      return this.marks().filter((mark) => !CALLS.includes(mark.code) || !called.has(mark.detail));
    },
  };
}
