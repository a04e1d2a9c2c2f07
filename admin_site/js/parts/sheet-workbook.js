// A workbook of Excel: handed in, read by the server, one of its sheets chosen; and one taken out.

import { currentLanguage, t, tn } from "./i18n.js";
import { fileWord } from "./sheet-words.js";

// domain/sheets/workbooks.py
export const BYTES_MOST = 3 * 1024 * 1024;
const PAUSE_MS = 400;
// So long the function may take twice over.
const TRIES = 300;
const CHUNK = 0x8000;

export function toBase64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

// The one sheet that can be meant, counted from 0; null where it must be asked: several, or one that is hidden.
export function onlySheet(book) {
  return book.sheets.length === 1 && !book.sheets[0].hidden ? 0 : null;
}

// The sheets as they are offered: which of them is likely, by how many of its heads are known, is said and not chosen.
export function offered(book, noun) {
  const most = Math.max(...book.sheets.map((each) => (each.hidden ? 0 : each.known[noun] || 0)));
  return book.sheets.map((each, index) => {
    const known = each.known[noun] || 0;
    // Of rosters no head is counted: their columns are days.
    return { index, name: each.name, hidden: each.hidden, likely: most > 1 && known === most && !each.hidden, word: noun === "roster" ? tn("{n} row", "{n} rows", each.rows) : sheetWord(each.rows, known) };
  });
}

function sheetWord(rows, known) {
  const parts = [tn("{n} row", "{n} rows", rows)];
  parts.push(known ? tn("{n} column known", "{n} columns known", known) : t("no column known"));
  return parts.join(", ");
}

// Asks until something is there; null if it takes longer than it ever may.
export async function untilThere(ask, pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS))) {
  for (let n = 0; n < TRIES; n += 1) {
    const found = await ask();
    if (found) return found;
    await pause();
  }
  return null;
}

export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// What the page of sheets does with workbooks; `this` is the page.
export function workbooks(api) {
  return {
    book: null,
    reading: "",

    async bringWorkbook(file, bytes) {
      if (bytes.length > BYTES_MOST) {
        this.failure = t("The file has more than 3 MB: take pictures out of it, or copy the sheet and paste it here.");
        return;
      }
      await this.once(async () => {
        this.done = "";
        this.book = null;
        this.reading = t("{name} is being read…", { name: file.name });
        try {
          this.book = await this.readBook(file.name, await api.lookUp("/api/workbooks", { file: toBase64(bytes) }, "id"));
        } finally {
          this.reading = "";
        }
      });
      if (!this.book) return;
      if ((this.noun === "configuration") !== Boolean(this.book.sheets[0]?.known.configuration)) {
        this.failure = t("{name} holds something else than is brought in here.", { name: file.name });
        this.book = null;
        return;
      }
      const only = onlySheet(this.book);
      if (only === null) this.focus("sheet-title");
      else await this.chooseSheet(only);
    },
    // The whole configuration, which the same function reads.
    async chosenWhole(event) {
      const file = event.target.files[0];
      event.target.value = "";
      if (!file) return;
      this.noun = "configuration";
      await this.bringWorkbook(file, new Uint8Array(await file.arrayBuffer()));
      if (!this.preview) this.noun = "personnel";
    },
    async readBook(name, { id }) {
      const book = await untilThere(async () => {
        const found = await api.get(`/api/workbooks/${id}`, "state", "sheets");
        return found.state === "reading" ? null : found;
      });
      if (book === null) this.failure = t("{name} could not be read. Copy the sheet in Excel and paste it here.", { name });
      else if (book.state === "refused") this.failure = fileWord(name, book);
      return book?.state === "read" ? { ...book, file: name } : null;
    },
    sheets() {
      return this.book ? offered(this.book, this.noun) : [];
    },
    choosesSheet() {
      return Boolean(this.book) && !this.preview && onlySheet(this.book) === null;
    },
    bookWord() {
      return this.book ? t("{name}: which sheet is it?", { name: this.book.file }) : "";
    },
    emptyWord() {
      return this.book?.empty.length ? t("Nothing stands in {names}.", { names: this.book.empty.join(", ") }) : "";
    },
    async chooseSheet(index) {
      const hidden = this.book.sheets.filter((each, n) => n !== index && each.hidden).map((each) => each.name);
      const note = hidden.length ? t("Hidden sheets are not read: {names}.", { names: hidden.join(", ") }) : "";
      await this.stage({ workbook: { id: this.book.id, sheet: index } }, note);
    },
    leaveBook() {
      this.book = null;
      this.focus("title");
    },
    colouredWord() {
      const cells = this.preview.coloured;
      if (!cells.length) return "";
      const shown = cells.slice(0, 8).join(", ") + (cells.length > 8 ? " …" : "");
      return tn("Colours are not read: a cell has colour and no text ({cells}).", "Colours are not read: {n} cells have colour and no text ({cells}).", cells.length, { cells: shown });
    },

    async takeOutBook(noun) {
      await this.once(async () => {
        const name = `${[noun, this.agency].filter(Boolean).join("-")}.xlsx`;
        this.reading = t("{name} is being written…", { name });
        try {
          const { id } = await api.lookUp(`/api/sheets/${noun}/workbook`, { language: currentLanguage(), agency_id: this.agency || null }, "id");
          const content = await untilThere(async () => (await api.get(`/api/workbooks/${id}/file`)).file);
          if (content === null) this.failure = t("{name} could not be written. Take it out as CSV.", { name });
          else this.handOver(name, new Blob([fromBase64(content)], { type: XLSX }));
        } finally {
          this.reading = "";
        }
      });
    },
  };
}
