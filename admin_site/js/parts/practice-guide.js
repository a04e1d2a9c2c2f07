// Beside the page that is practised on: what the caller says, what is to be done next, and whether it was; and the real thing, which
// practice gives way to.

import { Refused } from "./outcomes.js";
import { failureWord } from "./fields.js";
import { poll } from "./poll.js";
import { openRegistry } from "./registry.js";
import { mayCommand } from "./roles.js";
import { roundWord, stepWords, timeWord, toneOf, toneWord } from "./practice-words.js";
import { label, t } from "./i18n.js";

const EVERY_MS = 2000;

// What the words of steps name things by.
export function namesOf(run, registry) {
  return {
    type: (id) => (id ? registry.type(id) : t("nothing")),
    types: run.types.map(registry.type).join(", "),
    district: (id) => (id ? registry.district(id) : t("nothing")),
    place: [run.village, run.district && registry.district(run.district)].filter(Boolean).join(", "),
    reason: registry.reason,
    crewRound: run.round.startsWith("crew"),
  };
}

// A step as it is drawn.
export function drawn(step, names) {
  const tone = toneOf(step);
  const words = stepWords(step, names);
  const text = { good: words.well, slow: words.well, missed: words.missed, waiting: words.todo }[tone];
  return { id: step.id, tone, text, time: timeWord(step), word: toneWord(tone), classes: `k-step-line k-step-${tone}` };
}

export function practiceGuide(api, me) {
  let registry = openRegistry({});
  let poller = null;
  return {
    run: null,
    known: false,
    heard: 1, // lines of the caller's story
    failure: "",
    told: "",

    async init() {
      poller = poll(() => this.refresh(), EVERY_MS);
      try {
        registry = openRegistry(await api.get("/api/registry", "incident_types", "districts"));
        if (this.run) this.run = { ...this.run };
      } catch {
        // Ids can be read in need.
      }
    },
    async refresh() {
      try {
        this.take((await api.get("/api/practice", "rounds")).run);
        this.failure = "";
      } catch (error) {
        this.failure = failureWord(error);
      }
    },
    take(run) {
      this.known = true;
      if (JSON.stringify(run) !== JSON.stringify(this.run)) this.run = run;
      if (!run || run.over) poller.stop();
    },
    goesOn() {
      return Boolean(this.run) && !this.run.over;
    },
    nothing() {
      return this.known && !this.goesOn();
    },
    complete() {
      return Boolean(this.run?.complete);
    },
    title() {
      return this.run ? roundWord(this.run.round).title : "";
    },
    lines() {
      return this.run?.round === "call_taker" && !this.run.incident_id ? this.run.lines.slice(0, this.heard).map((line, at) => ({ at, text: label(line) })) : [];
    },
    more() {
      return this.lines().length > 0 && this.heard < this.run.lines.length;
    },
    hearMore() {
      this.heard += 1;
    },
    // What was done, and of the rest the first alone: whoever reads ahead learns the list and not the work.
    steps() {
      if (!this.run) return [];
      const names = namesOf(this.run, registry);
      const next = this.run.steps.findIndex((step) => step.state === "waiting");
      return this.run.steps.filter((step, at) => step.state !== "waiting" || at === next).map((step) => drawn(step, names));
    },
    mayTakeCalls: () => mayCommand(me),
    async end() {
      try {
        await api.post("/api/practice/end", {}, undefined, "rounds");
      } catch (error) {
        // It has ended by itself meanwhile.
        if (!(error instanceof Refused)) return void (this.failure = failureWord(error));
      }
      location.assign("practice.html");
    },
  };
}
