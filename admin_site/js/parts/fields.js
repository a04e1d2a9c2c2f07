// The server names a refused field by its path in the body; the form has one place for each.

import { CODES } from "./codes.js";
import { faultWord } from "./fault-words.js";
import { t } from "./i18n.js";
import { clock } from "./time.js";

// These say all that there is to say of a request.
const WHOLE = new Set(["ordering", "still_assigned"]);

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
export function placeErrors(faults, places = PLACES) {
  const fields = {};
  const rest = [];
  for (const fault of faults || []) {
    const field = fault.about ? "" : places[fault.path];
    const text = faultWord(fault);
    if (!field) rest.push(`${fault.path}: ${text}`);
    else fields[field] = fields[field] ? `${fields[field]}; ${text}` : text;
  }
  return { fields, rest };
}

// A failed request in a sentence for people.
export function failureWord(error) {
  if (error.name === "SignInUnanswered") return t("The sign-in server does not answer; you stay signed in, and it is asked again.");
  if (error.name === "Unreachable") return unreachableWord(error);
  const whole = (error.faults || []).find((fault) => WHOLE.has(fault.code));
  if (whole) return faultWord(whole);
  return CODES[error.code]?.word() || error.message || t("The server answered with error {status}.", { status: error.status });
}

function unreachableWord({ open, code }) {
  const why = CODES[code]?.word() || t("The server cannot be reached.");
  return open ? [why, t("It is not known whether this was saved; what you typed is kept. Press again: nothing is done twice.")].join(" ") : why;
}

// What the sentence leaves out, where there are no fields to say it at.
export function refusals(error) {
  return (error.faults || []).filter((fault) => !WHOLE.has(fault.code)).map(faultWord);
}

// Since when something is not known any more; what was never loaded has no since, and no fact stands for it.
export function notLoadedWord(why, since = "") {
  return since ? t("Not loaded since {time}: {why} What you see may be out of date.", { time: clock(since), why }) : t("Not loaded: {why}", { why });
}
