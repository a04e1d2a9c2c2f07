// What each caller says, beside what the incident goes by: rows for the incident's page, and what a split-off call opens with.

import { t } from "./i18n.js";

const SAME_KM = 1;

// Good to a few percent for the distances that matter here.
function kmApart(a, b) {
  const north = (a.lat - b.lat) * 111.2;
  const east = (a.lng - b.lng) * 111.2 * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

const located = (place) => Boolean(place) && place.lat !== null && place.lat !== undefined;

// [{what, text, differs}]: `differs` from what the incident goes by. `names` are the registry's type(id) and district(id).
export function saysOf(call, incident, names) {
  const said = call.said;
  if (!said) return [];
  const place = said.location;
  const rows = [];
  if (said.type) rows.push({ what: t("What happened"), text: names.type(said.type), differs: said.type !== incident.type });
  const words = place ? [place.landmark, place.village, place.district && names.district(place.district)].filter(Boolean).join(", ") : "";
  if (words) rows.push({ what: t("Place"), text: words, differs: Boolean(place.district) && place.district !== incident.district });
  if (located(place)) {
    const apart = !located(incident) || kmApart(place, incident) > SAME_KM;
    rows.push({ what: t("Coordinates"), text: `${place.lat}, ${place.lng}`, differs: apart });
  }
  if (said.terrain && said.terrain !== incident.terrain) rows.push({ what: t("Terrain"), text: said.terrain === "water" ? t("Water") : t("Land"), differs: true });
  if (said.drill && !incident.drill) rows.push({ what: t("Drill"), text: t("This caller was taken for a drill"), differs: true });
  return rows;
}

function typedWord(field) {
  return {
    district: t("District"), point: t("Coordinates"), priority: t("Priority"), terrain: t("Terrain"), channel: t("Channel"),
    answered_at: t("Answered"), type: t("What happened"), landmark: t("Street, landmark"), village: t("Village"), narrative: t("What the caller says"), note: t("Note"),
    number: t("Caller's number"), details: t("What was asked"),
  }[field] || field;
}

// What was typed and read otherwise, or not at all: [{what, text}]. A number stands with the call's own.
export function typedOf(call) {
  return Object.entries(call.said?.typed || {})
    .filter(([field]) => field !== "number")
    .map(([field, text]) => ({ what: typedWord(field), text: t("typed: “{text}”", { text }) }));
}

// The words of a caller, each once.
export function wordsOf(call) {
  return [call.said?.narrative, call.note].filter((text) => text && text.trim());
}

// What the incident opens with that a call is split off to: what its caller said, else what the incident goes by.
export function splitDefault(call, incident) {
  const said = call.said;
  const place = said?.location;
  const point = located(place) ? { lat: place.lat, lng: place.lng } : { lat: null, lng: null };
  return {
    type: said?.type || incident.type,
    district: place ? place.district : incident.district,
    village: place?.village || "",
    landmark: place?.landmark || "",
    text: said?.narrative || "",
    ...point,
    point: said?.typed?.point || "",
  };
}

// The incident of a call that is split off, from its dialog; urgency and terrain are the caller's own where they still fit.
export function splitIncident({ call, type, district, village, landmark, lat, lng, point, text }, drill) {
  const { said } = call;
  const own = said?.type === type ? { priority: said.priority, terrain: said.terrain } : {};
  const at = lat === null ? { point } : { lat, lng };
  return { type, ...own, location: { district, village: village.trim(), landmark: landmark.trim(), ...at }, narrative: text.trim(), drill };
}
