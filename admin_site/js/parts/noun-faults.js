// What the server refuses in one of the registry's nouns: at which field, in the reader's words, and what depends on it.

import { faultWord } from "./fault-words.js";
import { t } from "./i18n.js";
import { steps } from "./noun-form.js";
import { plain } from "./words.js";

const pathOf = (way) => way.reduce((path, step) => (typeof step === "number" ? `${path}[${step}]` : path ? `${path}.${step}` : step), "");

// Where in the form a server's path stands: {path, title}, null for no place. `levels[0].needs[1].agencies[0]` is the field `agencies`.
export function placeOf(fields, path) {
  const way = steps(path);
  let inside = fields;
  const [there, titles] = [[], []];
  while (way.length) {
    const name = way.shift();
    const field = inside.find((each) => each.name === name || (each.kind === "point" && ["lat", "lng"].includes(name)));
    if (!field) return null;
    there.push(field.name);
    if (field.kind === "list" && typeof way[0] === "number") {
      there.push(way.shift());
      titles.push(`${t(field.title)} ${there.at(-1) + 1}`);
      if (!way.length) break;
      inside = field.fields;
      continue;
    }
    titles.push(t(field.title));
    if (field.kind === "label" && way.length) {
      there.push(way[0]);
      titles.push(way[0] === "id" ? t("Indonesian") : t("English"));
    }
    return { path: pathOf(there), title: titles.join(", "), field, element: typeof way[0] === "number" ? way[0] : null };
  }
  return { path: pathOf(there), title: titles.join(", "), field: null, element: null };
}

const NOUN_OF_VALUE = { agency: "agencies", capability: "capabilities", unit: "units", reason: "reasons" };

// What a field of another thing names, where the fault itself says but the id.
const NOUN_OF_FIELD = { unit_id: "units", person_id: "personnel", chief_id: "personnel", head_id: "personnel", agency_id: "agencies", station_id: "stations", crew_id: "crews" };

// The fault with names where ids stood.
export function named(fault, name) {
  const values = { ...fault.values };
  for (const [key, noun] of Object.entries(NOUN_OF_VALUE)) if (values[key] && values[key] !== "any") values[key] = name(noun, values[key]);
  if (values.capability === "any") values.capability = t("anything");
  const noun = values.noun || NOUN_OF_FIELD[fault.path.split(".").at(-1)];
  if (noun && values.id) values.id = name(noun, values.id);
  if (values.things) values.things = values.things.split(", ").map((thing) => aboutWord(thing, name)).join(", ");
  return { ...fault, values };
}

function aboutWord(about, name) {
  const [noun, id] = about.split("/");
  if (noun === "shifts") return t("a shift");
  return noun === "incidents" ? t("Incident {label}", { label: id }) : name(noun, id);
}

// {fields: {path: text}, summary: [{path, text}], depends: [{about, name, href, text}], shifts: how many of them are duties}; `fields` describe the noun
export function told(faults, fields, value, name) {
  const found = { fields: {}, summary: [], depends: [], shifts: 0 };
  for (const fault of faults || []) {
    if (fault.about) depend(fault, name, found);
    else place(fault, fields, value, name, found);
  }
  // In the order of the form.
  const order = fields.map((field) => field.name);
  found.summary.sort((a, b) => order.indexOf(steps(a.path)[0]) - order.indexOf(steps(b.path)[0]));
  return found;
}

// Each thing once, with all that is wrong with it then.
function depend(fault, name, found) {
  const [noun, id] = fault.about.split("/");
  const text = faultWord({ ...named(fault, name), about: "" });
  const known = found.depends.find((each) => each.about === fault.about);
  if (known?.text.includes(text)) return;
  if (known) known.text += ` ${text}`;
  else {
    if (noun === "shifts") found.shifts += 1;
    found.depends.push({ about: fault.about, name: aboutWord(fault.about, name), href: ["shifts", "incidents"].includes(noun) ? "" : `#${noun}/${id}`, text });
  }
}

function place(fault, fields, value, name, found) {
  const where = placeOf(fields, fault.path);
  const noun = where?.field?.noun;
  const said = noun && fault.values.id && !fault.values.noun ? { ...fault, values: { ...fault.values, noun } } : fault;
  let text = faultWord(named(said, name));
  if (!where) return found.summary.push({ path: "", text: fault.path && fault.path !== "id" ? `${plain(fault.path)}: ${text}` : text });
  // One of many words or names stands in one field: it is told which.
  const element = where.element === null ? undefined : value?.[where.field.name]?.[where.element];
  if (typeof element === "string" && !text.includes(element) && where.field.kind === "words") text = `“${element}”: ${text}`;
  if (found.fields[where.path]?.includes(text)) return undefined;
  found.fields[where.path] = found.fields[where.path] ? `${found.fields[where.path]} ${text}` : text;
  return found.summary.push({ path: where.path, text: `${where.title}: ${text}` });
}
