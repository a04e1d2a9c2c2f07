// The board's rows: which section each stands in and in which order, what a filter leaves of them, and how many there are.

import { isAlarm, isLoud } from "./coming-words.js";
import { fold } from "./spelling.js";

// In the order in which they stand; "other": what nobody is to come to, or no crew of this reader's agency any more.
export const SECTIONS = ["now", "waiting", "coming", "scene", "aside", "other"];

const OF_STATE = { asking: "waiting", asked: "waiting", acknowledged: "coming", en_route: "coming", on_scene: "scene" };
const OF_CREW = { requested: "asked", unanswered: "asked", acknowledged: "acknowledged", en_route: "en_route", ready: "on_scene", on_scene: "on_scene" };
const FURTHEST = ["on_scene", "en_route", "acknowledged", "asked"];

// An alarm of a release that told no reason is one all the same.
export function alarmOf(row) {
  if (row.alarm) return row.alarm;
  return isAlarm(row) ? { why: row.coming.state, act: "send", urgent: true, since: row.coming.since, detail: "" } : null;
}

export function sectionOf(row) {
  if (alarmOf(row)) return "now";
  if (row.aside) return "aside";
  // An agency is not told who comes besides its own crews.
  const states = row.crews.map((crew) => OF_CREW[crew.status]);
  return OF_STATE[row.coming ? row.coming.state : FURTHEST.find((state) => states.includes(state))] || "other";
}

// Whoever the row stands in its section for is named in it, before who was only called.
export function furthestFirst(crews) {
  const known = FURTHEST.toReversed();
  const rank = (crew) => known.indexOf(OF_CREW[crew.status]);
  return [...crews].sort((a, b) => rank(b) - rank(a));
}

function byPriority(a, b) {
  return a.priority - b.priority || a.received_at.localeCompare(b.received_at) || a.id.localeCompare(b.id);
}

// A drill stands behind whatever is real.
function byNeed(a, b) {
  return a.drill - b.drill || a.priority - b.priority || alarmOf(b).urgent - alarmOf(a).urgent || byPriority(a, b);
}

const ORDER = { now: byNeed, aside: (a, b) => a.aside.until.localeCompare(b.aside.until) || byPriority(a, b) };

// Nothing is said of a drill in what counts how many people are needed.
function needed(row) {
  return sectionOf(row) === "now" && !row.drill;
}

// `words` is what a row can be found by; a search is for one row, and alone may leave out that nobody is coming.
function fits(row, { section = "", category = "", district = "", agency = "", search = "" }, words) {
  if (search && !fold(search).split(" ").every((part) => words(row).includes(part))) return false;
  if (section && sectionOf(row) !== section) return false;
  const wanted = (!category || row.category === category) && (!district || row.district === district) && (!agency || row.crews.some((crew) => crew.agency_id === agency));
  return wanted || isLoud(row);
}

// The rows that a filter leaves, by section; `hidden`: how many that need a person it left out.
export function arrange(rows, filter, words) {
  const sections = Object.fromEntries(SECTIONS.map((name) => [name, []]));
  let hidden = 0;
  for (const row of rows) {
    if (fits(row, filter, words)) sections[sectionOf(row)].push(row);
    else if (needed(row)) hidden += 1;
  }
  for (const name of SECTIONS) sections[name].sort(ORDER[name] || byPriority);
  return { sections, hidden };
}

export function counts(rows) {
  const bySection = Object.fromEntries(SECTIONS.map((name) => [name, 0]));
  const byCategory = {};
  for (const row of rows) {
    const section = sectionOf(row);
    // Drills that ask for somebody stand there too, and are not counted as needing anybody.
    if (section !== "now" || needed(row)) bySection[section] += 1;
    byCategory[row.category] = (byCategory[row.category] || 0) + 1;
  }
  return { open: rows.length, ...bySection, bySection, byCategory };
}

// What is alarmed since the last look, or is now in another way; a drill rings nobody.
export function newAlarms(before, rows) {
  return rows.filter((row) => needed(row) && before.get(row.id) !== alarmOf(row).why).map((row) => row.id);
}

export function alarmsOf(rows) {
  return new Map(rows.filter(needed).map((row) => [row.id, alarmOf(row).why]));
}

// What the auditor wrote down of who is coming is older than what `coming` says now.
const SAID_NOW = new Set(["nobody", "idle"]);

// What the desk must look at besides, but for late answers, of which the incident's page tells: [{code, detail, count}]. Needs that fall short for the same reason are one mark, since
// the board has no name for a need.
export function marks(row) {
  const found = new Map();
  for (const { code, detail } of row.attention) {
    if (code === "late_answer" || (code === "audit" && SAID_NOW.has(detail))) continue;
    const about = code === "shortfall" ? detail.split(":").at(-1) : detail;
    const mark = found.get(`${code} ${about}`) || { code, detail: about, needs: new Set() };
    found.set(`${code} ${about}`, mark);
    mark.needs.add(detail);
  }
  const large = row.large ? [{ code: "large", detail: String(row.large), count: 1 }] : [];
  return [...found.values()].map(({ code, detail, needs }) => ({ code, detail, count: needs.size })).concat(large);
}
