import { askedRight } from "../parts/asked-right.js";
import { drawBoard, links, markFresh, rowOf } from "../parts/board-list.js";
import { SECTIONS, alarmsOf, arrange, counts, newAlarms } from "../parts/board-rows.js";
import { searchWords } from "../parts/board-view.js";
import { createChime } from "../parts/chime.js";
import { combo } from "../parts/combo.js";
import { failureWord } from "../parts/fields.js";
import { t, tn } from "../parts/i18n.js";
import { looseSmsList } from "../parts/loose-sms.js";
import { outOfServiceLine } from "../parts/out-of-service.js";
import { poll } from "../parts/poll.js";
import { openRegistry } from "../parts/registry.js";
import { mayCommand } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { clock, nowInstant, nowMs } from "../parts/time.js";
import { CATEGORIES, categoryWord, plain } from "../parts/words.js";

const EVERY_MS = 2500;
// A tab that nobody looks at still says in its title who needs a person, and rings.
const HIDDEN_MS = 15000;
const FRESH_MS = 6000;
// What only time changes, such as a review that comes near.
const REDRAWN_MS = 30000;
const NO_FILTER = { section: "", category: "", district: "", agency: "", search: "" };

await start(({ api, me }) => {
  const theRegistry = loadedOnce(async () => openRegistry(await api.get("/api/registry", "agencies", "units")));
  return { board: () => board(api, me, theRegistry), outOfService: () => outOfServiceLine(api, me, theRegistry), looseSms: () => looseSmsList(api, me), askedRight: () => askedRight(api, me, theRegistry), combo };
});

// The same answer for all who ask; only a failure is tried again.
function loadedOnce(load) {
  let answer = null;
  return () => (answer ||= load().catch((error) => {
    answer = null;
    throw error;
  }));
}

function board(api, me, theRegistry) {
  let registry = openRegistry({});
  let poller = null;
  const title = document.title;
  const chime = createChime();
  // Outside of what is watched: five hundred rows with all they hold.
  let rows = [];
  let words = new Map();
  let answered = "";
  let drawnMs = 0;

  return {
    loaded: false,
    namesKnown: false, // whether the registry's names are known
    filter: { ...NO_FILTER },
    counts: counts([]),
    shown: Object.fromEntries(SECTIONS.map((name) => [name, 0])),
    hidden: 0,
    told: "",
    sound: "off", // or "on", or "waiting" until somebody touches the page
    lostSince: "",
    lostWhy: "",

    init() {
      this.hearSound();
      this.$watch("filter", () => this.draw());
      poller = poll(() => this.refresh(), EVERY_MS, HIDDEN_MS);
    },
    async refresh() {
      try {
        const knew = this.namesKnown;
        // Ids can be read in need; who is coming cannot be guessed.
        const [answer] = await Promise.all([api.get("/api/incidents?state=open", "incidents"), this.readNames()]);
        // The server says when it looked: the same once more is the answer that is shown.
        const same = this.loaded && answer.now === answered && knew === this.namesKnown;
        answered = answer.now;
        if (!same || nowMs() - drawnMs > REDRAWN_MS) this.show(answer.incidents);
        this.lostSince = "";
      } catch (error) {
        this.lostSince ||= nowInstant();
        this.lostWhy = failureWord(error);
      }
      document.title = `${this.countWord()}${title}`;
    },
    async readNames() {
      try {
        registry = await theRegistry();
        this.namesKnown = true;
      } catch {
        this.namesKnown = false;
      }
    },
    // "(9) ", as a tab says it that is not in front; "(?) " when nobody knows.
    countWord() {
      if (this.lostSince) return "(?) ";
      return this.counts.now ? `(${this.counts.now}) ` : "";
    },
    show(incidents) {
      const before = alarmsOf(rows);
      const known = new Set(rows.map((row) => row.id));
      const alarms = this.loaded ? newAlarms(before, incidents) : [];
      const arrived = this.loaded ? incidents.filter((row) => !known.has(row.id)).map((row) => row.id) : [];
      rows = incidents;
      words = new Map();
      this.counts = counts(rows);
      this.loaded = true;
      this.draw();
      markFresh([...new Set([...arrived, ...alarms])], FRESH_MS);
      if (alarms.length) {
        chime.ring();
        this.told = tn("{n} more needs a person now", "{n} more need a person now", alarms.length);
      }
    },
    draw() {
      drawnMs = nowMs();
      const names = this.names();
      const { sections, hidden } = arrange(rows, this.filter, (row) => this.wordsOf(row, names));
      drawBoard(sections, names, mayCommand(me));
      this.shown = Object.fromEntries(SECTIONS.map((name) => [name, sections[name].length]));
      this.hidden = hidden;
    },
    wordsOf(row, names) {
      if (!words.has(row.id)) words.set(row.id, searchWords(row, names));
      return words.get(row.id);
    },
    names() {
      const known = (name) => (id) => (this.namesKnown || (name === "district" && !id) ? registry[name](id) : plain(id));
      const unit = known("unit");
      return { type: known("type"), district: known("district"), reason: known("reason"), unit, awaited: ({ awaits }) => (awaits ? unit(awaits) : "") };
    },
    tryNow() {
      poller.now();
    },
    lostWord() {
      return clock(this.lostSince);
    },

    // Filters
    countOf(section) {
      if (!this.loaded) return "–";
      return section ? this.counts[section] : this.counts.open;
    },
    pressed(section) {
      return this.filter.section === section;
    },
    countClass(section) {
      const tone = this.counts[section] ? { now: "k-cnt k-cnt-red", waiting: "k-cnt k-cnt-amber" }[section] : "";
      return tone || "k-cnt";
    },
    pickSection(section) {
      this.filter.section = this.filter.section === section ? "" : section;
    },
    categories() {
      return CATEGORIES.map((id) => ({ id, word: categoryWord(id), count: this.counts.byCategory[id] || 0 })).filter((one) => one.count || one.id === this.filter.category);
    },
    pickCategory(id) {
      this.filter.category = this.filter.category === id ? "" : id;
    },
    districts() {
      return this.namesKnown ? registry.districtOptions.filter((one) => !one.quiet) : [];
    },
    agencies() {
      return this.namesKnown ? registry.agencyList : [];
    },
    clearFilter() {
      this.filter = { ...NO_FILTER };
    },
    filtered() {
      return Object.values(this.filter).some(Boolean);
    },
    hiddenWord() {
      return tn("{n} more needs a person and is not shown here.", "{n} more need a person and are not shown here.", this.hidden);
    },
    nothing() {
      return this.loaded && SECTIONS.every((name) => !this.shown[name]);
    },
    mayCommand: () => mayCommand(me),

    // Sound
    hearSound() {
      this.sound = chime.ready ? "on" : chime.allowed ? "waiting" : "off";
    },
    async switchSound() {
      await chime.allow(this.sound !== "on");
      this.hearSound();
    },
    async touched() {
      if (this.sound !== "waiting") return;
      await chime.touched();
      this.hearSound();
    },
    soundWord() {
      return { on: t("Sound on"), waiting: t("Sound: press once") }[this.sound] || t("Sound off");
    },

    // Keys
    key(event) {
      this.touched();
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const typing = event.target.closest?.("input,select,textarea,[contenteditable]");
      if (event.key === "Escape" && typing === this.$refs.search) this.leaveSearch();
      else if (typing) return;
      else if (event.key === "/") this.toSearch(event);
      else if (["j", "k"].includes(event.key.toLowerCase())) this.step(event.key.toLowerCase() === "j" ? 1 : -1);
    },
    toSearch(event) {
      event.preventDefault();
      this.$refs.search.focus();
      this.$refs.search.select();
    },
    leaveSearch() {
      this.filter.search = "";
      this.$refs.search.blur();
    },
    step(by) {
      const all = links();
      const here = all.findIndex((link) => rowOf(link) === rowOf(document.activeElement));
      const next = all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + by))];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    },
  };
}
