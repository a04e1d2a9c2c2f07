// The list of one noun: searched, filtered by agency, without the retired; a page of it drawn by hand, as there may be thousands.

import { t, tn, whole } from "./i18n.js";
import { keyed } from "./keyed.js";
import { arrowTo, PAGE, pageWith, within } from "./noun-pages.js";
import { upper } from "./noun-words.js";
import { fold } from "./spelling.js";

export function listPart(page) {
  const { me, nouns, data } = page;
  let rows = [];
  let found = [];

  return {
    search: "",
    agency: me.role === "agency_admin" ? me.agency_id : "",
    withRetired: false,
    shown: 0,
    begins: 0, // where the page begins
    total: 0,
    retiredCount: 0,

    // The rows anew: what was loaded or saved is another, or its names are.
    listAnew() {
      rows = data.known(this.noun) ? data.rows(this.noun) : [];
      this.lookFor();
      this.begins = pageWith(found, this.id, this.begins);
      this.drawPage();
      showCurrent(document.getElementById("reg-list"));
    },
    drawList() {
      this.lookFor();
      this.drawPage();
    },
    lookFor() {
      const words = fold(this.search).split(/\s+/).filter(Boolean);
      const inAgency = rows.filter((row) => !this.agency || !this.hasAgencies() || row.agency === this.agency || row.id === this.id);
      this.retiredCount = inAgency.filter((row) => row.retired).length;
      found = inAgency.filter((row) => (this.withRetired || !row.retired || row.id === this.id) && words.every((word) => row.words.includes(word)));
      this.shown = found.length;
      this.total = rows.length;
    },
    drawPage() {
      this.begins = within(this.begins, found.length);
      const drawn = found.slice(this.begins, this.begins + PAGE);
      const first = drawn.some((row) => row.id === this.id) ? this.id : drawn[0]?.id;
      const views = drawn.map((row, n) => ({ ...this.rowView(row, first), place: this.begins + n + 1, of: found.length }));
      keyed(document.getElementById("reg-list"), views, makeRow, drawRow);
    },
    // Turns to a page; the list begins anew at its first row, or where the arrows lead.
    turnTo(from, row = 0) {
      this.begins = from;
      this.drawPage();
      const list = document.getElementById("reg-list");
      list.scrollTop = 0;
      list.querySelectorAll("a")[row]?.focus();
    },
    hasPages() {
      return this.shown > PAGE;
    },
    earlierPage() {
      this.turnTo(this.begins - PAGE);
    },
    laterPage() {
      this.turnTo(this.begins + PAGE);
    },
    isFirstPage() {
      return this.begins === 0;
    },
    isLastPage() {
      return this.begins + PAGE >= this.shown;
    },
    pageWord() {
      return t("{from} to {to}", { from: whole(this.begins + 1), to: whole(Math.min(this.begins + PAGE, this.shown)) });
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
      this.begins = 0;
      this.drawList();
    },
    agencyPicked(event) {
      this.agency = event.target.value;
      this.begins = 0;
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
      return this.stamp >= 0 && data.known(this.noun) ? t("{n} of {all} {nouns}", { n: whole(this.shown), all: whole(this.total), nouns: t(nouns[this.noun].many) }) : "";
    },
    emptyWord() {
      // What is watched comes first: a list that came empty changes nothing else.
      if (this.stamp <= 0 || this.shown || !data.known(this.noun)) return "";
      if (this.total) return t("Nothing found.");
      return this.mayAdd() ? t("There is none yet. Add the first one above.") : t("There is none yet.");
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
      const there = arrowTo({ row: here, move, from: this.begins, count: this.shown });
      if (!there) document.getElementById("reg-search").focus();
      else if ("from" in there) this.turnTo(there.from, there.row);
      else links[there.row]?.focus();
    },
    searchKey(event) {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        document.querySelector("#reg-list a")?.focus();
      } else if (event.key === "Escape" && this.search) {
        this.search = "";
        this.begins = 0;
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
  // Of a page alone nobody hears how long the list is.
  row.setAttribute("aria-posinset", view.place);
  row.setAttribute("aria-setsize", view.of);
  link.tabIndex = view.tab ? 0 : -1;
  if (view.current) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  called.textContent = view.called;
  mark.textContent = view.mark;
  mark.className = view.loud ? "k-reg-unsaved" : "";
  below.textContent = view.below;
}
