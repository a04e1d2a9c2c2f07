// What became of the call that the desk has sent: the part of the desk's page that shows `sent`.

import { agenciesToRing, alarmHint, crewsToRing, outcome } from "./coming-words.js";
import { inOrder, lastChange } from "./crew-steps.js";
import { askAgain } from "./doubt-words.js";
import { failureWord, notLoadedWord } from "./fields.js";
import { t } from "./i18n.js";
import { numbersToCall } from "./plan-words.js";
import { poll } from "./poll.js";
import { nowInstant } from "./time.js";
import { beingOrderedWord, classWord, pageStatusWord, statusWord, terrainWord } from "./words.js";

const FOLLOW_MS = 2000;

export function sentPart({ api, registry, keptAs, incident: incidentPage }) {
  let following = null;

  return {
    sent: null,

    showSent(answer) {
      sessionStorage.removeItem(keptAs);
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
    callerTold(answer) {
      if (this.sent?.incident.id === answer.id) this.sent.incident = inOrder(answer);
    },
    followNoMore() {
      following?.stop();
      following = null;
      this.sent = null;
    },
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
      return [...agenciesToRing(incident, registry()), ...crews.flatMap((mark) => numbersToCall(mark, incident, registry()).map((who) => ({ ...who, id: `${who.crew} ${who.number}` })))];
    },
    sendUnitLink() {
      return `${this.sentLink()}&ask=unit`;
    },
    beingOrdered() {
      return beingOrderedWord(this.sent.incident);
    },
    // What must be asked again while the caller is still there.
    sentDoubts() {
      const { call, incident } = this.sent;
      return askAgain([...call.doubts, ...(incident?.doubts || [])]);
    },
    sentTyped() {
      // What was read all the same needs no asking.
      const { doubts, said } = this.sent.call;
      const number = doubts.some((code) => code.startsWith("number_")) && said?.typed.number;
      return number ? t("typed: “{text}”", { text: number }) : "";
    },
    sentType() {
      return registry().type(this.sent.incident.type);
    },
    sentPlace() {
      const { landmark, village, district } = this.sent.incident;
      return [landmark, village, registry().district(district)].filter(Boolean).join(", ");
    },
    sentLink() {
      return `${incidentPage}?id=${encodeURIComponent(this.sent.incident.id)}`;
    },
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
