// How a list comes in: pasted into the box, or chosen as a file; a workbook's bytes go on to `bringWorkbook`, text to `stage`.

import { textOf } from "./sheet-rows.js";

export const brought = {
  pasted() {
    // The text stands in the box only after this event.
    setTimeout(() => this.check(), 0);
  },
  async chosen(event) {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const read = textOf(bytes);
    if (read.workbook) return this.bringWorkbook(file, bytes);
    this.failure = read.refused || "";
    if (read.refused) return;
    this.text = read.text;
    await this.check(read.note);
  },
  async check(note = "") {
    if (!this.cannotCheck()) await this.stage({ text: this.text }, note);
  },
};
