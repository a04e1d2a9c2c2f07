// What is typed, emptied and pasted into the month sheet: read as cells, refused by name where it is no code.

import { t, tn } from "./i18n.js";
import { readNamed } from "./roster-paste.js";
import { refusedWord } from "./roster-words.js";

const NAMED_MOST = 6;

// `of` has what is not watched: sheet, draft, grid, known; read(text, unit), lockedWord(row, column).
export function rosterWriting(of) {
  return {
    // What somebody typed or emptied: false where it is no code.
    writes(cells, how) {
      if (!this.mayWrite) return this.say(t("Your role reads this sheet and does not change it."));
      const { step, refused, locked } = this.readAll(cells);
      this.told = [];
      if (refused.length && how === "typed") {
        const word = refusedWord(refused[0], of.known.codes);
        this.refusedAt = { row: cells[0].row, column: cells[0].column, word };
        this.say(word);
        return false;
      }
      this.does(step);
      if (!step.cells.length && locked) this.say(of.lockedWord(cells[0].row, cells[0].column));
      else if (how !== "typed") this.say(this.writtenWord(step.cells.length, locked));
      return true;
    },
    readAll(cells) {
      const step = { add: [], drop: [], cells: [] };
      const refused = [];
      let locked = 0;
      for (const { row, column, text } of cells) {
        const line = of.sheet.line(row);
        const found = of.read(text, line.unit_id);
        const was = of.draft.text(line.id, column);
        if (found.fault) refused.push({ ...found, row, column });
        else if (!of.sheet.open(row, column)) {
          if (found.text !== of.sheet.standing(row, column).text) locked += 1;
        } else if (found.text !== was) step.cells.push({ row: line.id, column, was, now: found.text });
      }
      return { step, refused, locked };
    },
    writtenWord(written, locked) {
      return [tn("{n} cell changed", "{n} cells changed", written), locked && tn("{n} cell of a day that has begun left", "{n} cells of days that have begun left", locked)].filter(Boolean).join("; ");
    },
    // A block goes where somebody stands, a list with names to its people; what is not taken is named.
    pastes(rows, placed) {
      if (!this.mayWrite) return this.say(t("Your role reads this sheet and does not change it."));
      const told = [];
      let cells = [];
      let outside = 0;
      const lines = of.sheet.lines.map((line) => ({ id: line.id, person_id: line.person_id, name: of.sheet.name(line.person_id) }));
      const named = readNamed(rows, lines, of.sheet.days, (text) => Boolean(of.read(text, null).text));
      if (named?.noDays) {
        this.told = [t("The names were recognised, but not which column is which day: copy the line with the day numbers along, or the cells without the names.")];
        return this.say(this.told[0]);
      }
      if (named) {
        const at = new Map(of.sheet.lines.map((line, row) => [line.id, row]));
        cells = named.lines.flatMap((line) => line.cells.map((cell) => ({ row: at.get(line.row.id), ...cell })));
        if (named.unknown.length) told.push(t("Not in this sheet, left out: {names}. Add a row for them and paste again.", { names: some(named.unknown) }));
        if (named.twice.length) told.push(t("Not clear whose row it is, left out: {names}.", { names: some(named.twice) }));
      } else ({ cells, outside } = placed());
      const { step, refused, locked } = this.readAll(cells);
      const words = new Map();
      for (const each of refused) words.set(`${each.fault} ${each.word}`, { ...each, count: (words.get(`${each.fault} ${each.word}`)?.count || 0) + 1 });
      for (const each of [...words.values()].slice(0, NAMED_MOST)) told.push([refusedWord(each, of.known.codes), tn("{n} cell left as it was.", "{n} cells left as they were.", each.count)].join(" "));
      if (words.size > NAMED_MOST) told.push(tn("and {n} more word that is no code", "and {n} more words that are no code", words.size - NAMED_MOST));
      if (outside) told.push(tn("{n} cell found no place in the sheet: it is larger than what is left from here.", "{n} cells found no place in the sheet: it is larger than what is left from here.", outside));
      this.does(step);
      const first = this.writtenWord(step.cells.length, locked);
      this.told = told.length ? [first, ...told] : [];
      this.say([first, ...told].join(" "));
    },
    forgetTold() {
      this.told = [];
      of.grid.focus();
    },
  };
}

function some(all) {
  return all.length > NAMED_MOST ? `${all.slice(0, NAMED_MOST).join(", ")}, …` : all.join(", ");
}
