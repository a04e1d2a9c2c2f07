// Whom and what a row of the month sheet may name, and what its codes and holidays mean, on the screen and on paper.

import { label, t, tn } from "./i18n.js";
import { atWord, hoursWord } from "./roster-words.js";
import { nowInstant } from "./time.js";

// `of` has what is not watched: known, and the month.
export function rosterChoices(of) {
  return {
    // The person picker
    comboOptions() {
      return this.loaded ? of.known.people.filter((person) => person.agency_id === this.agency && !person.retired).map((person) => ({ id: person.id, label: person.name, words: [], hint: this.usualWord(person.id), group: "" })).sort((a, b) => a.label.localeCompare(b.label)) : null;
    },
    usualWord(id) {
      const usual = this.usual(id);
      return usual ? of.known.crews.find((crew) => crew.id === usual.crew_id)?.name || "" : "";
    },
    comboValue() {
      return this.rowPerson;
    },
    comboPick(_, id) {
      this.pickRow(id);
    },
    invalid() {
      return this.rowError ? "is-invalid" : "";
    },
    units() {
      return this.loaded ? of.known.units : [];
    },
    crews() {
      return this.loaded ? of.known.crews.filter((crew) => !crew.retired) : [];
    },
    legend() {
      return this.loaded ? of.known.codes.map((each) => ({ code: each.code, word: [each.name, hoursWord(each), each.readiness === "on_call" && each.starts ? t("at home on call") : ""].filter(Boolean).join(" ") })) : [];
    },
    holidaysWord() {
      if (!this.loaded) return "";
      return of.known.holidays.filter((each) => each.day.slice(0, 7) === of.month).sort((a, b) => (a.day < b.day ? -1 : 1)).map((each) => `${Number(each.day.slice(8))} ${label(each.label)}`).join(", ");
    },
    // Paper says what of it does not count yet.
    paperWord() {
      const draft = this.isPublished && this.unpublished ? tn("{n} cell of it is a draft and does not count yet.", "{n} cells of it are a draft and do not count yet.", this.unpublished) : "";
      return [draft, this.printedAt && t("Printed {at}.", { at: this.printedAt })].filter(Boolean).join(" ");
    },
    printNow() {
      this.printedAt = atWord(nowInstant());
      this.$nextTick(() => print());
    },
  };
}
