// The line to the crews, and ours to the server: whether SMS leave, to how many incidents nobody is coming, and whether anybody
// answers us. What every page asks of the open incidents each few seconds tells it.

import { isLoud } from "./coming-words.js";
import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { clock, nowInstant, when } from "./time.js";

const TOLD_BY = "/api/incidents?state=open";

// `at`: when it was told last, "" before; `watched`: whether no silence means that SMS leave.
export function unknownLine() {
  return { silence: null, watched: false, loud: 0, at: "", leftAt: "", waiting: null, lostSince: "", lostWhy: "" };
}

let line = unknownLine();

export function follow(state) {
  line = state;
}

export function hear(path, { silence, watched, left_at: leftAt, waiting, incidents }) {
  if (path !== TOLD_BY || silence === undefined) return;
  const loud = (incidents || []).filter(isLoud).length;
  Object.assign(line, { silence, watched: watched === true, loud, leftAt: leftAt || "", waiting: waiting || null, at: nowInstant(), lostSince: "", lostWhy: "" });
}

// No answer came. Whoever asked for something else says so himself.
export function missed(path, error) {
  if (path === TOLD_BY) Object.assign(line, { lostSince: line.lostSince || nowInstant(), lostWhy: failureWord(error) });
}

// What stands beside the clock: {tone, word, title}. Only who was told so, and is told still, says that SMS leave.
export function lineWord({ silence, watched, at, leftAt, lostSince }) {
  if (lostSince) return { tone: "bad", word: t("No connection"), title: t("No answer since {time}", { time: clock(lostSince).slice(0, 5) }) };
  // While they do not leave the red bar says it.
  if (!at || silence) return { tone: "", word: "", title: "" };
  if (!watched) return { tone: "unknown", word: t("SMS: not known"), title: t("Nobody has looked yet whether SMS leave.") };
  const looked = t("Looked at {time}: no SMS waits.", { time: clock(at).slice(0, 5) });
  return { tone: "good", word: t("SMS leave"), title: leftAt ? `${looked} ${leftWord(leftAt)}` : looked };
}

// When the last one left: of another day with its day.
function leftWord(leftAt) {
  return t("The last one left: {time}.", { time: when(leftAt) });
}

// Beside a page: how much waits there for this role, {count, word}; null for nothing, or where nobody counts.
export function waitsAt(address, { waiting, lostSince }) {
  if (!waiting || lostSince || address !== "board.html") return null;
  const { corrections, sms } = waiting;
  if (!corrections && !sms) return null;
  const words = [corrections && tn("{n} correction waits", "{n} corrections wait", corrections), sms && tn("{n} SMS of strangers", "{n} SMS of strangers", sms)];
  return { count: corrections + sms, word: words.filter(Boolean).join(", ") };
}

// A word beside the board: to how many incidents nobody is coming, "?" when it is not known.
export function loudMark({ loud, lostSince }) {
  if (lostSince) return "?";
  return loud ? String(loud) : "";
}

// The bar of a page that has none of its own for what it cannot load.
export function lostBar(state) {
  return {
    loaded: true,
    get lostSince() {
      return state.lostSince;
    },
    get lostWhy() {
      return state.lostWhy;
    },
    lostWord: () => clock(state.lostSince),
    tryNow() {
      window.dispatchEvent(new Event("look-again"));
    },
  };
}
