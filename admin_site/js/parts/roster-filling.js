// Filling a month sheet at once: by its patterns, as the week before, as the month before; and rows that are added.

import { t, tn } from "./i18n.js";
import { shiftedDay } from "./roster-cells.js";
import { spanOf } from "./grid-model.js";
import { shortDayWord } from "./roster-words.js";

// `page` tells what stands, and writes.
export function rosterFilling(page) {
  return {
    fillKind: "pattern",
    fillOver: false,
    fillBusy: false,
    fillFailure: "",
    fillCount: null,
    rowPerson: "",
    rowUnit: "",
    rowCrew: "",
    rowError: "",

    openFill(kind) {
      Object.assign(this, { fillKind: kind, fillOver: kind === "week", fillFailure: "" });
      this.$refs.fill.showModal();
      return this.countFill();
    },
    leaveFill() {
      this.$refs.fill.close();
      page.focus();
    },
    pickFill() {
      this.fillOver = this.fillKind === "week";
      return this.countFill();
    },
    weekWord() {
      const week = page.week();
      if (!week) return "";
      const { from, to } = week;
      return t("{from} to {to}", { from: shortDayWord(from), to: shortDayWord(to) });
    },
    async countFill() {
      this.fillBusy = true;
      this.fillFailure = "";
      this.fillCount = null;
      try {
        const step = await page.filledBy(this.fillKind, this.fillOver);
        this.fillCount = { cells: step.cells.length, rows: step.add.length };
      } catch (error) {
        this.fillFailure = page.failure(error);
      } finally {
        this.fillBusy = false;
      }
    },
    fillWord() {
      if (!this.fillCount) return "";
      const { cells, rows } = this.fillCount;
      if (!cells && !rows) return t("There is nothing to fill in.");
      return [rows && tn("{n} row is added", "{n} rows are added", rows), tn("{n} cell is filled in", "{n} cells are filled in", cells)].filter(Boolean).join(", ");
    },
    mayFill() {
      return Boolean(this.fillCount && (this.fillCount.cells || this.fillCount.rows) && !this.fillBusy);
    },
    async fillNow() {
      if (!this.mayFill()) return;
      const step = await page.filledBy(this.fillKind, this.fillOver);
      this.$refs.fill.close();
      page.does(step, this.fillWord());
      page.focus();
    },

    // A row more
    openRow() {
      Object.assign(this, { rowPerson: "", rowUnit: "", rowCrew: page.crewHere(), rowError: "" });
      this.$refs.row.showModal();
    },
    leaveRow() {
      this.$refs.row.close();
      page.focus();
    },
    pickRow(id) {
      this.rowPerson = id;
      this.rowError = "";
      const usual = page.usual(id);
      if (!usual) return;
      this.rowUnit = usual.unit_id || "";
      this.rowCrew = usual.crew_id || "";
    },
    rowTwice() {
      return this.rowPerson && page.stands(this.rowPerson) ? t("This person stands in the sheet already and gets a second row: at one instant the first place counts.") : "";
    },
    addRow() {
      if (!this.rowPerson) {
        this.rowError = t("Choose a person.");
        return;
      }
      this.$refs.row.close();
      page.adds({ person_id: this.rowPerson, unit_id: this.rowUnit || null, crew_id: this.rowCrew || null });
    },
  };
}

// The step that fills a sheet: `textAt(line, column)` says what, of those cells that are blank or, with `over`, of all.
export function fillStep(sheet, lines, columns, textAt, over) {
  const cells = [];
  for (const line of lines) {
    for (const column of columns) {
      const was = sheet.draft.text(line.id, column);
      if (was && !over) continue;
      const now = textAt(line, column);
      if (now && now !== was) cells.push({ row: line.id, column, was, now });
    }
  }
  return { add: [], drop: [], cells };
}

// The columns of the week, Monday to Sunday, in which somebody stands, and its days.
export function weekOf(sheet, selection) {
  const { left } = spanOf(selection);
  const day = sheet.dates[left];
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const [from, to] = [shiftedDay(day, -weekday), shiftedDay(day, 6 - weekday)];
  return { from, to, columns: sheet.dates.flatMap((each, column) => (each >= from && each <= to && !sheet.begun(column) ? [column] : [])) };
}
