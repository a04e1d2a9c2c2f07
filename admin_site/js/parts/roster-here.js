// Where somebody stands in the month sheet: what is there, by what, what is to be looked at, and the codes at hand.

import { cellsOf } from "./grid-model.js";
import { t, tn } from "./i18n.js";
import { cellOf, textOf } from "./roster-cells.js";
import { cellWord, codeWord, dayWord, hoursWord, markWord, refusedWord } from "./roster-words.js";

const WRONG = new Set(["double", "elsewhere", "unknown"]);

// `of` has what is not watched: sheet, draft, grid, known, saving, names; read(text, unit), lockedWord(row, column).
export function rosterHere(of) {
  return {
    heardStands(selection) {
      const { row, column } = selection;
      const line = of.sheet.line(row);
      const { text, by } = of.sheet.standing(row, column);
      const stands = of.draft.conflict(line.id, column);
      const count = cellsOf(selection).length;
      if (this.refusedAt && (this.refusedAt.row !== row || this.refusedAt.column !== column)) this.refusedAt = null;
      const { code, unit_id: unit } = cellOf(text, line.unit_id);
      this.here = {
        row, column, id: line.id, open: this.mayWrite && of.sheet.open(row, column), gone: Boolean(line.gone),
        title: `${of.sheet.name(line.person_id)} · ${dayWord(of.sheet.dates[column])}`,
        what: text ? [codeWord(of.sheet.code(code), code), unit ? of.names.unit(unit) : t("the agency's pool")].join(" · ") : t("blank"),
        by: [by === "pattern" && text ? t("by the pattern: nothing is written here") : "", of.sheet.differs(row, column) ? t("not published; published: {what}", { what: cellWord(of.sheet.publishedText(line, column), line, of.names) }) : "", of.names.holiday(column), of.sheet.open(row, column) ? "" : of.lockedWord(row, column)].filter(Boolean).join(" · "),
        marks: of.sheet.marksAt(row, column).map((mark) => ({ word: markWord(mark, of.names), wrong: WRONG.has(mark.kind) })),
        met: stands === undefined ? null : { mine: cellWord(of.draft.text(line.id, column), line, of.names), theirs: cellWord(stands, line, of.names) },
        code, many: count > 1 ? tn("{n} cell selected", "{n} cells selected", count) : "", typing: "",
        refused: this.refusedAt?.word || "",
      };
    },
    heardTyping(row, column, text) {
      const line = of.sheet.line(row);
      const found = of.read(text, line.unit_id);
      const word = found.fault ? refusedWord(found, of.known.codes) : cellWord(found.text, line, of.names);
      this.refusedAt = null;
      if (this.here) this.here = { ...this.here, typing: word, bad: Boolean(found.fault), refused: "" };
    },
    codes() {
      return this.loaded ? of.known.codes.map((each) => ({ code: each.code, name: each.name, hours: hoursWord(each) })) : [];
    },
    codeClass(code) {
      return this.here?.code === code ? "k-roster-code k-roster-code-on" : "k-roster-code";
    },
    pickCode(code) {
      const { row, column } = this.here;
      // The place that stands in the cell stays.
      const line = of.sheet.line(row);
      const before = of.draft.text(line.id, column);
      const text = code && before.includes("@") ? textOf({ code, unit_id: cellOf(before, line.unit_id).unit_id }, line.unit_id) : code;
      this.writes(cellsOf(of.grid.selection).map(([each, at]) => ({ row: each, column: at, text })), "filled");
    },
    keepMine() {
      of.draft.keepMine(this.here.id, this.here.column);
      this.settled();
    },
    takeTheirs() {
      of.draft.takeTheirs(this.here.id, this.here.column);
      this.settled();
    },
    settled() {
      this.painted([this.here.row]);
      of.saving.soon();
      of.grid.focus();
    },
    dropRow() {
      const line = of.draft.row(this.here.id);
      if (!line) return;
      this.does({ add: [], drop: [{ ...line, texts: [...line.texts] }], cells: [] }, t("Row of {name} taken out", { name: of.sheet.name(line.person_id) }));
      this.focus();
    },
  };
}
