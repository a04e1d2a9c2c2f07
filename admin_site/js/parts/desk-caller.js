// Who is calling the desk: whether the number called before, or is blocked.

import { askable, blockWord, countWord, readWord } from "./caller.js";
import { failureWord } from "./fields.js";
import { t } from "./i18n.js";

const PAUSE_MS = 400;

export function callerPart({ api }) {
  let timer = 0;
  let asked = "";

  return {
    caller: null, // what is known of the number, once it is whole
    callerFailure: "",

    askCaller() {
      const number = askable(this.form.number);
      if (number === asked) return;
      asked = number;
      clearTimeout(timer);
      this.caller = null;
      this.callerFailure = "";
      if (number) timer = setTimeout(() => this.fetchCaller(number), PAUSE_MS);
    },
    async fetchCaller(number) {
      try {
        const answer = await api.lookUp("/api/callers", { number }, "calls_today");
        if (number === asked) this.caller = answer;
      } catch (error) {
        // No help is held up because this is not known: a block is told when the call is sent.
        if (number === asked) this.callerFailure = t("Whether this number called before, or is blocked, is not known: {why}", { why: failureWord(error) });
      }
    },
    callerCount() {
      return countWord(this.caller);
    },
    callerRead() {
      return readWord(this.caller, this.form.number);
    },
    callerBlock() {
      return blockWord(this.caller?.block);
    },
    forgetCaller() {
      this.caller = null;
      asked = "";
    },
  };
}
