// The registry's answer, ready for the pages: names by id, and options for type-ahead fields.

import { label, t } from "./i18n.js";
import { CATEGORIES, categoryWord, plain, terrainWord } from "./words.js";

export function openRegistry(registry) {
  const by = (list) => new Map((list || []).map((one) => [one.id, one]));
  const types = by(registry.incident_types);
  const districts = by(registry.districts);
  const agencies = by(registry.agencies);
  const units = by(registry.units);
  const reasons = by(registry.reasons);
  const dispositions = by(registry.dispositions);
  const both = (words) => (words ? `${words.id} ${words.en}` : "");

  return {
    types,
    units,
    type: (id) => label(types.get(id)?.label) || plain(id),
    district: (id) => districts.get(id)?.name || plain(id),
    agency: (id) => agencies.get(id)?.short_name || plain(id),
    unit: (id) => units.get(id)?.callsign || plain(id),
    unitName: (id) => units.get(id)?.name || "",
    reason: (id) => label(reasons.get(id)?.label) || plain(id),
    disposition: (id) => label(dispositions.get(id)?.label) || plain(id),
    certifications: registry.certifications || [],
    agencyList: [...agencies.values()].filter((agency) => !agency.retired),
    reasonList: [...reasons.values()].map((reason) => ({ id: reason.id, label: label(reason.label) })),
    dispositionList: [...dispositions.values()].map((one) => ({ id: one.id, label: label(one.label) })),
    typeOptions: CATEGORIES.flatMap((category) =>
      [...types.values()]
        .filter((type) => type.category === category)
        .map((type) => ({ id: type.id, label: label(type.label), words: `${both(type.label)} ${categoryWord(category)}`, group: categoryWord(category) }))),
    districtOptions: [...districts.values()]
      .map((one) => ({ id: one.id, label: one.name, words: one.capital || "", hint: one.capital && one.capital !== one.name ? one.capital : "", group: "" }))
      .sort((a, b) => a.label.localeCompare(b.label)),
    unitOptions: [...units.values()]
      .filter((unit) => !unit.retired)
      .map((unit) => ({
        id: unit.id,
        label: unit.callsign,
        words: `${unit.name} ${agencies.get(unit.agency_id)?.name || ""} ${agencies.get(unit.agency_id)?.short_name || ""}`,
        hint: unit.name,
        group: agencies.get(unit.agency_id)?.short_name || t("Other"),
        terrains: unit.terrains.map(terrainWord).join(", "),
      })),
  };
}
