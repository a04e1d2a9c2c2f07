import { counts, filterRows, marks, mergeRows, newIds } from "../parts/board-rows.js";
import { combo } from "../parts/combo.js";
import { alarmAct, alarmHint, alarmWord, isAlarm, isLoud } from "../parts/coming-words.js";
import { activeFirst } from "../parts/crew-steps.js";
import { failureWord } from "../parts/fields.js";
import { askedRight } from "../parts/asked-right.js";
import { looseSmsList } from "../parts/loose-sms.js";
import { outOfServiceLine } from "../parts/out-of-service.js";
import { markDetail } from "../parts/plan-words.js";
import { poll } from "../parts/poll.js";
import { openRegistry } from "../parts/registry.js";
import { mayCommand } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { clock, nowInstant } from "../parts/time.js";
import { CATEGORIES, attentionWord, beingOrderedWord, categoryWord, plain, statusWord } from "../parts/words.js";

const EVERY_MS = 2500;
// A tab that nobody looks at still says in its title that nobody is coming.
const HIDDEN_MS = 15000;
const FRESH_MS = 6000;

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

  return {
    loaded: false,
    namesKnown: false, // whether the registry's names are known
    rows: [],
    fresh: [],
    category: "",
    agency: "",
    lostSince: "",
    lostWhy: "",

    init() {
      poller = poll(() => this.refresh(), EVERY_MS, HIDDEN_MS);
    },
    async refresh() {
      try {
        // Ids can be read in need; who is coming cannot be guessed.
        const [incidents] = await Promise.all([this.readIncidents(), this.readNames()]);
        this.show(incidents);
        this.lostSince = "";
      } catch (error) {
        this.lostSince ||= nowInstant();
        this.lostWhy = failureWord(error);
      }
      document.title = `${this.countWord()}${title}`;
    },
    async readIncidents() {
      return (await api.get("/api/incidents?state=open", "incidents")).incidents;
    },
    async readNames() {
      try {
        registry = await theRegistry();
        this.namesKnown = true;
      } catch {
        this.namesKnown = false;
      }
    },
    // "(2) ", as a tab says it that is not in front; "(?) " when nobody knows.
    countWord() {
      if (this.lostSince) return "(?) ";
      return this.counts.loud ? `(${this.counts.loud}) ` : "";
    },
    show(incidents) {
      const loud = new Set(this.rows.filter(isLoud).map((row) => row.id));
      const louder = incidents.filter((row) => isLoud(row) && !loud.has(row.id)).map((row) => row.id);
      const arrived = this.loaded ? [...new Set([...newIds(this.rows, incidents), ...louder])] : [];
      const focused = document.activeElement?.id;
      this.rows = mergeRows(this.rows, incidents);
      this.loaded = true;
      if (arrived.length) {
        this.fresh = [...this.fresh, ...arrived];
        setTimeout(() => { this.fresh = this.fresh.filter((id) => !arrived.includes(id)); }, FRESH_MS);
      }
      // Moving a row in the page takes the focus from what is in it.
      if (focused) this.$nextTick(() => document.activeElement?.id !== focused && document.getElementById(focused)?.focus({ preventScroll: true }));
    },
    tryNow() {
      poller.now();
    },
    lostWord() {
      return clock(this.lostSince);
    },

    get shown() {
      return filterRows(this.rows, { category: this.category, agency: this.agency });
    },
    get counts() {
      return counts(this.rows);
    },
    categories() {
      return CATEGORIES.map((id) => ({ id, word: categoryWord(id), count: this.counts.byCategory[id] || 0 })).filter((one) => one.count || one.id === this.category);
    },
    pickCategory(id) {
      this.category = this.category === id ? "" : id;
    },
    openWord() {
      return this.loaded ? this.counts.open : "–";
    },
    agencies() {
      return this.namesKnown ? registry.agencyList : [];
    },
    clearFilter() {
      this.category = "";
      this.agency = "";
    },
    filtered() {
      return this.category || this.agency;
    },

    rowClass(row) {
      return [
        `k-row k-p${row.priority}`,
        isLoud(row) ? "k-row-loud" : this.marks(row).length || isAlarm(row) ? "k-row-attention" : "",
        row.drill ? "k-row-drill" : "",
        this.fresh.includes(row.id) ? "k-row-fresh" : "",
      ].join(" ");
    },
    rowLink: (row) => `incident.html?id=${encodeURIComponent(row.id)}`,
    rowLinkId: (row) => `open-${row.id}`,
    typeWord(row) {
      return this.namesKnown ? registry.type(row.type) : plain(row.type);
    },
    categoryWord: (row) => categoryWord(row.category),
    place: (row) => [row.landmark, row.village].filter(Boolean).join(", "),
    district(row) {
      return this.namesKnown ? registry.district(row.district) : plain(row.district);
    },
    isAlarm,
    alarmClass: (row) => (row.drill ? "k-alarm k-alarm-drill" : "k-alarm"),
    alarmWord,
    alarmHint,
    alarmSince: (row) => row.coming?.since,
    mayCommand: () => mayCommand(me),
    actWord: (row) => alarmAct(row).word,
    actLink(row) {
      const { ask } = alarmAct(row);
      return this.rowLink(row) + (ask ? `&ask=${ask}` : "");
    },
    marks,
    attentionWord,
    markDetail: (mark, row) => markDetail(mark, row.crews),
    beingOrderedWord,
    crewsOf: (row) => activeFirst(row.crews),
    statusWord: (crew) => statusWord(crew.status),
    statusClass: (crew) => `k-status k-${crew.status}`,
    reason(crew) {
      return this.namesKnown && crew.reason ? registry.reason(crew.reason) : plain(crew.reason);
    },
    ended: (crew) => ["cleared", "cancelled", "unable", "unanswered"].includes(crew.status),
  };
}
