// The finder on Ctrl K: a field and what is found by it, over any page.

import { failureWord } from "./fields.js";
import { found, indexOf, joined, marked } from "./finder-match.js";
import { KINDS, actionThings, incidentThings, kindWord, pageThings, personThings, unitThings } from "./finder-things.js";
import { t, tn } from "./i18n.js";
import { openRegistry } from "./registry.js";

const MOST = 6; // of a kind
const MOST_TO_DO = 3;

const most = (kind) => (kind === "do" ? MOST_TO_DO : MOST);

// `pages`: those that this reader may open.
export function finder({ api, me, pages }) {
  // Outside of what is watched: thousands of things.
  let lasting = indexOf([...pageThings(pages), ...actionThings(me, pages, null)]);
  let index = lasting;
  let registry = null;

  return {
    query: "",
    sections: [],
    active: 0,
    loading: false,
    failure: "",
    known: false,

    open() {
      if (document.querySelector("dialog[open]")) return;
      this.query = "";
      this.sections = [];
      this.active = 0;
      this.$refs.dialog.showModal();
      this.draw();
      this.load();
    },
    // The registry once a page; the incidents each time.
    async load() {
      this.loading = true;
      this.failure = "";
      try {
        if (!this.known) await this.readRegistry();
        const { incidents } = await api.get("/api/incidents?state=open", "incidents");
        index = joined(indexOf(incidentThings(incidents, registry)), lasting);
        this.draw();
      } catch (error) {
        this.failure = failureWord(error);
      } finally {
        this.loading = false;
      }
    },
    async readRegistry() {
      // Whoever may open the registry's page may read its lists.
      const reads = pages.some((page) => page.address === "registry.html");
      const [all, status, persons] = await Promise.all([
        api.get("/api/registry", "units", "agencies", "incident_types", "districts"),
        api.get("/api/units/status", "units"),
        reads ? api.get("/api/registry/personnel", "items") : { items: [] },
      ]);
      registry = openRegistry(all);
      lasting = indexOf([
        ...unitThings(registry, status.units, pages), ...personThings(persons.items, registry, pages),
        ...pageThings(pages), ...actionThings(me, pages, registry),
      ]);
      this.known = true;
    },
    typed() {
      this.active = 0;
      this.draw();
    },
    draw() {
      const { query } = this;
      const hits = query.trim() ? found(index, query) : index.things.filter((thing) => thing.kind === "page" || thing.loud);
      let number = 0;
      this.sections = KINDS.map((kind) => ({ kind, of: hits.filter((thing) => thing.kind === kind) })).filter((section) => section.of.length).map(({ kind, of }) => ({
        kind,
        word: kindWord(kind),
        more: of.length > most(kind) && query.trim() ? tn("{n} more", "{n} more", of.length - most(kind)) : "",
        rows: of.slice(0, query.trim() ? most(kind) : undefined).map((thing) => ({ ...thing, number: number++, label: marked(thing.label, query), hint: marked(thing.hint, query) })),
      }));
      this.active = Math.max(0, Math.min(this.active, this.rows.length - 1));
    },

    get rows() {
      return this.sections.flatMap((section) => section.rows);
    },
    rowId: (row) => `found-${row.number}`,
    isActive(row) {
      return row.number === this.active;
    },
    get activeId() {
      return this.rows.length ? `found-${this.active}` : null;
    },
    get nothing() {
      return this.query.trim() && !this.rows.length && !this.loading ? t("Nothing found for “{words}”.", { words: this.query.trim() }) : "";
    },
    get told() {
      return this.query.trim() ? this.nothing || tn("{n} found", "{n} found", this.rows.length) : "";
    },
    key(event) {
      const moves = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + MOST, PageUp: this.active - MOST };
      if (event.key in moves) {
        event.preventDefault();
        this.active = Math.max(0, Math.min(moves[event.key], this.rows.length - 1));
        this.$nextTick(() => document.getElementById(this.activeId)?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        const row = this.rows[this.active];
        if (row) this.go(row);
      }
    },
    go(row) {
      this.close();
      location.assign(row.href);
    },
    close() {
      this.$refs.dialog.close();
    },
    // The dialog's own ground is around it.
    pressedAt(event) {
      if (event.target === this.$refs.dialog) this.close();
    },
  };
}
