// A type-ahead field. The page around it gives comboOptions(name), comboValue(name) and comboPick(name, id, typed): `typed` are the
// words that would be lost because nothing was found by them, or more than what is picked says. A free field takes any text, and its options only help: comboValue
// is that text, and comboText(name, text) takes it.

import { containing, foundNothing, grouped, matching, ranked, saysMore } from "./choices.js";
import { t, tn } from "./i18n.js";

// So many as a regency has people are found by what stands in them alone, and the first are drawn.
const LARGE = 300;

export function combo(name, free = false) {
  // Each row that is drawn asks what was found: it is looked for once for the same choices and words.
  let last = { options: null, query: "", found: [] };
  function find(options, query) {
    if (last.options !== options || last.query !== query) {
      last = { options, query, found: options.length > LARGE ? containing(options, query) : matching(options, query) };
    }
    return last.found;
  }
  return {
    query: "",
    opened: false,
    active: -1,

    init() {
      this.$watch("picked", () => this.showPicked());
      // A draft is back before the words for what it picked are.
      this.$watch("named", () => this.opened || this.showPicked());
      this.showPicked();
    },
    get named() {
      return this.pickedLabel();
    },
    get picked() {
      return this.comboValue(name);
    },
    get asked() {
      // Opening shows everything, also when one is picked already; typing narrows it down.
      return this.query !== "" && this.query !== this.pickedLabel();
    },
    // Null while they are not loaded: then nobody may say that nothing matches.
    get options() {
      return this.comboOptions(name) || [];
    },
    get unknown() {
      return this.opened && !this.comboOptions(name);
    },
    get found() {
      if (!this.opened || (free && !this.query)) return [];
      return find(this.options, this.asked || free ? this.query : "");
    },
    get rows() {
      return this.asked || free ? ranked(this.found) : grouped(this.found);
    },
    get choices() {
      return this.rows.filter((row) => !row.heading);
    },
    get nothing() {
      return this.opened && this.asked && !free && !this.unknown && foundNothing(this.found) ? t("Nothing found for “{words}”.", { words: this.query.trim() }) : "";
    },
    // Said by a screen reader while the list changes.
    get told() {
      if (!this.opened || (free && !this.asked)) return "";
      if (this.unknown) return t("The choices are not loaded.");
      const many = tn("{n} choice", "{n} choices", this.choices.length);
      return this.nothing ? `${this.nothing} ${many}: ${this.choices.map((row) => row.label).join(", ")}` : many;
    },
    get listed() {
      return this.opened && (!free || this.choices.length > 0);
    },
    get activeRow() {
      return this.choices[this.active];
    },
    get activeId() {
      return this.listed && this.activeRow ? this.rowId(this.activeRow) : null;
    },
    rowId(row) {
      return `${name}-${row.key}`;
    },
    rowRole(row) {
      return row.heading ? "presentation" : "option";
    },
    isActive(row) {
      return !row.heading && row.key === this.activeRow?.key;
    },
    rowSelected(row) {
      return row.heading ? null : String(this.isActive(row));
    },
    rowClass(row) {
      if (row.heading) return "k-combo-heading";
      return ["k-combo-option", this.isActive(row) && "k-combo-active", row.option.last && "k-combo-last"].filter(Boolean).join(" ");
    },
    rowHint(row) {
      return row.option?.last && this.asked ? t("what you typed goes into what the caller says") : row.hint;
    },
    pickedLabel() {
      if (free) return this.picked || "";
      return this.options.find((option) => option.id === this.picked)?.label || "";
    },
    showPicked() {
      this.query = this.pickedLabel();
    },
    open() {
      this.opened = true;
      this.active = -1;
      this.$refs.input.select();
    },
    typed() {
      this.opened = true;
      this.active = this.query && !free ? 0 : -1;
      if (free) this.comboText(name, this.query);
    },
    // Leaving the field takes what is highlighted after typing; by words that found nothing what was picked stays, and they are told.
    leave() {
      if (!this.opened) return;
      if (!free && this.query === "") this.comboPick(name, "");
      else if (this.activeRow && (this.asked || free)) this.pick(this.activeRow);
      else if (this.asked && !free) this.comboPick(name, this.picked || "", this.query.trim());
      this.close();
    },
    take(row) {
      if (row.heading) return;
      this.pick(row);
      this.close();
      // Typing on, however soon, replaces what was picked.
      this.$refs.input.value = this.query;
      if (document.activeElement === this.$refs.input) this.$refs.input.select();
    },
    pick(row) {
      const more = this.asked && (row.option.last || saysMore(this.options, row.option, this.query));
      this.comboPick(name, row.key, more ? this.query.trim() : "");
    },
    close() {
      this.opened = false;
      this.active = -1;
      this.showPicked();
    },
    key(event) {
      const moves = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, Home: 0, End: this.choices.length - 1 };
      const inList = ["ArrowDown", "ArrowUp"].includes(event.key) || (event.key in moves && this.listed && this.active >= 0);
      if (inList && !event.shiftKey) {
        event.preventDefault();
        this.opened = true;
        this.active = Math.max(0, Math.min(moves[event.key], this.choices.length - 1));
        this.$nextTick(() => document.getElementById(this.activeId)?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        this.leave(); // what is typed counts for the form that is sent now
      } else if (event.key === "Enter" && this.listed && (this.activeRow || !free)) {
        event.preventDefault();
        if (this.activeRow) this.take(this.activeRow);
      } else if (event.key === "Escape" && this.listed) {
        event.stopPropagation();
        event.preventDefault();
        this.close();
      }
    },
  };
}
