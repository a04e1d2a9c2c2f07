// Amending an incident without its page: what the dialog holds, what it sends, what it keeps, and what somebody else did meanwhile.

import { parseCoordinates } from "./call-form.js";
import { t } from "./i18n.js";

// In the order of the dialog. Coordinates are one field, typed as on the desk.
export const FIELDS = ["type", "terrain", "priority", "district", "village", "landmark", "coordinates", "narrative"];
const PLACE = ["district", "village", "landmark", "coordinates"];

// Where a refusal of the server stands in the dialog.
export const PLACES = { ...Object.fromEntries(FIELDS.map((field) => [field, field])), lat: "coordinates", lng: "coordinates" };

export const draftKey = (id) => `kentongan.amend.${id}`;

const point = ({ lat, lng }) => (lat === null || lat === undefined ? "" : `${lat}, ${lng}`);

// What an incident goes by, as the dialog's fields.
export function fieldsOf(incident) {
  const { type, terrain, priority, district, village, landmark, narrative } = incident;
  return { type, terrain, priority, district, village, landmark, coordinates: point(incident), narrative };
}

// `base` is what was read, `form` what shall be; `off` are units of the plan that shall not go, `recall` crews that shall come back;
// `clash` holds what somebody else made of a field meanwhile, until one of both is chosen; `key` is of the body that was sent last.
export function draftOf(incident) {
  const base = fieldsOf(incident);
  return { version: incident.version, base, form: { ...base }, clash: {}, off: [], recall: [], tell: null, key: "", sent: "" };
}

const plain = (field, value) => (typeof value !== "string" ? value : field === "coordinates" ? pointKey(value) : value.trim());

// Two ways to write one point are one point.
function pointKey(text) {
  const found = parseCoordinates(text);
  return found ? point(found) : text.trim();
}

export const same = (field, a, b) => plain(field, a) === plain(field, b);

export function changed(draft, field) {
  return !same(field, draft.form[field], draft.base[field]);
}

export function changedFields(draft) {
  return FIELDS.filter((field) => changed(draft, field));
}

// Only what differs is sent: a field that is left out stays, whatever somebody else made of it.
export function amendBody(draft, { send = [], recall = [] } = {}) {
  const body = { version: draft.version };
  for (const field of changedFields(draft)) {
    const value = draft.form[field];
    if (field === "coordinates") Object.assign(body, parseCoordinates(value) || {});
    else body[field] = typeof value === "string" ? value.trim() : value;
  }
  if (draft.tell !== null) body.tell = draft.tell;
  return { ...body, send, recall };
}

// What keeps it from being saved, by field.
export function amendProblems(draft) {
  const found = {};
  if (!draft.form.type) found.type = t("Choose what happened.");
  for (const field of Object.keys(draft.clash)) found[field] = t("Choose one of both.");
  return found;
}

// A point that cannot be read keeps nothing else from being saved: the one that stands stays, and what was typed waits in the field.
export function pointUnread(draft) {
  return parseCoordinates(draft.form.coordinates) === null;
}

export function saysNothing({ version, tell, send, recall, ...fields }) {
  return !Object.keys(fields).length && !send.length && !recall.length;
}

export function onlyPointLeft(draft, incident) {
  const fresh = draftOf(incident);
  return { ...fresh, form: { ...fresh.form, coordinates: draft.form.coordinates } };
}

// The incident as it is now, under the draft: what was not touched follows; what both changed is a clash until one of both is chosen.
export function meanwhile(draft, incident) {
  const now = fieldsOf(incident);
  const form = { ...draft.form };
  const clash = { ...draft.clash };
  for (const field of FIELDS) {
    if (same(field, now[field], draft.base[field])) continue;
    if (!changed(draft, field)) form[field] = now[field];
    else if (same(field, form[field], now[field])) delete clash[field];
    else clash[field] = now[field];
  }
  return { ...draft, version: incident.version, base: now, form, clash };
}

// What the type says of urgency and terrain follows it, as long as nobody said otherwise; `types` is the registry's map.
export function withType(form, id, types) {
  const [before, after] = [types.get(form.type), types.get(id)];
  const follow = (name) => (before && after && form[name] === before[name] ? after[name] : form[name]);
  return { type: id, priority: follow("priority"), terrain: follow("terrain") };
}

// What a caller's place makes of the incident's: {} where nothing of it is new. What the caller left open stays, but in another
// district nothing of the old place holds.
export function placeSaid(call, incident) {
  const said = call.said?.location;
  if (!said) return {};
  const now = fieldsOf(incident);
  const given = { district: said.district || "", village: said.village || "", landmark: said.landmark || "", coordinates: point(said) };
  const elsewhere = given.district !== "" && now.district !== "" && given.district !== now.district;
  const taken = PLACE.filter((field) => (given[field] !== "" || elsewhere) && !same(field, given[field], now[field]));
  return Object.fromEntries(taken.map((field) => [field, given[field]]));
}

// A draft that another page or release left: what does not fit is not used.
export function readAmend(text) {
  try {
    const draft = JSON.parse(text);
    const whole = FIELDS.every((field) => field in draft.base && field in draft.form) && Number.isInteger(draft.version);
    return whole ? { clash: {}, off: [], recall: [], tell: null, key: "", sent: "", ...draft } : null;
  } catch {
    return null;
  }
}
