// What the desk shows of the number that calls: how often it called today, and whether a supervisor has blocked it.

import { t } from "./i18n.js";
import { when } from "./time.js";

// What to ask the server about, which alone reads numbers; "" while too little is typed to be one.
export function askable(text) {
  return /(\p{Nd}.*){3}/u.test(text) ? text.trim() : "";
}

// How the server reads what was typed, where that is not plain to see: "21112" is the regency's, "O812…" nobody's.
export function readWord(caller, typed) {
  if (!caller || caller.kind === "short") return "";
  if (caller.kind !== "number") return t("This cannot be read as a phone number: ask again.");
  const national = caller.number.replace(/^\+62/, "0");
  return [caller.number, national].includes(typed.replace(/[^\d+]/g, "")) ? "" : t("Read as {number}", { number: caller.number });
}

// "Call 7 from this number today"; "" for the first, which says nothing.
export function countWord(caller) {
  return caller && caller.calls_today > 0 ? t("Call {n} from this number today", { n: caller.calls_today + 1 }) : "";
}

export function blockWord(block) {
  return block ? t("Blocked until {time}: {reason}", { time: when(block.until), reason: block.reason }) : "";
}
