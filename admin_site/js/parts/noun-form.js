// One of the registry's nouns as its form holds it, and back; a noun is described by its fields (admin_site/nouns.py).

import { parseCoordinates } from "./call-form.js";
import { currentLanguage } from "./i18n.js";
import { fold } from "./spelling.js";

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const pointWord = (value) => (value?.lat === undefined || value?.lat === null ? "" : `${value.lat}, ${value.lng}`);
export const numberWord = (value) => (value === null || value === undefined ? "" : String(value).replace(".", currentLanguage() === "id" ? "," : "."));
const asText = { empty: "", form: (value) => value ?? "", value: (text, field) => text.trim() || (field?.nullable ? null : "") };
const asList = { empty: [], form: (value) => [...(value || [])], value: (list) => [...list] };

function numeric(pattern) {
  return (text, field) => {
    const plain = String(text).trim().replace(",", ".");
    if (!plain) return field.nullable ? null : field.required ? undefined : "";
    // What is no number is sent as it stands: the server says so, together with all else that is wrong.
    return pattern.test(plain) ? Number(plain) : text;
  };
}

// How each kind of field holds its value, and what it makes of what it holds; undefined is not sent, and the server asks for it.
const KINDS = {
  text: asText,
  long: asText,
  phone: asText,
  day: { ...asText, value: orNothing },
  number: { empty: "", form: numberWord, value: numeric(/^-?\d+$/) },
  decimal: { empty: "", form: numberWord, value: numeric(/^-?\d+(\.\d+)?$/) },
  flag: { empty: false, form: Boolean, value: Boolean },
  choice: { empty: "", form: (value) => value ?? "", value: orNothing },
  ref: { empty: "", form: (value) => value ?? "", value: orNothing },
  ticks: asList,
  refs: asList,
  chips: asList,
  boundary: asList,
  words: { empty: "", form: (list) => (list || []).join("\n"), value: lines },
  label: {
    empty: { id: "", en: "" },
    form: (value) => ({ id: value?.id ?? "", en: value?.en ?? "" }),
    value: ({ id, en }) => ({ id: id.trim(), en: en.trim() }),
  },
};

function orNothing(id, field) {
  return id || (field.nullable ? null : undefined);
}

// A thing as its form holds it; what is not there yet has the value that its type gives it.
export function formOf(fields, thing = {}) {
  return Object.fromEntries(fields.map((field) => [field.name, held(field, thing)]));
}

function held(field, thing) {
  if (field.kind === "point") return pointWord(thing);
  const value = field.name in thing ? thing[field.name] : field.default;
  if (field.kind === "list") return (value || []).map((item) => itemOf(field, item));
  return structuredClone(value === undefined ? KINDS[field.kind].empty : KINDS[field.kind].form(value));
}

// An element of a list; one that has an id keeps it.
export function itemOf(field, item = {}) {
  return { ...(item.id ? { id: item.id } : {}), ...formOf(field.fields, item) };
}

// What the form says, as the server takes it.
export function valueOf(fields, form, ids = idsIn(fields, form)) {
  const value = {};
  for (const field of fields) {
    if (field.kind === "point") Object.assign(value, pointOf(form[field.name]));
    else {
      const made = field.kind === "list" ? form[field.name].map((item) => itemValue(field, item, ids)) : KINDS[field.kind].value(form[field.name], field);
      if (made !== undefined) value[field.name] = made;
    }
  }
  return value;
}

// Of what cannot be read the server hears that it is wrong, beside all else that is.
function pointOf(text) {
  if (!text.trim()) return {};
  return parseCoordinates(text) || { lat: text, lng: text };
}

// An element's id is made of what it asks for, and never shown: nobody has to think of one.
function itemValue(field, item, ids) {
  const value = valueOf(field.fields, item, ids);
  if (!field.named) return value;
  const id = item.id || unique(slug([value.capability, value.agencies, value.label?.en, value.label?.id].flat().find(Boolean) || field.name), (each) => ids.has(each));
  ids.add(id);
  return { id, ...value };
}

function idsIn(fields, form, found = new Set()) {
  for (const field of fields.filter((each) => each.kind === "list")) {
    for (const item of form[field.name]) {
      if (item.id) found.add(item.id);
      idsIn(field.fields, item, found);
    }
  }
  return found;
}

// "Perahu Karet 40 PK" → perahu_karet_40_pk
export function slug(text) {
  return fold(text).replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 50).replace(/_+$/, "");
}

export function unique(id, taken) {
  const base = id || "x";
  let found = base;
  for (let n = 2; taken(found); n += 1) found = `${base}_${n}`;
  return found;
}

// The id of a new thing. A person's stands in events and addresses, and says nothing of a name.
export function idFor(noun, descriptor, value, taken) {
  const called = value[descriptor.called];
  if (noun === "personnel") return unique(`${value.agency_id || "person"}_${crypto.randomUUID().slice(0, 6)}`, taken);
  const own = slug(typeof called === "object" ? called.en || called.id : [called, noun.startsWith("sms-") ? value.language : ""].join(" "));
  const agency = value.agency_id && !own.startsWith(value.agency_id) ? `${value.agency_id}_` : "";
  return unique(`${agency}${own}`, taken);
}

// "levels[0].needs[1].units" → ["levels", 0, "needs", 1, "units"]
export function steps(path) {
  return path.split(/[.[\]]+/).filter(Boolean).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

export function at(form, path) {
  return steps(path).reduce((value, step) => value?.[step], form);
}

export function setAt(form, path, value) {
  const way = steps(path);
  const last = way.pop();
  way.reduce((inside, step) => inside[step], form)[last] = value;
}

// Whether two things, or parts of them, say the same.
export function same(one, other) {
  if (one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Array.isArray(one) === Array.isArray(other) && [...names].every((name) => same(one[name], other[name]));
}

// A field's part of a thing: of a point both its numbers.
export function partOf(field, thing) {
  return field.kind === "point" ? { lat: thing?.lat, lng: thing?.lng } : thing?.[field.name];
}

// What both would be told apart by: order matters only where the field says so.
function comparable(field, part) {
  if (["ticks", "refs"].includes(field.kind)) return [...(part || [])].sort();
  return part ?? field.default ?? null;
}

export function differs(field, one, other) {
  return !same(comparable(field, partOf(field, one)), comparable(field, partOf(field, other)));
}

// Someone else's version under a draft: what was not touched here follows it; what both changed is a clash until one of both is chosen.
export function meanwhile(fields, draft, theirs) {
  const mine = valueOf(fields, draft.form);
  const [form, followed] = [{ ...draft.form }, formOf(fields, theirs)];
  const clash = [];
  const taken = [];
  for (const field of fields) {
    if (!differs(field, draft.base, theirs)) continue;
    if (!differs(field, mine, theirs)) form[field.name] = followed[field.name];
    else if (differs(field, draft.base, mine)) clash.push(field.name);
    else {
      form[field.name] = followed[field.name];
      taken.push(field.name);
    }
  }
  return { ...draft, v: theirs.v, before: draft.base, base: theirs, form, clash, taken };
}
