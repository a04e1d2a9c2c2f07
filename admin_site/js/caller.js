// What the desk shows of the number that calls: how often it called today, and whether a supervisor has blocked it.

import { t } from "./i18n.js";
import { toE164 } from "./call-form.js";
import { when } from "./time.js";

// The number to ask about; "" while what is typed is none yet.
export function askable(text) {
  const number = toE164(text);
  return /^\+\d{9,15}$/.test(number) ? number : "";
}

// "Call 7 from this number today"; "" for the first, which says nothing.
export function countWord(caller) {
  return caller && caller.calls_today > 0 ? t("Call {n} from this number today", { n: caller.calls_today + 1 }) : "";
}

export function blockWord(block) {
  return block ? t("Blocked until {time}: {reason}", { time: when(block.until), reason: block.reason }) : "";
}
