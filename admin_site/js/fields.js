// The server names a refused field by its path in the body; the form has one place for each.

import { t } from "./i18n.js";
import { clock } from "./time.js";

const PLACES = {
  "incident.location.district": "district",
  "incident.location.village": "village",
  "incident.location.landmark": "landmark",
  "incident.location.lat": "coordinates",
  "incident.location.lng": "coordinates",
  "incident.type": "type",
  "incident.priority": "priority",
  "incident.terrain": "terrain",
  "incident.narrative": "narrative",
  "incident.drill": "drill",
  class: "class",
  channel: "channel",
  number: "number",
  note: "note",
};

// {fields: {field: text}, rest: [text]}: `rest` are the refusals that belong to no field of the form.
export function placeErrors(byPath, places = PLACES) {
  const fields = {};
  const rest = [];
  for (const [path, refusal] of Object.entries(byPath || {})) {
    const field = places[path];
    const text = refusalWord(refusal);
    if (!field) rest.push(`${path}: ${text}`);
    else fields[field] = fields[field] ? `${fields[field]}; ${text}` : text;
  }
  return { fields, rest };
}

// The refusals that people really meet; the server says them in English.
export function refusalWord(refusal) {
  return {
    "is no phone number": t("This is no phone number."),
    "unknown district": t("Choose the district."),
    "unknown incident type": t("Choose what happened."),
    "unknown reason": t("Choose one."),
    "unknown disposition": t("Choose one."),
    "is required": t("This is needed."),
    "lies in the future": t("This time lies in the future."),
    "busy": t("The unit is busy elsewhere."),
    "not_available": t("The unit is out of service."),
    "already sent": t("The unit is on this incident already."),
    "no such level": t("The response plan has no further level."),
    "is not the next level": t("Somebody raised the alarm meanwhile."),
    "the only call": t("An incident keeps its only call."),
    "split off already": t("This call was split off already."),
  }[refusal] || latest(refusal) || refusal;
}

// "lies before 2026-11-23T22:12:39.123Z": before a step that is reported already
function latest(refusal) {
  const found = /^lies before (\S+Z)$/.exec(refusal);
  return found && t("This time lies before the step at {time}.", { time: clock(found[1]) });
}

// A failed request in a sentence for people.
export function failureWord(error) {
  if (error.name === "Unreachable") return t("The server cannot be reached.");
  if (error.fields?.assignments) return stillOutWord(error.fields.assignments);
  return {
    forbidden: t("Your role may not do this."),
    not_found: t("This no longer exists."),
    conflict: t("This cannot be done any more:"),
    invalid: t("Something is not filled in right."),
    unprocessable: t("Something is not filled in right."),
    idempotency_key_reused: t("This was sent already."),
    error: t("The server made a mistake."),
    busy: t("The server is busy; nothing was written. Try again."),
    too_many_requests: t("Too many tries in a short time; wait a moment."),
  }[error.code] || error.message || t("The server answered with error {status}.", { status: error.status });
}

export function stillOutWord(units) {
  return t("Still out: {units}. Clear them or call them off first.", { units });
}

// What the sentence leaves out, where there are no fields to say it at.
export function refusals(error) {
  const { assignments, ...others } = error.fields || {};
  return Object.values(others).map(refusalWord);
}
