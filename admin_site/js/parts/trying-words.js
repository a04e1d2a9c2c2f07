// What trying the rules found, in sentences: who would go, by which rule, and why not the others.

import { decimal, label, t, tn } from "./i18n.js";
import { passedOver, pickReason, warning } from "./plan-words.js";
import { warningAt } from "./rule-links.js";
import { duration } from "./time.js";

// The query of what was asked, "" while it is not known yet what and where.
export function tryQuery({ type, district, terrain, at }) {
  if (!type || !district) return "";
  const given = { type, district, terrain, at };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value)).toString();
}

// How many units and people the first level means; null where nobody goes at all.
export function firstLevel(found) {
  const picks = found.needs.filter((need) => need.level === 1).flatMap((need) => need.picks);
  const people = picks.reduce((sum, pick) => sum + pick.people.length + pick.others, 0);
  const missing = found.needs.filter((need) => need.level === 1).reduce((sum, need) => sum + need.missing, 0);
  return { units: picks.length, people, missing };
}

export function resultWord(found) {
  const { units, people, missing } = firstLevel(found);
  if (!found.plan) return t("No response plan fits: nobody would be sent.");
  const sent = tn("{n} unit would be sent", "{n} units would be sent", units);
  const paged = tn("{n} person would get an SMS.", "{n} people would get an SMS.", people);
  const goes = units ? [sent, paged].join(", ") : t("Nobody would be sent.");
  const short = tn("{n} unit would be missing.", "{n} units would be missing.", missing);
  return missing ? [goes, short].join(" ") : goes;
}

// Whether it is bad, as the page shows it: nobody goes, or fewer than the plan asks for.
export function resultTone(found) {
  const { units, missing } = firstLevel(found);
  return units && !missing ? "" : "k-notice-bad";
}

export function planPassedOver(why) {
  return {
    place_unknown: t("is for certain districts, and the place is not known"),
    whole_category: t("is for the whole category, not for this type"),
    any_category: t("is for all categories"),
    all_districts: t("is for all districts, not for this one"),
    any_terrain: t("is for any terrain"),
    later_id: t("fits just as well; of two such the first by its id counts"),
  }[why] || why;
}

// The needs by level: [{level, title, needs}]
export function levelsOf(found) {
  const levels = [...new Set(found.needs.map((need) => need.level))];
  return levels.map((level) => ({
    level,
    title: level === 1 ? t("Sent at once") : t("Added at alarm {level}", { level }),
    needs: found.needs.filter((need) => need.level === level),
  }));
}

// What a need asks for: "2 × boat, from Airud or SAR, on water, water rescue".
export function needWord({ need, capability }, names) {
  const agencies = need.agencies.map(names.agency).join(t(", else "));
  const asks = label(capability) || t("any unit");
  const terrain = { water: t("works on water"), land: t("works on land") }[need.terrain] || "";
  const people = need.people > 1 ? tn("at least {n} person", "at least {n} people", need.people) : "";
  const held = need.certifications.map((one) => names.certification(one.certification_id)).join(", ");
  return [`${need.units} × ${asks}`, t("from {agencies}", { agencies }), terrain, people, held].filter(Boolean).join(" · ");
}

export function missingWord({ missing, why }) {
  return missing ? tn("{n} unit missing: {why}", "{n} units missing: {why}", missing, { why: passedOver(why) }) : "";
}

export function unitWord(one) {
  return one.callsign || t("a unit of {agency}", { agency: one.agency });
}

export function peopleWord({ people, others }) {
  const names = people.map((one) => one.name);
  if (others) names.push(names.length ? tn("{n} more", "{n} more", others) : tn("{n} person", "{n} people", others));
  return names.join(", ");
}

export function pickNotes(pick, certifications) {
  return {
    distance: pick.distance_km === null ? "" : `${decimal(pick.distance_km)} km`,
    why: pick.reasons.map(pickReason).join(", "),
    warnings: pick.warnings.map((code) => ({ text: warning(code, certifications, pick.people), at: warningAt(code) })),
  };
}

export function notSent(why) {
  return why === "farther" ? t("fit, but farther away") : passedOver(why);
}

// Those who are not sent, by the reason: [{why, units}], in the order in which they were asked.
export function othersByReason(others) {
  const by = new Map();
  others.forEach((one, key) => by.set(one.why, [...(by.get(one.why) || []), { key, id: one.unit_id, word: unitWord(one) }]));
  return [...by].map(([why, units]) => ({ why: notSent(why), units }));
}

// After how long a silent crew has another asked beside it, for this priority.
export function silenceWord(found, priority) {
  const rule = found.silence.find((one) => one.priority === priority);
  return rule ? t("If a crew is silent for {time}, the next fit unit is asked beside it.", { time: duration(rule.after_s * 1000) }) : "";
}

export function ruleName(rule) {
  return label(rule.label) || rule.id;
}
