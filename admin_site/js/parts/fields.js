// The server names a refused field by its path in the body; the form has one place for each.

import { CODES } from "./codes.js";
import { faultWord } from "./fault-words.js";
import { t } from "./i18n.js";
import { clock, when } from "./time.js";

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

// A refusal in a sentence; the server says it in English, in a few stable phrases.
export function refusalWord(refusal) {
  return exact(refusal) || measured(refusal) || refusal;
}

function exact(refusal) {
  return {
    "is no phone number": t("This is not one valid phone number."),
    "is a short number": t("This is a short number, which nobody calls from."),
    "is of a country that is not allowed": t("No SMS is sent to this country; the administrator can allow it."),
    "is a premium-rate number": t("Calls and SMS to this number cost extra."),
    "is no mobile number": t("An SMS cannot reach this number: give a mobile number."),
    "there is one already": t("There is one already."),
    "change it instead": t("This cannot be removed, only changed."),
    "unknown district": t("Choose the district."),
    "unknown incident type": t("Choose what happened."),
    "unknown reason": t("Choose one."),
    "unknown disposition": t("Choose one."),
    "is not one of the choices": t("Choose one."),
    "unknown unit": t("Choose a unit."),
    "unknown agency": t("Choose the agency"),
    "a drill runs already": t("A drill is running in this agency."),
    "nobody is on duty": t("Nobody is on duty there now."),
    "everybody is out": t("Everybody on duty there is out on a call."),
    "is required": t("This is needed."),
    "is required for an agency_admin": t("This is needed."),
    "is empty": t("This is needed."),
    "give exactly one of these": t("Give one of these, not more and not none."),
    "is given twice": t("This is given twice."),
    "is unknown": t("This is not known here."),
    "not found": t("This no longer exists."),
    "no such incident": t("There is no such incident."),
    "no such assignment": t("This unit is no longer on the incident."),
    "no such call": t("This call is no longer part of the incident."),
    "has no letter or digit": t("Write it in words: this says nothing."),
    "has hidden or stacked characters": t("This holds characters that nobody sees, or marks heaped up: type it anew."),
    "has a wrong form": t("This has a wrong form."),
    "is wrong": t("This has a wrong form."),
    "is out of range": t("This is out of range."),
    "is no time": t("This is no time."),
    "has no zone": t("This is no time."),
    "is no day of the calendar": t("The calendar has no such day."),
    "lies in the future": t("This time lies in the future."),
    "lies before received_at": t("This lies before the call came in."),
    "is more than a day old": t("This time is more than a day ago."),
    "must lie within 24 hours after starts_at": t("A shift ends after it starts, within 24 hours."),
    "busy": t("The unit is busy elsewhere."),
    "on an assignment": t("The unit is busy elsewhere."),
    "not_available": t("The unit is out of service."),
    "already sent": t("The unit is on this incident already."),
    "opened too often": t("It was opened again too often: take a call for a new incident."),
    "sent too often": t("This unit was sent here too often: ring it instead."),
    "too many notes": t("This incident is full of notes; a supervisor can still write some."),
    "open": t("The incident is open."),
    "closed": t("The incident is closed."),
    "cancelled": t("The incident is cancelled."),
    "no such level": t("The response plan has no further level."),
    "is not the next level": t("Somebody raised the alarm meanwhile."),
    "the only call": t("An incident keeps its only call."),
    "split off already": t("This call was split off already."),
    "belongs to another agency": t("This belongs to another agency."),
    "retire it instead": t("Old incidents name it: retire it instead."),
    "is registered": t("This is a crew's or an agency's number."),
    "being called off": t("Its crews are still being called off; try again in a moment."),
    "too many units": t("The incident has as many units as it can take."),
    "too many are blocked": t("Too many numbers are blocked; unblock one first."),
    "is the last admin": t("Somebody must stay administrator."),
    "changed meanwhile": t("Somebody else changed this meanwhile; load it again."),
    "remove it and add another": t("A shift is not changed: remove it and add another."),
  }[refusal];
}

const MEASURED = [
  [/^free at (\S+Z)$/, (at) => t("The next one may start at {time}.", { time: when(at) })],
  [/^blocked until (\S+Z)$/, (at) => t("This number is blocked until {time}.", { time: when(at) })],
  [/^lies before (\S+Z)$/, (at) => t("This time lies before the step at {time}.", { time: clock(at) })],
  [/^has more than (\d+) characters$/, (n) => t("At most {n} characters.", { n })],
  [/^has more than (\d+) bytes$/, () => t("This is too long.")],
  [/^leaves out (.+)$/, (names) => t("Without this country these could not be reached: {names}", { names })],
  [/^is not UTC(\S+)$/, (hours) => t("This deployment keeps UTC{hours}.", { hours })],
  [/^has fewer than (\d+) elements$/, (n) => t("At least {n}.", { n })],
  [/^is less than (\S+)$/, (n) => t("At least {n}.", { n })],
  [/^is more than (\S+)$/, (n) => t("At most {n}.", { n })],
  [/^is not (text|a whole number|a number|true or false|a list|an object|a time|a day)$/, () => t("This has a wrong form.")],
];

function measured(refusal) {
  for (const [form, sentence] of MEASURED) {
    const found = form.exec(refusal);
    if (found) return sentence(found[1]);
  }
  return "";
}

// A failed request in a sentence for people.
export function failureWord(error) {
  if (error.name === "SignInUnanswered") return t("The sign-in server does not answer; you stay signed in, and it is asked again.");
  if (error.name === "Unreachable") return unreachableWord(error);
  if (error.fields?.assignments === "being ordered") return t("Units are still being ordered; try again in a moment.");
  if (error.fields?.assignments) return stillOutWord(error.fields.assignments);
  return CODES[error.code]?.word() || error.message || t("The server answered with error {status}.", { status: error.status });
}

function unreachableWord({ open, code }) {
  const why = CODES[code]?.word() || t("The server cannot be reached.");
  return open ? [why, t("It is not known whether this was saved; what you typed is kept. Press again: nothing is done twice.")].join(" ") : why;
}

export function stillOutWord(units) {
  return t("Still out: {units}. Clear them or call them off first.", { units });
}

// What the sentence leaves out, where there are no fields to say it at.
export function refusals(error) {
  if (error.faults?.length) return error.faults.map(faultWord);
  const { assignments, instead_of, ...others } = error.fields || {};
  // Its refusal is the old unit's own status, which would read as the incident's.
  const swapped = instead_of ? [t("This unit is no longer on the incident.")] : [];
  return [...swapped, ...Object.values(others).map(refusalWord)];
}

// Since when something is not known any more; what was never loaded has no since, and no fact stands for it.
export function notLoadedWord(why, since = "") {
  return since ? t("Not loaded since {time}: {why} What you see may be out of date.", { time: clock(since), why }) : t("Not loaded: {why}", { why });
}
