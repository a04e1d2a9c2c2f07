import { failureWord, refusals } from "../parts/fields.js";
import { poll } from "../parts/poll.js";
import { drawn, namesOf } from "../parts/practice-guide.js";
import { practiceWay } from "../parts/practice-way.js";
import { roundWord, summaryWord } from "../parts/practice-words.js";
import { openRegistry } from "../parts/registry.js";
import { start } from "../parts/start.js";
import { label, t } from "../parts/i18n.js";
import { clock } from "../parts/time.js";

const EVERY_MS = 2000;
const PAGES = { call_taker: "practice-desk.html", dispatcher: "practice-incident.html" };

await start(({ api }) => ({ practice: () => practice(api), practiceWay: () => practiceWay(api) }));

function practice(api) {
  let registry = openRegistry({});
  let poller = null;

  return {
    rounds: null,
    stories: [],
    phone: false,
    run: null,
    story: "",
    sms: true,
    busy: false,
    failure: "",
    lostWhy: "",

    async init() {
      poller = poll(() => this.refresh(), EVERY_MS);
      try {
        registry = openRegistry(await api.get("/api/registry", "incident_types", "districts", "reasons"));
        if (this.run) this.run = { ...this.run };
      } catch {
        // Ids can be read in need.
      }
    },
    async refresh() {
      try {
        this.take(await api.get("/api/practice", "rounds", "stories"));
        this.lostWhy = "";
      } catch (error) {
        this.lostWhy = failureWord(error);
      }
    },
    take({ rounds, stories, phone, run }) {
      if (this.busy) return;
      Object.assign(this, { rounds, stories, phone });
      if (JSON.stringify(run) !== JSON.stringify(this.run)) this.run = run;
      if (!stories.some((each) => each.id === this.story)) this.story = stories[0]?.id || "";
    },
    lostWord() {
      return t("Not loaded: {why}", { why: this.lostWhy });
    },
    noStories() {
      return this.rounds !== null && this.stories.length === 0;
    },
    choices() {
      return (this.rounds || []).map((id) => ({ id, ...roundWord(id), start: t("Begin: {round}", { round: roundWord(id).title }) }));
    },
    storyOptions() {
      return this.stories.map((each) => ({ id: each.id, text: label(each.label) }));
    },
    crew: (id) => id.startsWith("crew"),

    // The round that goes on, or the last one's end
    goesOn() {
      return Boolean(this.run) && !this.run.over && !this.run.complete;
    },
    ended() {
      return Boolean(this.run) && (this.run.over || this.run.complete);
    },
    title() {
      return this.run ? roundWord(this.run.round).title : "";
    },
    until() {
      return this.run ? clock(this.run.ends_at).slice(0, 5) : "";
    },
    page() {
      return this.pageOf(this.run);
    },
    pageOf(run) {
      if (!run) return "";
      const page = PAGES[run.round];
      return page && run.incident_id ? `practice-incident.html?id=${encodeURIComponent(run.incident_id)}` : page || run.link;
    },
    // The crew's page is another person's phone: it opens beside.
    beside() {
      return this.run && this.crew(this.run.round) ? "_blank" : null;
    },
    smsWord() {
      return {
        none: "",
        waiting: t("The SMS to your phone waits until no real one does, a minute or so. The page opens here as well."),
        sending: t("The SMS to your phone is on its way."),
        sent: t("The SMS is on your phone: open its link there."),
        failed: t("The SMS did not leave; open the page here."),
      }[this.run?.sms || "none"];
    },
    steps() {
      if (!this.run) return [];
      const names = namesOf(this.run, registry);
      const next = this.run.steps.findIndex((step) => step.state === "waiting");
      const seen = this.ended() ? this.run.steps : this.run.steps.filter((step, at) => step.state !== "waiting" || at === next);
      return seen.map((step) => drawn(step, names));
    },
    summary() {
      return this.run ? summaryWord(this.run.steps) : "";
    },

    async begin(round) {
      const sms = this.crew(round) && this.phone && this.sms;
      const answer = await this.ask("/api/practice", { round, story: this.story, sms });
      if (answer && !this.crew(round)) location.assign(this.pageOf(answer.run));
    },
    end() {
      return this.ask("/api/practice/end", {});
    },
    async ask(path, body) {
      if (this.busy) return null;
      this.busy = true;
      this.failure = "";
      try {
        const answer = await api.post(path, body, undefined, "rounds", "stories");
        this.busy = false;
        this.take(answer);
        this.$nextTick(() => document.getElementById("round")?.focus());
        return answer;
      } catch (error) {
        this.failure = [failureWord(error), ...refusals(error)].join(" ");
        return null;
      } finally {
        this.busy = false;
        poller.now();
      }
    },
  };
}
