// The rows of a month sheet as people read them: by crew, its chief first; and what patterns say of a person's day.

import { dayOf, textOf } from "./roster-cells.js";

const dayNumber = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / 86400000);
const holds = (each, day) => each.since <= day && day <= (each.until || "~");

// [{crew, rows}] in the order of the crews' names; without a crew last. `name` tells a person's.
export function byCrew(rows, crews, name) {
  const known = new Map(crews.map((crew) => [crew.id, crew]));
  const groups = new Map();
  for (const row of rows) {
    const id = known.has(row.crew_id) ? row.crew_id : "";
    groups.set(id, [...(groups.get(id) || []), row]);
  }
  const order = (id) => (id ? known.get(id).name : "\uffff");
  const rank = (crew, row) => {
    if (crew?.chief_id === row.person_id) return -1;
    const at = (crew?.members || []).findIndex((each) => each.person_id === row.person_id);
    return at === -1 ? Infinity : at;
  };
  return [...groups.keys()]
    .sort((a, b) => order(a).localeCompare(order(b), undefined, { numeric: true }))
    .map((id) => {
      const crew = known.get(id) || null;
      const sorted = [...groups.get(id)].sort((a, b) => order2(rank(crew, a), rank(crew, b)) || name(a.person_id).localeCompare(name(b.person_id)) || a.id.localeCompare(b.id, undefined, { numeric: true }));
      return { crew, rows: sorted };
    });
}

function order2(one, other) {
  return one === other ? 0 : one < other ? -1 : 1;
}

// What patterns say of a day: {code, unit_id, crew_id} by person, the first of several as the server has it.
export function patternOfDay(day, { patterns, crews, codes }) {
  const known = new Map(crews.map((crew) => [crew.id, crew]));
  const written = new Set(codes.map((each) => each.code));
  const found = new Map();
  for (const pattern of [...patterns].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (pattern.retired || !holds(pattern, day)) continue;
    for (const turn of pattern.crews) {
      const crew = known.get(turn.crew_id);
      const { length } = pattern.cycle;
      const code = pattern.cycle[(((dayNumber(day) - dayNumber(turn.anchor)) % length) + length) % length];
      if (!crew || crew.retired || !written.has(code)) continue;
      for (const member of crew.members) {
        if (!holds(member, day)) continue;
        const own = { code, unit_id: member.unit_id || crew.unit_id || null, crew_id: crew.id };
        found.set(member.person_id, [...(found.get(member.person_id) || []), own]);
      }
    }
  }
  return found;
}

// What patterns would write into a row's cell: that of the row's crew before that of another, a duty before a day off.
export function patternText(row, own, hours) {
  if (!own?.length) return "";
  const best = [...own].sort((a, b) => (b.crew_id === row.crew_id) - (a.crew_id === row.crew_id) || Boolean(hours(b.code)) - Boolean(hours(a.code)))[0];
  // Where somebody is off is nowhere.
  return hours(best.code) ? textOf(best, row.unit_id) : best.code;
}

// Who of an agency's crews is in no row yet, in some day of a month from `since` on: {person_id, unit_id, crew_id}.
export function missingOf(crews, rows, month, days, since) {
  const last = dayOf(month, days - 1);
  const first = since > dayOf(month, 0) ? since : dayOf(month, 0);
  const standing = new Set(rows.map((row) => row.person_id));
  const found = [];
  for (const crew of crews) {
    if (crew.retired) continue;
    for (const member of crew.members) {
      if (standing.has(member.person_id) || member.since > last || (member.until || "~") < first) continue;
      standing.add(member.person_id);
      found.push({ person_id: member.person_id, unit_id: member.unit_id || crew.unit_id || null, crew_id: crew.id });
    }
  }
  return found;
}
