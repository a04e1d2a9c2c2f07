// Calling now: one person on the screen, what they say by one key, and then the next.

import { around, crewsToCall, lineToSay, nextToCall, peopleToCall, sentBeside, titleOf } from "./call-people.js";
import { nextSteps } from "./crew-steps.js";
import { t } from "./i18n.js";
import { mayReport } from "./roles.js";
import { statusWord } from "./words.js";

export function callNowPart({ me, path, registry }) {
  return {
    // Which crew was chosen among several, and who is being rung: the state may move on, but not under a hand that rings.
    calling: { crew: "", person: "", held: false },

    crewsToCall() {
      return this.open() ? crewsToCall(this.marks(), this.one) : [];
    },
    // A list of the one crew that is on the screen, or of none.
    callingNow() {
      const all = this.crewsToCall();
      return [all.find((one) => one.crew.id === this.calling.crew) || all[0]].filter(Boolean);
    },
    othersToCall() {
      const [now] = this.callingNow();
      return this.crewsToCall().filter((one) => one !== now && one.crew.id !== now?.crew.id);
    },
    callCrew(one) {
      this.calling = { crew: one.crew.id, person: "", held: false };
    },
    callTitle: titleOf,
    callPeople(one) {
      return peopleToCall(one, this.one, registry());
    },
    callPerson(one) {
      const people = this.callPeople(one);
      const own = this.calling.held && this.calling.crew === one.crew.id;
      return (own && people.find((each) => each.key === this.calling.person)) || nextToCall(people);
    },
    callCurrent(one) {
      return [this.callPerson(one)].filter(Boolean);
    },
    // Who rings keeps that person on the screen until they say what came of it.
    holdCall(one) {
      if (this.calling.held && this.calling.crew === one.crew.id) return;
      this.calling = { crew: one.crew.id, person: this.callPerson(one)?.key || "", held: true };
    },
    // Another desk has rung this one meanwhile, and somebody else is next.
    callMovedOn(one) {
      const next = nextToCall(this.callPeople(one));
      return next && next.key !== this.callPerson(one)?.key ? [next] : [];
    },
    callNext(one) {
      this.calling = { crew: one.crew.id, person: nextToCall(this.callPeople(one)).key, held: true };
    },
    callWhere(one) {
      const people = this.callPeople(one);
      const person = this.callPerson(one);
      return person ? t("person {n} of {all}", { n: person.at, all: people.length }) : "";
    },
    callShown(one) {
      return this.callAround(one).shown;
    },
    callFolded(one) {
      return this.callAround(one).folded;
    },
    callAround(one) {
      const people = this.callPeople(one);
      return people.length ? around(people, this.callPerson(one)) : { shown: [], folded: [] };
    },
    callIs(one, person) {
      return person.key === this.callPerson(one)?.key;
    },
    callRowClass(one, person) {
      return person.times && !this.callIs(one, person) ? "k-now-done" : "";
    },
    callSay(one) {
      return lineToSay(one, this.one, registry());
    },
    callBeside(one) {
      return sentBeside(one.crew, this.one);
    },
    mayCall: (one) => mayReport(me, one.crew),
    // Where one has acknowledged and more are needed, the desk's word speaks for all.
    callStep: (one) => (["no_movement", "reply"].includes(one.code) ? nextSteps(one.crew)[0] : "acknowledged"),
    callHeardWord(one) {
      return this.callStep(one) === "acknowledged" ? t("Ready to go") : statusWord(this.callStep(one));
    },
    callHeard(one) {
      this.calling = { crew: "", person: "", held: false };
      return this.report(one.crew, this.callStep(one));
    },
    async callVain(one) {
      const person = this.callPerson(one);
      if (!person || this.busy) return;
      const url = `${path}/assignments/${encodeURIComponent(one.crew.id)}/unanswered-calls`;
      if (!(await this.act(url, { person_id: person.person }))) return;
      this.calling = { crew: one.crew.id, person: "", held: false };
      const [now] = this.callingNow();
      if (now) this.holdCall(now);
    },
    callKey(key) {
      const [one] = this.callingNow();
      const act = { 1: () => this.callHeard(one), 2: () => this.askUnable(one.crew), 3: () => this.callVain(one) }[key];
      if (!act || !one || !this.mayCall(one)) return false;
      act();
      return true;
    },
  };
}
