// What a draft would change in dispatch, in words: answers that differ alike are one row.

import { decimal, t, tn } from "./i18n.js";
import { passedOver } from "./plan-words.js";
import { clock, duration, localDay, nowInstant, shortDay } from "./time.js";
import { stageWord } from "./words.js";

// Worst first, as the server has them.
const KINDS = ["unanswered", "fewer", "unasked", "units", "people", "stages", "more"];
const BY_TYPE = new Set(["unanswered", "fewer"]);
const NAMED = 3;

export function sideWord({ plan_id: plan, units, missing, stages, others }) {
  if (!plan) return t("no response plan fits");
  if (stages?.length) return [units.length ? `${unitName(units[0])}: ` : "", stages.map(stageOf).join(" · ")].join("");
  const names = units.map((unit) => [unitName(unit), farWord(unit), tn("{n} person", "{n} people", unit.people)].filter(Boolean).join(", "));
  const gaps = missing.map((gap) => tn("{n} unit missing: {why}", "{n} units missing: {why}", gap.missing, { why: passedOver(gap.reason) }));
  const same = others ? [tn("{n} unit as before", "{n} units as before", others)] : [];
  return [...names, ...gaps, ...same].join("; ") || t("nobody");
}

// The distance of one district, or from the nearest to the farthest of several.
function farWord({ distance_km: far, farthest_km: farthest = far }) {
  if (far === null || farthest === null) return "";
  return t("{km} km", { km: far === farthest ? decimal(far) : `${decimal(far)}–${decimal(farthest)}` });
}

const unitName = (unit) => unit.callsign || unit.agency;

// "+3:00 on call, 2 people"; a stage that would page nobody is named with the one that follows it.
function stageOf({ after_s: after, to, people, skipped }) {
  const whom = to === "desk" ? t("the desk is told to ring") : [stageWord(to), people === undefined ? "" : tn("{n} person", "{n} people", people)].filter(Boolean).join(", ");
  const empty = skipped.length ? ` (${t("nobody as: {stages}", { stages: skipped.map(stageWord).join(", ") })})` : "";
  return `+${duration(after * 1000)} ${whom}${empty}`;
}

export function kindWord(kind) {
  return {
    unanswered: t("✕ no answer:"), fewer: t("✕ fewer units:"), unasked: t("▲ fewer are asked after silence:"), units: t("other units:"), people: t("other people:"),
    stages: t("others, or at other times, are asked after silence:"), more: t("more units:"),
  }[kind] || "";
}

function momentWord({ at, today }, now) {
  const time = clock(at).slice(0, 5);
  if (today) return t("from {day} on, with the duty of {time}", { day: shortDay(`${today}T00:00:00Z`), time });
  return localDay(at) === localDay(now) ? time : t("{day}, {time}", { day: shortDay(at), time });
}

// Of all that were tried today as one word; `times` by their word, whether one is of another day.
function timesWord(times, moments) {
  const now = [...times].filter(([, later]) => !later).map(([word]) => word);
  const later = [...times].filter(([, each]) => each).map(([word]) => word);
  return [...(moments > 1 && now.length === moments ? [t("every duty")] : now), ...later].join(" · ");
}

// Several names as one word: the first of them, and how many more.
function listed(names) {
  const all = [...new Set(names)];
  const left = all.length - NAMED;
  return left > 1 ? t("{names} and {n} more", { names: all.slice(0, NAMED).join(", "), n: left }) : all.join(", ");
}

const sameUnit = (one) => (other) => unitName(one) === unitName(other) && one.people === other.people && one.distance_km === other.distance_km;

const asked = (side) => side.stages.map(({ to, people }) => `${to}${people}`).join();
const timesAlone = (side) => ({ ...side, units: [], stages: side.stages.map(({ after_s, to }) => ({ after_s, to, skipped: [] })) });

// Both sides without the units that go either way, which are counted; where the same are asked at other times, the times alone.
function differing(before, after) {
  if (before.stages?.length && asked(before) === asked(after)) return [timesAlone(before), timesAlone(after)];
  const stay = before.units.filter((unit) => after.units.some(sameUnit(unit)));
  const left = (side) => ({ ...side, units: side.units.filter((unit) => !stay.some(sameUnit(unit))), others: stay.length });
  const told = [left(before), left(after)];
  return before.stages?.length || !told.some((side) => side.units.length) ? [before, after] : told;
}

// The same units of several districts as one side, with the nearest and the farthest.
function spread(sides) {
  const first = { ...sides[0], others: sides.every((side) => side.others === sides[0].others) ? sides[0].others : 0 };
  const units = first.units.map((unit, n) => {
    const all = sides.map((side) => side.units[n].distance_km);
    const known = all.every((km) => km !== null);
    return { ...unit, distance_km: known ? Math.min(...all) : null, farthest_km: known ? Math.max(...all) : null };
  });
  return sideWord({ ...first, units });
}

const nowhere = (side) => sideWord({ ...side, others: 0, units: side.units.map((unit) => ({ ...unit, distance_km: null })) });

// Answers that differ alike at several times and in several districts are one row, and for several types where somebody still comes.
// `moments` is how many times of day were tried.
export function effectRows(rows, name, now = nowInstant(), moments = 0) {
  const found = new Map();
  for (const row of rows) {
    const [before, after] = differing(row.before, row.after);
    const key = [row.kind, BY_TYPE.has(row.kind) ? `${row.plan_id}|${row.type}` : "", nowhere(before), nowhere(after)].join("|");
    if (!found.has(key)) found.set(key, { key, kind: row.kind, before: [], after: [], types: [], districts: [], times: new Map() });
    const kept = found.get(key);
    kept.before.push(before);
    kept.after.push(after);
    kept.types.push(name("incident-types", row.type));
    kept.districts.push(name("districts", row.district));
    kept.times.set(momentWord(row, now), Boolean(row.today));
  }
  const sorted = [...found.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return sorted.map(({ types, districts, times, before, after, ...row }) => ({
    ...row, before: spread(before), after: spread(after), what: listed(types), where: listed(districts), when: timesWord(times, moments), word: kindWord(row.kind), tone: toneOf(row.kind),
  }));
}

// Red is for what nobody, or too few, would come to; amber for whoever is not asked any more.
function toneOf(kind) {
  return { unanswered: "k-why", fewer: "k-why", unasked: "k-soon" }[kind] || "";
}

const same = (row) => [row.plan_id, row.type, row.district, row.at, row.today].join("|");

// What a district's answer adds to what is known: the first question's scenes come again with their districts.
export function merged(effect, answer) {
  const rows = new Map(effect.rows.map((row) => [same(row), row]));
  for (const row of answer.rows) rows.set(same(row), row);
  return { ...effect, rows: [...rows.values()], scenes: (effect.districts ? effect.scenes : 0) + answer.scenes, districts: effect.districts + 1 };
}
