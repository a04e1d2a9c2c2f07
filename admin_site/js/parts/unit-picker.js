// Choosing a unit in a dialog: what the planner knows of each, best first, and until that is known the list by name.
// The page around it gives `dialog` {crew, unit, insist} and `namesKnown`, and is told in `dialog.held` what keeps the chosen unit from going.

import { bestOf, choosable, headed, inPlace, meant, outOfOrder, plainRows, rowsOf } from "./candidate-rows.js";
import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { poll } from "./poll.js";

const EVERY_MS = 3000;

export function unitPicker(api, { path, registry }) {
  return () => ({
    query: "",
    fresh: null, // rows of the newest answer
    drawn: null, // the rows as they stand, null while only the list by name is there
    touched: false, // whether somebody has chosen
    whyNot: "", // why what the planner knows is not there
    poller: null,

    init() {
      this.poller = poll(() => this.look(), EVERY_MS);
    },
    destroy() {
      this.poller.stop();
    },
    get lost() {
      return this.dialog?.crew;
    },
    get lookAt() {
      return this.lost ? `${path}/candidates?instead_of=${encodeURIComponent(this.lost.id)}` : `${path}/candidates`;
    },
    async look() {
      try {
        this.take(rowsOf(await api.get(this.lookAt, "free", "not_free", "here"), registry()));
        this.whyNot = "";
      } catch (error) {
        // What is optional never blocks: what is there stays, and the list by name serves as well.
        this.whyNot = failureWord(error);
      }
    },
    take(fresh) {
      if (!this.dialog || JSON.stringify(fresh) === JSON.stringify(this.fresh)) return;
      this.fresh = fresh;
      // Nothing moves under the hand that is about to send, whether it has chosen or takes what is offered.
      if (this.drawn || this.touched) this.drawn = inPlace(this.drawn || this.byName, fresh);
      else this.order();
    },
    // As it is now; what is offered unasked is the best.
    order() {
      this.drawn = this.fresh;
      if (!this.touched) this.choose(bestOf(this.drawn));
      this.$refs.query.focus();
    },
    get byName() {
      return this.namesKnown ? plainRows(registry().unitOptions, this.lost?.unit_id) : [];
    },
    get known() {
      return Boolean(this.drawn);
    },
    get moved() {
      return this.known && outOfOrder(this.drawn, this.fresh);
    },
    get found() {
      return meant(this.drawn || this.byName, this.query);
    },
    get rows() {
      return headed(this.found, this.query);
    },
    get options() {
      return this.found.filter(choosable);
    },
    get chosen() {
      return (this.drawn || this.byName).find((row) => row.id === this.dialog?.unit);
    },
    get chosenId() {
      return this.chosen && this.found.includes(this.chosen) ? this.rowId(this.chosen) : null;
    },
    get mustInsist() {
      return this.known ? this.chosen?.now === "not_free" : true;
    },
    // What the dialog says where somebody sends without insisting.
    tellHeld() {
      if (this.dialog) this.dialog.held = this.known && this.mustInsist ? this.insistWord : "";
    },
    get insistWord() {
      return this.known ? this.chosen?.leaves || t("{unit} is out of service", { unit: this.chosen?.label }) : "";
    },
    get told() {
      if (this.found.length === 0) return t("Nothing matches");
      return this.query.trim() ? tn("{n} choice", "{n} choices", this.options.length) : "";
    },
    rowId: (row) => `unit-${row.id.replace(/\W/g, "-")}`,
    isChosen(row) {
      return !row.heading && row.id === this.dialog?.unit;
    },
    rowRole: (row) => (row.heading ? "presentation" : "option"),
    rowSelected(row) {
      return row.heading ? null : String(this.isChosen(row));
    },
    rowDisabled: (row) => (row.heading || choosable(row) ? null : "true"),
    rowClass(row) {
      if (row.heading) return "k-combo-heading";
      return ["k-unit", `k-unit-${row.now}`, this.isChosen(row) && "k-unit-chosen"].filter(Boolean).join(" ");
    },
    choose(id) {
      if (!this.dialog || this.dialog.unit === id) return;
      this.dialog.unit = id;
      this.dialog.insist = false;
      this.dialog.error = "";
    },
    pick(row) {
      if (!choosable(row)) return;
      this.touched = true;
      this.choose(row.id);
    },
    typed() {
      this.touched = true;
      this.choose(this.options[0]?.id || "");
    },
    key(event) {
      const at = this.options.findIndex((row) => this.isChosen(row));
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
      if (to !== undefined && !event.shiftKey) {
        event.preventDefault();
        const row = this.options[Math.max(0, Math.min(to, this.options.length - 1))];
        if (row) this.pick(row);
        this.$nextTick(() => document.getElementById(this.chosenId)?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Enter" && event.repeat) {
        // The key that opened the dialog is still down.
        event.preventDefault();
      } else if (event.key === "Escape" && this.query) {
        event.stopPropagation();
        event.preventDefault();
        this.query = "";
      }
    },
  });
}
