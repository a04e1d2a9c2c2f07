// What the finder finds: {kind, id, label, hint, end, words, href}. Enter opens what stands behind it and never changes anything.

import { isLoud } from "./coming-words.js";
import { t } from "./i18n.js";
import { mayAskForData, mayDrill, mayReport, maySupervise } from "./roles.js";

const REGISTRY = "registry.html";

// In the order in which they stand: things, pages, what can be done.
export const KINDS = ["incident", "unit", "person", "page", "do"];

export function kindWord(kind) {
  return { incident: t("Open incidents"), unit: t("Units"), person: t("People"), page: t("Pages"), do: t("Do") }[kind];
}

const has = (pages, address) => pages.some((page) => page.address === address);

export function pageThings(pages) {
  return pages.map(({ address, name, group, key }) => ({ kind: "page", id: address, label: t(name), hint: t(group), end: `g ${key}`, words: "", href: address }));
}

// Open incidents by code, type, place and units; first those that nobody is coming to.
export function incidentThings(incidents, registry) {
  return [...incidents].sort((a, b) => isLoud(b) - isLoud(a) || a.priority - b.priority).map((one) => {
    const place = [registry.district(one.district), one.village, one.landmark].filter(Boolean).join(", ");
    return { kind: "incident", id: one.id, label: registry.type(one.type), hint: place, end: one.label, loud: isLoud(one), words: `${place} ${one.label} ${one.crews.map((crew) => crew.callsign).join(" ")}`, href: `incident.html?id=${encodeURIComponent(one.id)}` };
  });
}

// Units open their form, or where that is no page of this reader's the incident that they are out for.
export function unitThings(registry, states, pages) {
  const out = new Map(states.map((state) => [state.unit_id, state.incident_id]));
  return [...registry.units.values()].filter((unit) => !unit.retired).map((unit) => {
    const incident = out.get(unit.id);
    const href = has(pages, REGISTRY) ? `${REGISTRY}#units/${encodeURIComponent(unit.id)}` : incident ? `incident.html?id=${encodeURIComponent(incident)}` : "";
    return { kind: "unit", id: unit.id, label: unit.callsign, hint: unit.name, end: registry.agency(unit.agency_id), words: `${unit.name} ${registry.agency(unit.agency_id)}`, href };
  }).filter((thing) => thing.href);
}

export function personThings(people, registry, pages) {
  if (!has(pages, REGISTRY)) return [];
  return people.filter((person) => !person.retired).map((person) => ({ kind: "person", id: person.id, label: person.name, hint: registry.agency(person.agency_id), end: "", words: registry.agency(person.agency_id), href: `${REGISTRY}#personnel/${encodeURIComponent(person.id)}` }));
}

// What can be begun; each opens the form for it.
export function actionThings(me, pages, registry) {
  const hint = t("opens a form, changes nothing yet");
  const action = (address, id, label) => ({ kind: "do", id, label, hint: "", end: hint, words: "", href: `${address}#${id}` });
  const free = registry ? [...registry.units.values()].filter((unit) => !unit.retired && mayReport(me, unit)) : [];
  return [
    maySupervise(me) && action("blocked.html", "number", t("Block a number…")),
    mayDrill(me) && action("drills.html", "agency", t("Start a paging drill…")),
    mayAskForData(me) && action("privacy.html", "number", t("Look up somebody's personal data…")),
    ...free.map((unit) => action("board.html", `out=${encodeURIComponent(unit.id)}`, t("Take {unit} out of service…", { unit: unit.callsign }))),
  ].filter((one) => one && has(pages, one.href.split("#")[0]));
}
