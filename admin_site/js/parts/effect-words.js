// What a draft would change in dispatch, in words: answers that differ alike are one row.

import { decimal, t, tn } from "./i18n.js";
import { passedOver } from "./plan-words.js";
import { clock, duration, localDay, nowInstant, shortDay } from "./time.js";
import { stageWord } from "./words.js";

// Worst first, as the server has them.
const KINDS = ["unanswered", "fewer", "unasked", "units", "people", "stages", "more"];
const STAGES = new Set(["unasked", "stages"]);
const NAMED = 3;

export function sideWord({ plan_id: plan, units, missing, stages }) {
  if (!plan) return t("no response plan fits");
  if (stages?.length) return `${unitName(units[0])}: ${stages.map(stageOf).join(" · ")}`;
  const names = units.map((unit) => [unitName(unit), unit.distance_km === null ? "" : t("{km} km", { km: decimal(unit.distance_km) }), tn("{n} person", "{n} people", unit.people)].filter(Boolean).join(", "));
  const gaps = missing.map((gap) => tn("{n} unit missing: {why}", "{n} units missing: {why}", gap.missing, { why: passedOver(gap.reason) }));
  return [...names, ...gaps].join("; ") || t("nobody");
}

const unitName = (unit) => unit.callsign || unit.agency;

// "+3:00 on call, 2 people"; a stage that would page nobody is named with the one that follows it.
function stageOf({ after_s: after, to, people, skipped }) {
  const whom = to === "desk" ? t("the desk is told to ring") : `${stageWord(to)}, ${tn("{n} person", "{n} people", people)}`;
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

// Several names as one word: the first of them, and how many more.
function listed(names) {
  const all = [...new Set(names)];
  const left = all.length - NAMED;
  return left > 1 ? t("{names} and {n} more", { names: all.slice(0, NAMED).join(", "), n: left }) : all.join(", ");
}

// Answers that differ alike at several times and in several districts are one row; who is asked after silence, also for several types.
export function effectRows(rows, name, now = nowInstant()) {
  const found = new Map();
  for (const row of rows) {
    const [before, after] = [sideWord(row.before), sideWord(row.after)];
    const key = [row.kind, STAGES.has(row.kind) ? "" : `${row.plan_id}|${row.type}`, before, after].join("|");
    if (!found.has(key)) found.set(key, { key, kind: row.kind, before, after, types: [], districts: [], times: new Set() });
    const kept = found.get(key);
    kept.types.push(name("incident-types", row.type));
    kept.districts.push(name("districts", row.district));
    kept.times.add(momentWord(row, now));
  }
  const sorted = [...found.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return sorted.map(({ types, districts, times, ...row }) => ({
    ...row, what: listed(types), where: listed(districts), when: [...times].join(" · "), word: kindWord(row.kind), tone: toneOf(row.kind),
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
