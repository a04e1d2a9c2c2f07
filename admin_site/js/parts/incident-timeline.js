// An incident's timeline with its chain, and its clocks.

import { t, tn } from "./i18n.js";
import { isLate, isTold, sentence } from "./timeline.js";
import { foldWord, folds } from "./timeline-folds.js";
import { duration, localDay, longDay } from "./time.js";
import { sourceWord } from "./words.js";

export function timelinePart({ registry }) {
  return {
    sentence(event) {
      const crew = (id) => this.one.assignments.find((one) => one.id === id)?.callsign || "";
      const person = (who) => this.one.pages.find((page) => page.person_id === who || page.also.includes(who))?.name || who;
      return sentence(event, { ...registry(), crew, person });
    },
    isLate,
    isToldEvent: isTold,
    eventMeta(event) {
      return [event.actor_name, sourceWord(event.source)].filter(Boolean).join(" · ");
    },
    // Rows to draw, the newest first: {key, event, inside, text, day}.
    timelineRows() {
      const events = [...this.one.timeline].sort((a, b) => b.seq - a.seq);
      const crew = (id) => this.one.assignments.find((one) => one.id === id)?.callsign || t("a crew");
      let before = "";
      return folds(events, this.one.pages).map((row) => {
        const day = localDay(row.event.occurred_at);
        const newDay = day !== before ? longDay(row.event.occurred_at) : "";
        before = day;
        return { ...row, text: row.crew ? foldWord(row, crew(row.crew)) : this.sentence(row.event), day: newDay };
      });
    },
    chainWord() {
      return tn("{n} entry, chain unbroken", "{n} entries, chain unbroken", this.one.chain.length);
    },
    clockRows() {
      const clocks = this.one.clocks;
      return [
        [t("Answering"), clocks.answering_s], [t("Processing"), clocks.processing_s], [t("Handling"), clocks.handling_s],
        [t("Turnout"), clocks.turnout_s], [t("Travel"), clocks.travel_s], [t("Response"), clocks.response_s],
        // Asked of those crews alone whose time runs so long.
        ...(typeof clocks.ready_s === "number" ? [[t("Operating"), clocks.ready_s]] : []),
      ].map(([word, seconds]) => ({ word, text: seconds === null || seconds === undefined ? "–" : duration(seconds * 1000) }));
    },
  };
}
