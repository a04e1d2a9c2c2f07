// What a paging drill's answer says to a reader: who first, how each stands, and times in words.

import { t, tn } from "./i18n.js";
import { pageStatusWord } from "./words.js";

// While answers come in, everybody keeps their place; afterwards whoever did not answer comes first, then the slowest.
export function peopleRows(drill) {
  const people = drill.people.map((person) => ({ ...person, state: stateOf(person, drill) }));
  if (drill.status === "running") return people;
  const rank = ["failed", "silent", "late", "answered"];
  return people.sort((a, b) => rank.indexOf(a.state) - rank.indexOf(b.state) || (b.seconds ?? 0) - (a.seconds ?? 0));
}

// failed: the page never left; waiting: it may still be answered; silent: it was not.
export function stateOf(person, drill) {
  if (person.answered_at) return person.late ? "late" : "answered";
  if (["failed", "expired"].includes(person.status)) return "failed";
  return drill.status === "running" ? "waiting" : "silent";
}

export function stateWord(person) {
  if (person.state === "answered") return person.seconds === null ? t("answered") : t("after {time}", { time: secondsWord(person.seconds) });
  if (person.state === "late") return t("too late");
  if (person.state === "silent") return t("no answer");
  if (person.status === "expired") return t("not sent in time");
  return pageStatusWord(person);
}

export function secondsWord(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.round(seconds);
  return whole < 60 ? tn("{n} second", "{n} seconds", whole) : t("{minutes} min {seconds} s", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

export function percent(share) {
  return `${Math.round(share * 100)}%`;
}

// "8 of 12 answered"
export function answeredWord(tally) {
  return t("{n} of {all} answered", { n: tally.answered, all: tally.people });
}

// A list as the server now has it, with the older drills that were asked for before.
export function withNewest(shown, newest) {
  const known = new Set(newest.map((drill) => drill.id));
  const oldest = newest.at(-1)?.id || "";
  return [...newest, ...shown.filter((drill) => !known.has(drill.id) && drill.id < oldest)];
}
