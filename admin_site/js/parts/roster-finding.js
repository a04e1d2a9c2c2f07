// Finding a person in the month sheet, and the next cell to look at.

import { t, tn } from "./i18n.js";
import { spanOf } from "./grid-model.js";
import { fold } from "./spelling.js";

// `of` has what is not watched: sheet, grid.
export function rosterFinding(of) {
  return {
    find() {
      const words = fold(this.finding);
      if (!words || !of.grid) {
        this.findCount = -1;
        return;
      }
      const found = of.sheet.lines.flatMap((line, at) => (fold(of.sheet.name(line.person_id)).includes(words) ? [at] : []));
      this.findCount = found.length;
      if (!found.length) return;
      const from = spanOf(of.grid.selection).top;
      of.grid.goTo(found.find((at) => at >= from) ?? found[0], undefined, false);
    },
    findNext() {
      const words = fold(this.finding);
      const found = of.sheet.lines.flatMap((line, at) => (words && fold(of.sheet.name(line.person_id)).includes(words) ? [at] : []));
      if (!found.length) return;
      const from = spanOf(of.grid.selection).top;
      of.grid.goTo(found.find((at) => at > from) ?? found[0], undefined, false);
    },
    findWord() {
      return this.findCount < 0 ? "" : this.findCount ? tn("{n} row", "{n} rows", this.findCount) : t("Nobody by this name stands here.");
    },
    problemsWord() {
      return tn("{n} cell to look at", "{n} cells to look at", this.problems);
    },
    nextProblem() {
      const all = of.sheet.problems();
      if (!all.length) return;
      const { row, column } = of.grid.selection;
      const [at, day] = all.find(([one, other]) => one > row || (one === row && other > column)) || all[0];
      of.grid.goTo(at, day);
    },
    pageKey(event) {
      if (event.key === "F8" && this.problems) {
        event.preventDefault();
        this.nextProblem();
      }
    },
  };
}
