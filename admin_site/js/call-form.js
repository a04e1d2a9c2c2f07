// The call form without its page: what it holds, what it sends, what it keeps for later.

import { t } from "./i18n.js";

export const DRAFT = "kentongan.desk.draft";

// One key for one form: however often it is sent, the call is dispatched once.
export function emptyForm(key) {
  return {
    key, received_at: null, answered_at: null, number: "", channel: "phone", class: "emergency", note: "",
    type: "", priority: null, terrain: null, district: "", village: "", landmark: "", coordinates: "", narrative: "", drill: false,
    join: null,
  };
}

export function isBlank(form) {
  const empty = emptyForm(form.key);
  return Object.keys(empty).every((name) => name === "received_at" || name === "answered_at" || form[name] === empty[name]);
}

// "-2.53, 112.95", or a map link with such a pair in it; decimal commas need a semicolon or blank between the numbers.
export function parseCoordinates(text) {
  const trimmed = text.trim();
  if (!trimmed) return { lat: null, lng: null };
  const number = "(-?\\d{1,3}(?:\\.\\d+)?)";
  const found = new RegExp(`${number}\\s*[,;\\s]\\s*${number}`).exec(trimmed.replace(/(\d),(\d+)\s*[;\s]\s*(-?\d+),(\d+)/, "$1.$2 $3.$4"));
  if (!found) return null;
  const [lat, lng] = [Number(found[1]), Number(found[2])];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

export function problems(form) {
  const found = {};
  if (form.class !== "emergency" || form.join) return found;
  if (!form.type) found.type = t("Choose what happened.");
  if (!form.district) found.district = t("Choose the district.");
  if (!parseCoordinates(form.coordinates)) found.coordinates = t("Write latitude and longitude, such as -2.5312, 112.9496.");
  return found;
}

// `insist`: an emergency although its number is blocked.
export function bodyOf(form, insist = false) {
  const body = {
    number: form.number.trim(), channel: form.channel, class: form.class,
    received_at: form.received_at, answered_at: form.answered_at, note: form.note.trim(),
  };
  if (form.class !== "emergency") return body;
  if (insist) body.insist = true;
  if (form.join) return { ...body, incident_id: form.join.id };
  return { ...body, incident: incidentOf(form) };
}

export function incidentOf(form) {
  return {
    type: form.type, priority: form.priority, terrain: form.terrain,
    location: { district: form.district, village: form.village.trim(), landmark: form.landmark.trim(), ...parseCoordinates(form.coordinates) },
    narrative: form.narrative.trim(), drill: form.drill,
  };
}

// The narrative with words that found no type, so that they are not lost; once, however often they are typed.
export function withWords(narrative, words) {
  if (!words || narrative.toLowerCase().includes(words.toLowerCase())) return narrative;
  return narrative.trim() ? `${words}\n${narrative}` : words;
}

// The preview's query; "" while there is nothing to ask.
export function previewQuery(form) {
  if (form.class !== "emergency" || !form.type || !form.district) return "";
  const query = new URLSearchParams({ type: form.type, district: form.district });
  if (form.terrain) query.set("terrain", form.terrain);
  const at = parseCoordinates(form.coordinates);
  if (at && at.lat !== null) {
    query.set("lat", at.lat);
    query.set("lng", at.lng);
  }
  return query.toString();
}

// A draft of another shape, left by an older page, is not worth a broken form.
export function readDraft(text) {
  try {
    const draft = JSON.parse(text);
    const names = Object.keys(emptyForm(""));
    return draft && typeof draft.form.key === "string" && names.every((name) => name in draft.form) ? draft : null;
  } catch {
    return null;
  }
}
