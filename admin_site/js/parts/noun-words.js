// What stands in one of the registry's nouns, in the reader's words: values, and what changed between two versions.

import { pointsOf } from "./boundary.js";
import { label, t, tn } from "./i18n.js";
import { differs, numberWord, partOf, same } from "./noun-form.js";
import { shortDay } from "./time.js";
import { plain } from "./words.js";

export const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Names of things by noun and id: `nouns` describes them, `find(noun, id)` has them, as far as they are loaded.
export function naming(nouns, find) {
  return (noun, id) => {
    const thing = find(noun, id);
    return (thing && calledWord(nouns[noun], thing)) || plain(id);
  };
}

export function calledWord(descriptor, thing) {
  const field = descriptor.fields[0];
  const value = thing[field.name];
  if (field.kind === "label") return label(value);
  return field.kind === "choice" ? choiceWord(field, value) : String(value ?? "");
}

function choiceWord(field, id) {
  const found = field.choices.find((choice) => choice.id === id);
  return found ? t(found.title) : plain(id);
}

// One value as a text, "" for nothing.
export function valueWord(field, part, name) {
  if (field.kind === "flag") return part ? t("yes") : t("no");
  if (part === null || part === undefined || part === "") return "";
  if (field.kind === "point") return part.lat === undefined || part.lat === null ? "" : `${part.lat}, ${part.lng}`;
  if (field.kind === "label") return part.id === part.en ? part.id : [part.id, part.en].filter(Boolean).join(" / ");
  if (field.kind === "boundary") return part.length ? tn("{n} point", "{n} points", pointsOf(part)) : "";
  if (field.kind === "decimal") return numberWord(part);
  if (field.kind === "day") return dayWord(part);
  if (Array.isArray(part)) return part.map((each) => elementWord(field, each, name)).join(field.kind === "list" ? "; " : ", ");
  return elementWord(field, part, name);
}

// A day that the calendar does not have is said as it stands.
export function dayWord(day) {
  return Number.isNaN(Date.parse(day || "")) ? String(day || "") : shortDay(day);
}

function elementWord(field, each, name) {
  if (field.kind === "list") return itemWord(field, each, name);
  if (field.noun) return name(field.noun, each);
  return field.choices ? choiceWord(field, each) : String(each);
}

// "Damkar, Pemadaman kebakaran, Unit 1"
export function itemWord(field, item, name) {
  const said = field.fields.map((inner) => [inner, valueWord(inner, partOf(inner, item), name)]);
  return said
    .filter(([inner, word]) => word && !same(partOf(inner, item), inner.default))
    .map(([inner, word]) => (["number", "decimal", "flag"].includes(inner.kind) ? `${t(inner.title)} ${word}` : word))
    .join(", ");
}

// What differs between two versions of a thing, a line a field: {title, before, after} or {title, added, removed}.
export function changeLines(fields, before, after, name) {
  return fields.filter((field) => differs(field, before, after)).flatMap((field) => linesOf(field, partOf(field, before), partOf(field, after), name));
}

function linesOf(field, before, after, name) {
  const title = t(field.title);
  // Two lines on a map may have as many points.
  if (field.kind === "boundary") return [{ title, before: valueWord(field, before, name) || t("nothing"), after: valueWord(field, after, name) || t("nothing") }];
  if (field.kind === "list") return listLines(field, before || [], after || [], name);
  if (Array.isArray(after) || Array.isArray(before)) {
    const [old, fresh] = [before || [], after || []];
    const word = (each) => elementWord(field, each, name);
    const line = { title, added: fresh.filter((each) => !old.includes(each)).map(word), removed: old.filter((each) => !fresh.includes(each)).map(word) };
    // The same in another order.
    if (line.added.length || line.removed.length) return [line];
  }
  return [{ title, before: valueWord(field, before, name) || t("nothing"), after: valueWord(field, after, name) || t("nothing") }];
}

// Elements that are the same thing stand at the same id, certificate or priority; else at the same place.
function keyOf(field, item, place) {
  if (field.named) return item.id;
  const [first] = field.fields;
  return ["ref"].includes(first.kind) ? item[first.name] : String(place);
}

function listLines(field, before, after, name) {
  const title = t(field.title);
  const keyed = (items) => new Map(items.map((item, place) => [keyOf(field, item, place), { item, place }]));
  const [old, fresh] = [keyed(before), keyed(after)];
  const added = after.filter((item, place) => !old.has(keyOf(field, item, place))).map((item) => itemWord(field, item, name));
  const removed = before.filter((item, place) => !fresh.has(keyOf(field, item, place))).map((item) => itemWord(field, item, name));
  const inside = [...fresh].filter(([key]) => old.has(key)).flatMap(([key, { item, place }]) =>
    changeLines(field.fields, old.get(key).item, item, name).map((line) => ({ ...line, title: `${title} ${place + 1}: ${line.title}` })));
  const lines = [...(added.length || removed.length ? [{ title, added, removed }] : []), ...inside];
  return lines.length ? lines : [{ title, before: valueWord(field, before, name), after: valueWord(field, after, name) }];
}
