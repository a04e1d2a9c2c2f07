// A list that a page follows: `read` fills it, and while it cannot be read the page says since when, and why.

import { failureWord, notLoadedWord } from "./fields.js";
import { nowInstant } from "./time.js";

// Part of a component; `read` is called with it as `this`, and fails with what went wrong.
export function followed(read) {
  return {
    known: false,
    lostSince: "",
    lostWhy: "",

    async refresh() {
      try {
        await read.call(this);
        this.known = true;
        this.lostSince = "";
      } catch (error) {
        this.lostSince ||= nowInstant();
        this.lostWhy = failureWord(error);
      }
    },
    lostWord() {
      return this.lostSince ? notLoadedWord(this.lostWhy, this.known ? this.lostSince : "") : "";
    },
  };
}
