// An incident's notes; one that is being written survives a new sign-in, and is added once.

import { isAmendment } from "./amended.js";
import { newKey } from "./api.js";
import { t } from "./i18n.js";

export function notesPart({ id, path }) {
  return {
    noteText: "",
    noteKey: "", // of this very text, so that sending it again after a lost answer or a new sign-in adds it once

    keepNote() {
      this.noteText = sessionStorage.getItem(`kentongan.note.${id}`) || "";
      this.noteKey = sessionStorage.getItem(`kentongan.note-key.${id}`) || newKey();
      this.$watch("noteText", (text) => {
        this.noteKey = newKey();
        sessionStorage.setItem(`kentongan.note.${id}`, text);
        sessionStorage.setItem(`kentongan.note-key.${id}`, this.noteKey);
      });
    },
    async addNote() {
      const text = this.noteText.trim();
      if (text && (await this.act(`${path}/notes`, { text }, { key: this.noteKey }))) this.noteText = "";
    },
    // What an amendment left behind stands with the field and in the timeline, what was asked in a part of its own.
    written() {
      return this.one.notes.filter((note) => !isAmendment(note) && !note.details.length);
    },
    noteWords(note) {
      return note.erased ? t("erased") : note.text;
    },
  };
}
