// What was said to the questions of an incident's type: what stands, what is still to be asked, and the form that puts it right.

import { newKey } from "./api.js";
import { changedDetails, questionRow, standingRow, unasked } from "./questions.js";

// A practice (`mark`) ends with what was said in its call.
export function detailsPart({ path, registry, mark = "" }) {
  let key = "";
  return {
    asking: null, // {version, said: {question: value}} while somebody writes

    asked() {
      return registry().questions(this.one.type);
    },
    hasDetails() {
      return this.asked().length > 0 || this.one.details.length > 0;
    },
    detailRows() {
      return this.one.details.map(standingRow);
    },
    unaskedRows() {
      return this.open() ? unasked(this.asked(), this.one.details) : [];
    },
    mayAsk() {
      return this.mayCommand() && this.open() && !this.asking && !mark;
    },
    askDetails() {
      key = newKey();
      this.asking = { version: this.one.version, said: Object.fromEntries(this.one.details.map((each) => [each.question, each.value])) };
      this.$nextTick(() => document.querySelector(".k-details form input:checked, .k-details form input")?.focus());
    },
    // The type's questions, then what is asked no more and may still be put right.
    questionRows() {
      if (!this.asking) return [];
      const current = this.asked();
      const gone = this.one.details.filter((each) => !current.some((question) => question.id === each.question));
      const old = gone.map((each) => ({ id: each.question, label: each.label, kind: "text", options: [] }));
      return [...current, ...old].map((question) => questionRow(question, this.asking.said[question.id], "detail"));
    },
    say(row, event) {
      this.asking.said = { ...this.asking.said, [row.id]: event.target.value };
      key = newKey();
    },
    stopAsking() {
      this.asking = null;
      this.$nextTick(() => document.getElementById("ask-details")?.focus());
    },
    async saveDetails() {
      const details = changedDetails(this.asking.said, this.one.details);
      if (!details.length || (await this.act(`${path}/details`, { version: this.asking.version, details }, { key }))) this.stopAsking();
      // Whoever saw what another wrote meanwhile may write over it.
      else this.asking.version = this.one.version;
    },
  };
}
