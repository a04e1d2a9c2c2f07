// What was put right, by the timeline, and what somebody types as another time.

import { t } from "./i18n.js";
import { clock, instantOfClock } from "./time.js";

const DAY_MS = 24 * 3600_000;
const LEAST_MS = 1000;

// The moment of a clock time nearest to another moment: what is put right lies near what was told, whatever the day is today.
export function instantNear(text, near) {
  const at = Date.parse(instantOfClock(text) || "");
  if (Number.isNaN(at)) return null;
  const days = Math.round((Date.parse(near) - at) / DAY_MS);
  return new Date(at + days * DAY_MS).toISOString();
}

// Whether two clocks show the same second, so that whoever changes nothing does not cut off what a second hides.
export function sameSecond(a, b) {
  return Math.abs(Date.parse(a) - Date.parse(b)) < LEAST_MS && clock(a) === clock(b);
}

function why(incident, note) {
  return incident.notes.find((one) => one.id === note)?.text || "";
}

// Every time a step of a crew was put right, the newest first: {was, by, why}
export function stepWas(incident, crewId, step) {
  return incident.timeline
    .filter((event) => event.type === "StepTimeCorrected" && event.data.assignment === crewId && event.data.step === step)
    .sort((a, b) => b.seq - a.seq)
    .map((event) => ({ was: event.data.was ? clock(event.data.was) : "–", by: event.actor_name, why: why(incident, event.data.note) }));
}

// The same of a crew's reason, of a call's times and class, and of how it ended; `word` says what a value means.
export function otherWas(incident, type, fits, word) {
  return incident.timeline
    .filter((event) => event.type === type && fits(event.data))
    .sort((a, b) => b.seq - a.seq)
    .map((event) => ({ was: event.data.was ? word(event.data.was) : "–", by: event.actor_name, why: why(incident, event.data.note) }));
}

export function wasWord({ was, by, why }) {
  return t("was {was}, put right by {by}: {why}", { was, by: by || "–", why: why || t("erased") });
}

// What is asked for and waits for an answer.
export function asked(incident) {
  return incident.notes.filter((note) => note.asks?.status === "waiting");
}
