// The registry's answer, ready for the pages: names by id, and options for type-ahead fields.

import { label, t } from "./i18n.js";
import { fold } from "./spelling.js";
import { CATEGORIES, categoryWord, plain } from "./words.js";

// Whether one of a unit's own is among those that a thing is for; for all, when none is named.
function meets(named, own) {
  return !named?.length || !own || own.some((each) => named.includes(each));
}

export function openRegistry(registry) {
  const by = (list) => new Map((list || []).map((one) => [one.id, one]));
  const types = by(registry.incident_types);
  const districts = by(registry.districts);
  const agencies = by(registry.agencies);
  const units = by(registry.units);
  const reasons = by(registry.reasons);
  const dispositions = by(registry.dispositions);
  // The server's order is that of English ids, which looks like none to other readers.
  const sorted = (options) => options.sort((a, b) => a.group?.localeCompare(b.group) || a.label.localeCompare(b.label));
  const both = (words) => (words ? [words.id, words.en] : []);

  const districtOptions = sorted([...districts.values()].map((one) => ({
    id: one.id, label: one.name, words: [one.capital, ...(one.aliases || [])], hint: one.capital && one.capital !== one.name ? one.capital : "", group: "", name: true,
  })));
  const villages = sorted([...districts.values()].flatMap((one) => (one.villages || []).map((name) => ({
    id: `${one.id}/${fold(name).replace(/[^a-z0-9]+/g, "_")}`, label: name, hint: one.name, group: "", quiet: true, name: true, district: one.id,
  }))));
  const ownFirst = {};
  const reasonList = sorted([...reasons.values()].map(({ id, label: words, unit_status, terrains, agencies: whose }) => ({
    id, label: label(words), keepsOut: Boolean(unit_status), concerns: (unit) => !unit || (meets(terrains, unit.terrains) && meets(whose, [unit.agency_id])),
  })));

  return {
    types,
    units,
    type: (id) => label(types.get(id)?.label) || plain(id),
    questions: (id) => types.get(id)?.questions || [],
    district: (id) => districts.get(id)?.name || plain(id) || t("Place not known yet"),
    agency: (id) => agencies.get(id)?.short_name || plain(id),
    unit: (id) => units.get(id)?.callsign || plain(id),
    unitName: (id) => units.get(id)?.name || "",
    reason: (id) => label(reasons.get(id)?.label) || plain(id),
    disposition: (id) => label(dispositions.get(id)?.label) || plain(id),
    certifications: registry.certifications || [],
    agencyPhone: (id) => agencies.get(id)?.phone || "",
    agencyList: [...agencies.values()].filter((agency) => !agency.retired),
    // What may keep a unit from coming; without one, or one that is not known, all of them.
    reasonsOf: (id) => reasonList.filter((reason) => reason.concerns(units.get(id))),
    // How an incident of a type can end, and how others do: {fitting, others}.
    dispositionsOf(type) {
      const { category } = types.get(type) || {};
      const fits = (one) => !category || !one.categories?.length || one.categories.includes(category);
      const options = (some) => sorted(some.map((one) => ({ id: one.id, label: label(one.label) })));
      const all = [...dispositions.values()];
      return { fitting: options(all.filter(fits)), others: options(all.filter((one) => !fits(one))) };
    },
    typeOptions: CATEGORIES.flatMap((category) =>
      sorted([...types.values()]
        .filter((type) => type.category === category)
        .map((type) => ({ id: type.id, label: label(type.label), words: [...both(type.label), ...(type.words || [])], group: categoryWord(category), last: Boolean(type.catch_all) })))),
    // Districts, and the villages in them, which are found once something is typed.
    districtOptions: [...districtOptions, ...villages],
    villageOptions: (district) => (ownFirst[district] ??= [...villages].sort((a, b) => (b.district === district) - (a.district === district))),
    // What picking a district or village makes of a place {district, village}; a village of elsewhere does not stay behind.
    place(id, before) {
      const village = villages.find((one) => one.id === id);
      if (village) return { district: village.district, village: village.label };
      const named = villages.filter((one) => fold(one.label) === fold(before.village));
      const elsewhere = id && named.length > 0 && named.every((one) => one.district !== id);
      return { district: id, village: elsewhere ? "" : before.village };
    },
    unitOptions: sorted([...units.values()]
      .filter((unit) => !unit.retired)
      .map((unit) => ({
        id: unit.id,
        label: unit.callsign,
        words: `${unit.name} ${agencies.get(unit.agency_id)?.name || ""} ${agencies.get(unit.agency_id)?.short_name || ""}`,
        hint: unit.name,
        group: agencies.get(unit.agency_id)?.short_name || t("Other"),
      }))),
  };
}
