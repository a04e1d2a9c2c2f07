import { counts, filterRows, marksFor, mergeRows, newIds } from "./board-rows.js";
import { combo } from "./combo.js";
import { failureWord } from "./fields.js";
import { outOfServiceLine } from "./out-of-service.js";
import { markDetail } from "./plan-words.js";
import { poll } from "./poll.js";
import { openRegistry } from "./registry.js";
import { start } from "./start.js";
import { clock, nowInstant } from "./time.js";
import { CATEGORIES, attentionWord, categoryWord, statusWord } from "./words.js";

const EVERY_MS = 2500;
const FRESH_MS = 6000;

await start(({ api, me }) => {
  const theRegistry = loadedOnce(async () => openRegistry(await api.get("/api/registry")));
  return { board: () => board(api, me, theRegistry), outOfService: () => outOfServiceLine(api, me, theRegistry), combo };
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

  return {
    loaded: false,
    rows: [],
    fresh: [],
    category: "",
    agency: "",
    lostSince: "",
    failure: "",

    init() {
      poller = poll(() => this.refresh(), EVERY_MS);
    },
    async refresh() {
      try {
        registry = await theRegistry();
        const { incidents } = await api.get("/api/incidents?state=open");
        this.show(incidents);
        this.lostSince = "";
      } catch (error) {
        this.lostSince ||= nowInstant();
        this.failure = failureWord(error);
      }
    },
    show(incidents) {
      const arrived = this.loaded ? newIds(this.rows, incidents) : [];
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
      return counts(me, this.rows);
    },
    categories() {
      return CATEGORIES.map((id) => ({ id, word: categoryWord(id), count: this.counts.byCategory[id] || 0 })).filter((one) => one.count || one.id === this.category);
    },
    pickCategory(id) {
      this.category = this.category === id ? "" : id;
    },
    agencies() {
      return this.loaded ? registry.agencyList : [];
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
        marksFor(me, row).length ? "k-row-attention" : "",
        row.drill ? "k-row-drill" : "",
        this.fresh.includes(row.id) ? "k-row-fresh" : "",
      ].join(" ");
    },
    rowLink: (row) => `incident.html?id=${encodeURIComponent(row.id)}`,
    rowLinkId: (row) => `open-${row.id}`,
    typeWord: (row) => registry.type(row.type),
    categoryWord: (row) => categoryWord(row.category),
    place: (row) => [row.landmark, row.village].filter(Boolean).join(", "),
    district: (row) => registry.district(row.district),
    marks: (row) => marksFor(me, row),
    attentionWord,
    markDetail: (mark, row) => markDetail(mark, row.crews),
    statusWord: (crew) => statusWord(crew.status),
    statusClass: (crew) => `k-status k-${crew.status}`,
    reason: (crew) => (crew.reason ? registry.reason(crew.reason) : ""),
    ended: (crew) => ["cleared", "cancelled", "unable", "unanswered"].includes(crew.status),
  };
}
