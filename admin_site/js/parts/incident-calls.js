// An incident's calls: what each caller says, in what doubt it is, and the numbers.

import { saysOf, typedOf, wordsOf } from "./caller-says.js";
import { askAgain } from "./doubt-words.js";
import { t } from "./i18n.js";
import { mayCommand } from "./roles.js";
import { channelWord } from "./words.js";

export function callsPart({ me, path, registry }) {
  return {
    revealed: {}, // numbers of an incident that is over, by call or note

    channelWord: (call) => channelWord(call.channel),
    says(call) {
      return saysOf(call, this.one, registry());
    },
    typedOf,
    wordsOf,
    callDoubts(call) {
      // What the call that opened it left in doubt stands with the place already.
      const own = call.said?.location ? call.doubts : call.doubts.filter((code) => !this.one.doubts.includes(code));
      return askAgain(own);
    },
    numberTyped(call) {
      const number = call.said?.typed.number;
      return number && call.number && number !== call.number ? t("typed: “{text}”", { text: number }) : "";
    },
    maySplit() {
      return mayCommand(me) && this.one.calls_list.length > 1;
    },
    numberOf(part) {
      if (part.erased) return t("erased");
      return this.revealed[part.id] || part.number || part.said?.typed.number || "–";
    },
    mayReveal() {
      const parts = [...this.one.calls_list, ...this.one.notes];
      return mayCommand(me) && !this.open() && parts.some((part) => part.number && !this.revealed[part.id]);
    },
    async reveal() {
      const seen = await this.act(`${path}/reveal`, {}, { names: ["calls", "notes"] });
      if (seen) this.revealed = Object.fromEntries([...seen.calls, ...seen.notes].map((part) => [part.id, part.number]));
    },
  };
}
