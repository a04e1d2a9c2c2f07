// The server names a refused field by its path in the body; the form has one place for each.

import { t } from "./i18n.js";

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
  for (const [path, text] of Object.entries(byPath || {})) {
    const field = places[path];
    if (!field) rest.push(`${path}: ${text}`);
    else fields[field] = fields[field] ? `${fields[field]}; ${text}` : text;
  }
  return { fields, rest };
}

// A failed request in a sentence for people.
export function failureWord(error) {
  if (error.name === "Unreachable") return t("The server cannot be reached.");
  return {
    forbidden: t("Your role may not do this."),
    not_found: t("This no longer exists."),
    busy: t("The server is busy; nothing was written. Try again."),
    too_many_requests: t("Too many tries in a short time; wait a moment."),
  }[error.code] || error.message || t("The server answered with error {status}.", { status: error.status });
}
