// The call form without its page: what it holds, what it sends, what it keeps for later.

import { t } from "./i18n.js";

export const DRAFT = "kentongan.desk.draft";

// One key for one form: however often it is sent, the call is dispatched once.
export function emptyForm(key) {
  return {
    key, received_at: null, answered_at: null, number: "", channel: "phone", class: "emergency", note: "",
    type: "", priority: null, terrain: null, district: "", village: "", landmark: "", coordinates: "", narrative: "", drill: false,
    join: null, place: "known", answer: null, details: {}, // what was said to each question: {value, words}
  };
}

const same = (one, other) => one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));

export function isBlank(form) {
  const empty = emptyForm(form.key);
  return Object.keys(empty).every((name) => name === "received_at" || name === "answered_at" || same(form[name], empty[name]));
}

// "-2.53, 112.95", or a map link with such a pair in it; decimal commas need a semicolon or blank between the numbers.
export function parseCoordinates(text) {
  const trimmed = text.trim();
  if (!trimmed) return { lat: null, lng: null };
  const number = "(-?\\d{1,3}(?:\\.\\d+)?)";
  const found = new RegExp(`${number}\\s*[,;\\s]\\s*${number}`).exec(trimmed.replace(/(\d),(\d+)\s*[;\s]\s*(-?\d+),(\d+)/, "$1.$2 $3.$4"));
  if (!found) return null;
  let [lat, lng] = [Number(found[1]), Number(found[2])];
  // No latitude is beyond 90: some programs write the longitude first.
  if (Math.abs(lat) > 90) [lat, lng] = [lng, lat];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

const NO_POINT = { lat: null, lng: null };

// What is typed and no point: kept as it is, and asked again.
export function unreadPoint(form) {
  return parseCoordinates(form.coordinates) === null;
}

export function placeUnknown(form) {
  return form.place === "unknown";
}

// Which place an answer to the desk's question is about: for another one it is asked anew.
export function placeKey(form) {
  return [form.place, form.district, form.coordinates.trim()].join("|");
}

// Whether the point was set aside for the district, or because it makes no sense.
function setAside(form) {
  return form.answer?.about === placeKey(form) && !form.answer.keep;
}

function pointOf(form) {
  const found = setAside(form) ? null : parseCoordinates(form.coordinates);
  return found ? found : { ...NO_POINT, point: form.coordinates.trim() };
}

function locationOf(form) {
  return { district: form.district, village: form.village.trim(), landmark: form.landmark.trim(), ...pointOf(form) };
}

export function problems(form) {
  const found = {};
  if (form.class !== "emergency" || form.join) return found;
  // Nothing else holds help up: what cannot be read is kept as typed, and asked again.
  if (!form.type) found.type = t("Choose what happened.");
  return found;
}

// `insist`: an emergency although its number is blocked.
export function bodyOf(form, insist = false) {
  const body = {
    number: form.number.trim(), channel: form.channel, class: form.class,
    received_at: form.received_at, answered_at: form.answered_at, note: form.note.trim(),
  };
  if (form.class !== "emergency") return withSaid(body, form);
  if (insist) body.insist = true;
  if (form.join) return withSaid({ ...body, incident_id: form.join.id }, form);
  // A district or point that was typed before the place was said to be unknown is what this caller said.
  const typed = placeUnknown(form) && (form.district || form.village.trim() || form.coordinates.trim());
  return { ...body, incident: incidentOf(form), ...(typed ? { said: { location: locationOf(form) } } : {}) };
}

export function incidentOf(form) {
  const details = Object.entries(form.details).map(([question, { value }]) => ({ question, value: value.trim() }));
  return {
    type: form.type, priority: form.priority, terrain: form.terrain,
    location: placeUnknown(form) ? { landmark: form.landmark.trim() } : locationOf(form),
    narrative: form.narrative.trim(), drill: form.drill,
    // A server of the release before knows no questions, and refuses what it does not know.
    ...(details.length ? { details } : {}),
  };
}

// The narrative with words that found no type, so that they are not lost; once, however often they are typed.
export function withWords(narrative, words) {
  if (!words || narrative.toLowerCase().includes(words.toLowerCase())) return narrative;
  return narrative.trim() ? `${words}\n${narrative}` : words;
}

// The street or landmark with words that found no district: a crew may know them.
export function withPlaceWords(landmark, words) {
  if (!words || landmark.toLowerCase().includes(words.toLowerCase())) return landmark;
  return [landmark.trim(), words].filter(Boolean).join(", ");
}

// What this caller says where it opens nothing; null while nothing was typed.
export function saidOf(form) {
  const location = locationOf(form);
  const placed = Object.values(location).some((value) => value !== "" && value !== null);
  const narrative = [form.narrative.trim(), ...Object.values(form.details).map(({ words }) => words)].filter(Boolean).join("\n");
  if (!form.type && !placed && !narrative) return null;
  return {
    type: form.type, ...(form.type ? { priority: form.priority, terrain: form.terrain } : {}),
    ...(placed ? { location } : {}), narrative, drill: form.drill,
  };
}

function withSaid(body, form) {
  const said = saidOf(form);
  return said ? { ...body, said } : body;
}

// The preview's query; "" while there is nothing to ask.
export function previewQuery(form) {
  const at = placeUnknown(form) ? NO_POINT : parseCoordinates(form.coordinates) || NO_POINT;
  const placed = form.district || at.lat !== null || placeUnknown(form);
  if (form.class !== "emergency" || !form.type || !placed) return "";
  const query = new URLSearchParams({ type: form.type });
  if (form.district && !placeUnknown(form)) query.set("district", form.district);
  if (form.terrain) query.set("terrain", form.terrain);
  if (at.lat !== null && !setAside(form)) {
    query.set("lat", at.lat);
    query.set("lng", at.lng);
  }
  return query.toString();
}

// Whether a question about the point may be due, for which the preview's word is needed.
export function asksAboutPoint(form) {
  return !form.join && !placeUnknown(form) && Boolean(parseCoordinates(form.coordinates)?.lat) && form.answer?.about !== placeKey(form);
}

// The one plain question before help is sent, null for none: {code, away}. It is asked once for a place, never for a retry.
export function questionOf(form, preview) {
  if (form.class !== "emergency" || form.join || placeUnknown(form) || form.answer?.about === placeKey(form)) return null;
  const point = parseCoordinates(form.coordinates);
  if (!form.district && !point?.lat) return { code: "no_place", away: null };
  const code = ["place_far", "place_outside"].find((doubt) => preview?.doubts?.includes(doubt));
  return code && point?.lat ? { code, away: preview.away } : null;
}

// A draft that an older page left lacks fields, and has others: what both know comes back, the rest is as in a fresh form.
export function readDraft(text) {
  try {
    const draft = JSON.parse(text);
    if (typeof draft.form.key !== "string" || !draft.form.key) return null;
    const form = emptyForm(draft.form.key);
    for (const name of Object.keys(form)) if (name in draft.form && fits(draft.form[name], form[name])) form[name] = draft.form[name];
    return { form, attempt: draft.attempt || null, attemptedAt: draft.attemptedAt || Date.parse(form.answered_at) || 0 };
  } catch {
    return null;
  }
}

function fits(value, like) {
  return like === null || (value !== null && typeof value === typeof like);
}
