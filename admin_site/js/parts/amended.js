// What an incident went by before it was amended, from the notes that keep it.

import { fieldsOf } from "./amend-form.js";
import { t } from "./i18n.js";
import { clock } from "./time.js";

const FIELD = { lat: "coordinates", lng: "coordinates" };

export const isAmendment = (note) => (note.amended || []).length > 0;

// By field: {at: when it changed last, times, was: what it was at first, null once that is erased}.
export function amendedFields(incident) {
  const found = {};
  const notes = incident.notes.filter(isAmendment).sort((a, b) => a.at.localeCompare(b.at));
  for (const note of notes) {
    const was = note.was && fieldsOf(note.was);
    for (const field of new Set(note.amended.map((name) => FIELD[name] || name))) {
      const before = found[field];
      found[field] = { at: note.at, times: (before?.times || 0) + 1, was: before ? before.was : was ? was[field] ?? "" : null };
    }
  }
  return found;
}

// "changed 02:33, before: Kebakaran rumah"; `show` says a value in words.
export function amendedWord(one, show) {
  if (!one) return "";
  const time = clock(one.at).slice(0, 5);
  const often = one.times > 1 ? t("changed {n} times, last at {time}", { n: one.times, time }) : t("changed at {time}", { time });
  if (one.was === null) return often;
  return t("{changed}, before: {value}", { changed: often, value: show(one.was) || t("nothing") });
}
