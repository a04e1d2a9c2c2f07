// What the desk asks of the chosen type, in the order that officers gave: nothing waits for it, and what is said stays when the type changes.

import { questionRow, saidWords, unasked } from "./questions.js";
import { t } from "./i18n.js";

export function questionsPart({ registry }) {
  return {
    questions() {
      return this.loaded ? registry().questions(this.form.type) : [];
    },
    questionRows() {
      return this.questions().map((question) => questionRow(question, this.form.details[question.id]?.value));
    },
    // The words too: where the call opens nothing, they stand in what this caller says.
    say(row, event) {
      const { value } = event.target;
      const question = this.questions().find((each) => each.id === row.id);
      const { [row.id]: _, ...others } = this.form.details;
      this.form.details = value ? { ...others, [row.id]: { value, words: saidWords(question, value) } } : others;
    },
    sentUnasked() {
      const { incident } = this.sent;
      const missing = incident ? unasked(registry().questions(incident.type), incident.details) : [];
      return missing.length ? t("Still to be asked: {what}", { what: missing.join(" · ") }) : "";
    },
  };
}
