// The list of one noun: searched, filtered by agency, without the retired; drawn by hand, as there may be thousands.

import { t, tn } from "./i18n.js";
import { keyed } from "./keyed.js";
import { upper } from "./noun-words.js";
import { fold } from "./spelling.js";

export function listPart(page) {
  const { me, nouns, data } = page;
  let rows = [];

  return {
    search: "",
    agency: me.role === "agency_admin" ? me.agency_id : "",
    withRetired: false,
    shown: 0,
    total: 0,
    retiredCount: 0,

    // The rows anew: what was loaded or saved is another, or its names are.
    listAnew() {
      rows = data.known(this.noun) ? data.rows(this.noun) : [];
      for (const row of rows) row.words = fold(`${row.called} ${row.below}`);
      this.drawList();
      showCurrent(document.getElementById("reg-list"));
    },
    drawList() {
      const words = fold(this.search).split(/\s+/).filter(Boolean);
      const inAgency = rows.filter((row) => !this.agency || !this.hasAgencies() || row.agency === this.agency || row.id === this.id);
      this.retiredCount = inAgency.filter((row) => row.retired).length;
      const found = inAgency.filter((row) => (this.withRetired || !row.retired || row.id === this.id) && words.every((word) => row.words.includes(word)));
      this.shown = found.length;
      this.total = rows.length;
      const first = found.some((row) => row.id === this.id) ? this.id : found[0]?.id;
      keyed(document.getElementById("reg-list"), found.map((row) => this.rowView(row, first)), makeRow, drawRow);
    },
    rowView({ id, called, below, retired }, first) {
      const mark = this.hasDraft(id) ? t("not saved") : retired ? t("retired") : "";
      return { id, called, below, mark, loud: this.hasDraft(id), current: id === this.id, tab: id === first, href: `#${this.noun}/${id}` };
    },
    hasAgencies() {
      return nouns[this.noun].fields.some((field) => field.name === "agency_id");
    },
    picksAgency() {
      return this.hasAgencies() && me.role !== "agency_admin";
    },
    agencies() {
      return this.stamp >= 0 ? data.options("agencies") || [] : [];
    },
    searched(event) {
      this.search = event.target.value;
      this.drawList();
    },
    agencyPicked(event) {
      this.agency = event.target.value;
      this.drawList();
    },
    showRetired() {
      this.withRetired = !this.withRetired;
      this.drawList();
    },
    // Words
    searchWord() {
      return t("Search in {nouns}", { nouns: t(nouns[this.noun].many) });
    },
    shownWord() {
      return this.stamp >= 0 && data.known(this.noun) ? t("{n} of {all} {nouns}", { n: this.shown, all: this.total, nouns: t(nouns[this.noun].many) }) : "";
    },
    emptyWord() {
      if (!data.known(this.noun) || this.shown || !this.stamp) return "";
      return this.total ? t("Nothing found.") : t("There is none yet.");
    },
    retiredWord() {
      return this.withRetired ? t("Hide the retired") : t("Show the retired ({n})", { n: this.retiredCount });
    },
    newWord() {
      return upper(t("new {noun}", { noun: t(nouns[this.noun].one) }));
    },
    backWord() {
      return tn("‹ {n} in the list", "‹ {n} in the list", this.shown);
    },

    // ↑ and ↓ go from row to row, and from the search into them.
    listKey(event) {
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
      const links = [...document.querySelectorAll("#reg-list a")];
      const here = links.indexOf(document.activeElement);
      event.preventDefault();
      if (here + move < 0) document.getElementById("reg-search").focus();
      else links[Math.min(here + move, links.length - 1)]?.focus();
    },
    searchKey(event) {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        document.querySelector("#reg-list a")?.focus();
      } else if (event.key === "Escape" && this.search) {
        this.search = "";
        this.drawList();
      } else if (event.key === "Enter") {
        event.preventDefault();
        document.querySelector("#reg-list a")?.click();
      }
    },
  };
}

// The open one stands in sight; only the list moves, not the page.
function showCurrent(list) {
  const current = list.querySelector("[aria-current]");
  if (!current || list.scrollHeight <= list.clientHeight) return;
  const [box, row] = [list.getBoundingClientRect(), current.getBoundingClientRect()];
  if (row.top < box.top || row.bottom > box.bottom) list.scrollTop += row.top - box.top - list.clientHeight / 3;
}

function makeRow() {
  const row = document.createElement("li");
  const link = document.createElement("a");
  link.append(document.createElement("b"), document.createElement("em"), document.createElement("span"));
  row.append(link);
  return row;
}

function drawRow(row, view) {
  const link = row.firstChild;
  const [called, mark, below] = link.children;
  link.href = view.href;
  link.tabIndex = view.tab ? 0 : -1;
  if (view.current) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  called.textContent = view.called;
  mark.textContent = view.mark;
  mark.className = view.loud ? "k-reg-unsaved" : "";
  below.textContent = view.below;
}
