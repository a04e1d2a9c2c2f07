// What a month's duty leaves without an answer, below the sheet and in its columns: by unit, by certificate, by response plan.
//
// Without a page: cells are told apart by a sign and a word, never by colour alone; what is fine is a dot.

import { label, t, tn } from "./i18n.js";
import { passedOver } from "./plan-words.js";
import { clock, localDay } from "./time.js";

const GAPS = new Set(["unanswered", "short"]);
export const SIGNS = { unanswered: "✕", short: "✕", uncertified: "!", fallback: "○", answered: "·" };
const TONES = { unanswered: "k-cover-gap", short: "k-cover-gap", uncertified: "k-cover-warn", fallback: "k-cover-other", answered: "" };
const NAMED_MOST = 4;

// Several answers of the same agency, each of some days, as one: what is the same on both sides of a midnight is one stretch.
export function joined(parts) {
  const whole = { stretches: [], units: [], certifications: [], plans: [], answers: [], until_day: null };
  for (const given of parts) {
    const part = goesOn(whole, given) ? withoutFirst(whole, given) : given;
    const base = whole.answers.length;
    const before = whole.stretches.length;
    whole.answers.push(...part.answers);
    whole.until_day = part.until_day;
    const rows = (of, own, key, values, moved) =>
      part[of].map((each) => {
        const kept = own.find((one) => one[key] === each[key]) || own[own.push({ ...each, [values]: Array(before).fill(null) }) - 1];
        return () => kept[values].push(...each[values].map((value) => value + moved));
      });
    const steps = [
      ...rows("units", whole.units, "unit_id", "people", 0),
      ...rows("certifications", whole.certifications, "certification_id", "people", 0),
      ...rows("plans", whole.plans, "plan_id", "answers", base),
    ];
    whole.stretches.push(...part.stretches.map((each) => ({ ...each })));
    for (const step of steps) step();
    const rest = (own, values) => own.forEach((each) => each[values].push(...Array(whole.stretches.length - each[values].length).fill(null)));
    rest(whole.units, "people");
    rest(whole.certifications, "people");
    rest(whole.plans, "answers");
  }
  return whole;
}

// Whether what a part begins with is what the one before ended with: the same people, the same answers.
function goesOn(whole, part) {
  const last = whole.stretches.length - 1;
  if (last < 0 || !part.stretches.length || whole.stretches[last].ends_at !== part.stretches[0].starts_at) return false;
  const alike = (own, others, key, value) =>
    own.length === others.length && own.every((each) => others.some((one) => one[key] === each[key] && JSON.stringify(value(one, 0, part)) === JSON.stringify(value(each, last, whole))));
  const people = (each, at) => each.people[at];
  return (
    alike(whole.units, part.units, "unit_id", people) &&
    alike(whole.certifications, part.certifications, "certification_id", people) &&
    alike(whole.plans, part.plans, "plan_id", (each, at, of) => of.answers[each.answers[at]])
  );
}
function withoutFirst(whole, part) {
  whole.stretches.at(-1).ends_at = part.stretches[0].ends_at;
  const rest = (of, values) => part[of].map((each) => ({ ...each, [values]: each[values].slice(1) }));
  return { ...part, stretches: part.stretches.slice(1), units: rest("units", "people"), certifications: rest("certifications", "people"), plans: rest("plans", "answers") };
}

// Of each day of the month the places of its stretches: a stretch stands on the local day on which it begins.
export function placesByDay(found, dates) {
  const days = new Map(dates.map((day) => [day, []]));
  found.stretches.forEach((stretch, at) => days.get(localDay(stretch.starts_at))?.push(at));
  return dates.map((day) => days.get(day));
}

export function stretchWord(stretch, dayWord) {
  return t("{day} {from}–{to}", { day: dayWord(localDay(stretch.starts_at)), from: clock(stretch.starts_at).slice(0, 5), to: clock(stretch.ends_at).slice(0, 5) });
}

// Why something is missing, in the planner's own reasons: of one's own units the callsigns, of other agencies' how many.
export function missingWord(missing) {
  const asks = label(missing.capability) || t("any unit");
  const held = missing.certifications.map(label).join(", ");
  if (!missing.units) return t("{what}: whoever goes lacks {certificates}", { what: asks, certificates: held });
  const causes = missing.causes.map((cause) => {
    const more = cause.number - cause.callsigns.length;
    const units = cause.callsigns.length
      ? [...cause.callsigns, more ? tn("{n} more", "{n} more", more) : ""].filter(Boolean).join(", ")
      : tn("{n} unit of {agency}", "{n} units of {agency}", cause.number, { agency: cause.agency });
    return `${units}: ${passedOver(cause.reason)}${cause.reason === "certification_blocked" && held ? ` (${held})` : ""}`;
  });
  const lack = tn("{what}: {n} unit missing", "{what}: {n} units missing", missing.units, { what: asks });
  return [lack, ...(causes.length ? causes : [passedOver(missing.reason)])].join(". ");
}

// The sentences below a plan: each thing that is wrong once, with when it is.
export function reasonsOf(found, plan, dayWord) {
  const by = new Map();
  plan.answers.forEach((number, at) => {
    if (number === null) return;
    const answer = found.answers[number];
    if (answer.kind === "answered") return;
    const words = answer.kind === "fallback" ? t("answered by {agencies}", { agencies: answer.agencies.join(", ") }) : answer.missing.map(missingWord).join("; ");
    const key = `${SIGNS[answer.kind]} ${words}`;
    by.set(key, { kind: answer.kind, words, places: [...(by.get(key)?.places || []), at] });
  });
  const order = Object.keys(SIGNS);
  return [...by.values()]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.places[0] - b.places[0])
    .map(({ kind, words, places }) => {
      const named = places.slice(0, NAMED_MOST).map((at) => stretchWord(found.stretches[at], dayWord));
      const more = places.length - named.length;
      if (more) named.push(tn("{n} stretch more", "{n} stretches more", more));
      return { kind, sign: SIGNS[kind], when: named.join(", "), words };
    });
}

// The rows by section: {key, title, note, rows: [{id, name, aside, cells: [{sign, tone, spoken}] by place, end, bad, reasons}]}
export function sectionsOf(found, dayWord) {
  const number = found.stretches.length;
  const counted = (own, name, least) => {
    const known = own.people.filter((people) => people !== null);
    const short = known.filter((people) => people < least).length;
    return {
      name,
      least,
      short,
      cells: own.people.map((people, at) => {
        if (people === null) return null;
        const bad = people < least;
        const spoken = `${name}, ${stretchWord(found.stretches[at], dayWord)}: ${tn("{n} person", "{n} people", people)}`;
        return { sign: bad || own.counts ? String(people) : "·", tone: bad ? "k-cover-warn" : "", spoken };
      }),
      bad: short ? "warn" : "",
      reasons: [],
    };
  };
  const units = found.units.map((unit) => {
    const row = counted(unit, unit.callsign, unit.least);
    return { ...row, id: `unit-${unit.unit_id}`, aside: tn("{n} person", "{n} people", unit.least), end: t("complete in {n} of {all}", { n: number - row.short, all: number }) };
  });
  const certifications = found.certifications.map((held) => {
    const row = counted({ ...held, counts: true }, label(held.label), held.least);
    return {
      ...row,
      id: `certification-${held.certification_id}`,
      aside: held.least ? t("at least {n}", { n: held.least }) : "",
      end: row.short ? t("short in {n}", { n: row.short }) : t("enough throughout"),
    };
  });
  const plans = found.plans.map((plan) => {
    const kinds = plan.answers.map((each) => (each === null ? null : found.answers[each].kind));
    const gaps = kinds.filter((kind) => GAPS.has(kind)).length;
    return {
      id: `plan-${plan.plan_id}`,
      name: label(plan.label),
      aside: "",
      cells: kinds.map((kind, at) => (kind ? { sign: SIGNS[kind], tone: TONES[kind], spoken: `${label(plan.label)}, ${stretchWord(found.stretches[at], dayWord)}: ${kindWord(kind)}` } : null)),
      end: t("answered in {n} of {all}", { n: number - gaps, all: number }),
      bad: gaps ? "gap" : "",
      reasons: reasonsOf(found, plan, dayWord),
    };
  });
  return [
    { key: "units", title: t("By unit"), note: t("A dot: the crew is complete. A number: how many there are."), rows: units },
    { key: "certifications", title: t("By qualification"), note: t("People on duty whose certificate is valid then."), rows: certifications },
    { key: "plans", title: t("By response plan"), note: t("Reckoned by the function that dispatches. · answered, ○ by another agency, ! without a certificate, ✕ units are missing."), rows: plans },
  ].filter((section) => section.rows.length);
}

export function kindWord(kind) {
  return {
    unanswered: t("nobody would go"),
    short: t("units would be missing"),
    uncertified: t("answered without a certificate"),
    fallback: t("answered by another agency"),
    answered: t("answered"),
  }[kind];
}

// In how many stretches some plan has no full answer.
export function gapsOf(found) {
  return found.stretches.filter((_, at) => found.plans.some((plan) => plan.answers[at] !== null && GAPS.has(found.answers[plan.answers[at]].kind))).length;
}
