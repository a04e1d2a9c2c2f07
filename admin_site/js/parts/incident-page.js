// One incident: the page around its parts.

import { amendPlanPart } from "./amend-plan.js";
import { callNowPart } from "./call-now.js";
import { inOrder } from "./crew-steps.js";
import { failureWord, refusals } from "./fields.js";
import { amendPart } from "./incident-amend.js";
import { callsPart } from "./incident-calls.js";
import { crewsPart } from "./incident-crews.js";
import { detailsPart } from "./incident-details.js";
import { dialogsPart } from "./incident-dialogs.js";
import { headPart } from "./incident-head.js";
import { marksPart } from "./incident-marks.js";
import { lateAnswersPart } from "./late-answers.js";
import { notesPart } from "./incident-notes.js";
import { pagesPart } from "./incident-pages.js";
import { rightPart } from "./incident-right.js";
import { takePlacePart } from "./incident-take-place.js";
import { timelinePart } from "./incident-timeline.js";
import { Refused } from "./outcomes.js";
import { poll } from "./poll.js";
import { openRegistry } from "./registry.js";
import { mayCommand } from "./roles.js";
import { settingAside } from "./setting-aside.js";
import { clock, duration, nowInstant } from "./time.js";
import { wordBack } from "./word-back.js";

const EVERY_MS = 3000;

// Where the board's button leads: to what must be done, not onto a button, which a key held too long would press.
const LEADS_TO = { call: "#call-now", reading: ".k-reply", review: ".k-aside" };

// What every part of the page works with; names may be read again.
export function incidentParts(api, me, more = {}) {
  const id = new URLSearchParams(location.search).get("id") || "";
  let registry = openRegistry({});
  return { id, path: `/api/incidents/${encodeURIComponent(id)}`, me, api, registry: () => registry, learn: (known) => (registry = known), ...more };
}

export function incidentPage(api, page) {
  const wanted = new URLSearchParams(location.search).get("ask");
  const { path, me, registry, mark = "" } = page;
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

    init() {
      poller = poll(() => this.refresh(), EVERY_MS);
      this.keepNote();
      this.keepAmend();
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
        page.learn(openRegistry(await api.get("/api/registry", "agencies", "units")));
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
      document.title = `${mark}${this.alarm() ? "(!) " : ""}${detail.label} · ${registry().type(detail.type)} · Kentongan`;
      if (first) this.restoreAmend();
      else this.followAmend();
      if (first && wanted === "unit" && !this.amending && this.open() && mayCommand(me)) this.askUnit();
      if (first && wanted in LEADS_TO && !this.amending) this.$nextTick(() => document.querySelector(LEADS_TO[wanted])?.focus());
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

    mayCommand: () => mayCommand(me),
    clock,
    duration,
    // A scope of its own, in a part of the page.
    settingAside: () => settingAside(page),
    wordBack: () => wordBack(api),
    callerTold(answer) {
      this.show(answer);
    },
    ...headPart(page),
    ...marksPart(page),
    ...callNowPart(page),
    ...lateAnswersPart(),
    ...crewsPart(page),
    ...callsPart(page),
    ...pagesPart(),
    ...timelinePart(page),
    ...notesPart(page),
    ...rightPart(page, api),
    ...detailsPart(page),
    ...dialogsPart(page),
    ...amendPart(page),
    ...amendPlanPart(page),
    ...takePlacePart(page),
  };
}
