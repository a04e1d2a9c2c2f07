// Figures in words: clocks, groups, why a case has none, and what a number rests on.

import { currentLanguage, decimal, t, tn, whole } from "./i18n.js";
import { clock, duration, shortDay, zoneName } from "./time.js";
import { categoryWord, terrainWord } from "./words.js";

// Of the reasons, in the order in which they stand in the table; a step that was not recorded is one, whichever it was.
export const REASONS = ["unable", "unanswered", "cancelled", "incident_cancelled", "unrecorded", "negative"];

export function clockWord(name) {
  return {
    target: t("Target clock"), answering: t("Answering"), processing: t("Processing"), handling: t("Handling"), turnout: t("Turnout"),
    travel: t("Travel"), response: t("Until arrival"), ready: t("Until ready to act (legal)"),
  }[name] || name;
}

export function spanWord(name) {
  return {
    target: t("From the call's receipt: each agency by the clock of its own target, so that the rows are never added up."),
    answering: t("From the call's receipt to the pick-up."),
    handling: t("From the call's receipt to the request of the unit."),
    turnout: t("From the request to setting out, of the first unit that arrived."),
    travel: t("From setting out to the arrival, of the first unit that arrived."),
    response: t("From the call's receipt to the arrival of the agency's first unit."),
    ready: t("From the call's receipt until the agency's first unit begins to act: the fire service's legal time."),
  }[name] || "";
}

export function byWord(by) {
  return {
    agency: t("Agency"), type: t("Incident type"), category: t("Category"), district: t("District"), priority: t("Priority"), terrain: t("Terrain"),
    unit: t("Unit"), hour: t("Hour of the day"), weekday: t("Day of the week"), month: t("Month"),
  }[by] || by;
}

export function whenWord(name) {
  return { day: t("Day, 07 to 19"), night: t("Night, 19 to 07"), working: t("Monday to Friday"), weekend: t("Saturday and Sunday") }[name] || "";
}

export function monthWord(month) {
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "id-ID", { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(`${month}-15T00:00:00Z`));
}

// 4 January 2021 was a Monday.
function weekdayWord(n) {
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "id-ID", { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2021, 0, 4 + Number(n)));
}

// What a group is called; `names` are the registry's.
export function groupWord(by, key, names) {
  if (key === "unknown") return t("not known");
  const words = {
    agency: names.agency, type: names.type, district: names.district, unit: names.unit, category: categoryWord, terrain: terrainWord, month: monthWord, weekday: weekdayWord,
    priority: (n) => t("Priority {n}", { n }), hour: (hour) => t("{from}.00 to {to}.00", { from: hour, to: String((Number(hour) + 1) % 24).padStart(2, "0") }),
  };
  return words[by](key);
}

export function time(seconds) {
  return seconds === null || seconds === undefined ? "–" : duration(seconds * 1000);
}

// {target, n, mean, p50, p90, p95, longest, share, beyond} of a group: below `few` cases no percentile and no percent.
export function groupRow(group, few) {
  const small = group.counted < few;
  const inTime = group.with_target - group.late;
  return {
    small,
    target: group.target_s ? time(group.target_s) : group.with_target ? t("several") : t("none yet"),
    n: whole(group.counted),
    mean: time(group.mean_s),
    p50: time(group.p50_s),
    p90: time(group.p90_s),
    p95: time(group.p95_s),
    longest: group.counted ? t("longest {time}", { time: time(group.longest_s) }) : "–",
    share: !group.with_target ? "–" : small ? t("{n} of {all}", { n: inTime, all: group.with_target }) : `${decimal((100 * inTime) / group.with_target)} %`,
    lateWord: group.late ? tn("{n} late", "{n} late", group.late) : "",
  };
}

// What is left out, [{reason, n}] in the table's order; several steps that were not recorded are one column.
export function leftOut(group) {
  const found = new Map(REASONS.map((reason) => [reason, 0]));
  for (const [reason, n] of Object.entries(group.left_out)) found.set(columnOf(reason), (found.get(columnOf(reason)) || 0) + n);
  return found;
}

export function columnOf(reason) {
  return reason.startsWith("no_") ? "unrecorded" : reason;
}

export function reasonWord(reason) {
  return {
    unable: t("could not come"), unanswered: t("nobody answered"), cancelled: t("called off before arrival"), incident_cancelled: t("incident cancelled"),
    unrecorded: t("time not recorded"), negative: t("times contradict"), counted: t("counted"), called: t("called"), late: t("late"), within: t("in time"),
  }[reason] || reason;
}

// "2 Des 2026 22:14" of a case, its day alone where an older release kept no hour.
export function caseTime(one) {
  return one.opened_at ? `${shortDay(one.opened_at)} ${clock(one.opened_at).slice(0, 5)}` : shortDay(`${one.day}T05:00:00Z`);
}

export function marksWord(marks) {
  return marks.map((mark) => ({ late: t("entered late"), claimed: t("time told by a person"), corrected: t("put right") })[mark] || mark).join(", ");
}

// What the figures rest on, in one line under them.
export function restWord(all, { method, gazettes_read: read }) {
  const said = [
    t("Percentiles by nearest rank; nothing long is dropped; drills are not counted."),
    all.late_entry ? tn("{n} rests on a time entered late.", "{n} rest on a time entered late.", all.late_entry) : "",
    all.claimed ? tn("{n} rests on a time that a person told.", "{n} rest on a time that a person told.", all.claimed) : "",
    all.corrected ? tn("{n} rests on a time that was put right; both stay readable.", "{n} rest on a time that was put right; both stay readable.", all.corrected) : "",
    all.amended ? tn("{n} incident was amended.", "{n} incidents were amended.", all.amended) : "",
    t("Method {n}, times in {zone}.", { n: method, zone: zoneName() }),
    read ? "" : t("The laws behind the targets are cited second-hand: nobody of the project has read the gazettes."),
  ];
  return said.filter(Boolean).join(" ");
}
