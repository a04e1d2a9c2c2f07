// A type-ahead field. The page around it gives comboOptions(name), comboValue(name) and comboPick(name, id).

import { grouped, matching } from "./choices.js";

export function combo(name) {
  return {
    query: "",
    opened: false,
    active: -1,

    init() {
      this.$watch("picked", () => this.showPicked());
      this.showPicked();
    },
    get picked() {
      return this.comboValue(name);
    },
    get rows() {
      if (!this.opened) return [];
      // Opening shows everything, also when one is picked already; typing narrows it down.
      const options = this.comboOptions(name);
      return grouped(this.query === this.pickedLabel() ? options : matching(options, this.query));
    },
    get choices() {
      return this.rows.filter((row) => !row.heading);
    },
    get activeRow() {
      return this.choices[this.active];
    },
    get activeId() {
      return this.activeRow ? this.rowId(this.activeRow) : null;
    },
    rowId(row) {
      return `${name}-${row.key}`;
    },
    rowRole(row) {
      return row.heading ? "presentation" : "option";
    },
    rowClass(row) {
      if (row.heading) return "k-combo-heading";
      return row === this.activeRow || row.key === this.activeRow?.key ? "k-combo-option k-combo-active" : "k-combo-option";
    },
    pickedLabel() {
      return this.comboOptions(name).find((option) => option.id === this.picked)?.label || "";
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
      this.active = this.query ? 0 : -1;
    },
    // Leaving the field takes what matches alone or is highlighted after typing; anything else falls back to what was picked.
    leave() {
      if (!this.opened) return;
      if (this.query === "") this.comboPick(name, "");
      else if (this.activeRow && this.query !== this.pickedLabel()) this.comboPick(name, this.activeRow.key);
      this.opened = false;
      this.showPicked();
    },
    take(row) {
      if (row.heading) return;
      this.comboPick(name, row.key);
      this.opened = false;
      this.showPicked();
    },
    key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.opened = true;
        const last = this.choices.length - 1;
        this.active = event.key === "ArrowDown" ? Math.min(this.active + 1, last) : Math.max(this.active - 1, 0);
        this.$nextTick(() => document.getElementById(this.activeId)?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Enter" && !event.ctrlKey && this.opened) {
        event.preventDefault();
        if (this.activeRow) this.take(this.activeRow);
      } else if (event.key === "Escape" && this.opened) {
        event.stopPropagation();
        this.opened = false;
        this.showPicked();
      }
    },
  };
}
