// The board's rows: order, filter, counts, and bringing a fresh answer into the rows that are shown.

import { isAlarm, isLoud } from "./coming-words.js";

// What nobody is coming to stands above everything else.
export function byUrgency(a, b) {
  return isLoud(b) - isLoud(a) || a.priority - b.priority || a.received_at.localeCompare(b.received_at) || a.id.localeCompare(b.id);
}

// Objects of incidents that stay are kept and changed in place, so that what is drawn from them stays too.
export function mergeRows(shown, fresh) {
  const kept = new Map(shown.map((row) => [row.id, row]));
  return [...fresh].sort(byUrgency).map((incident) => {
    const row = kept.get(incident.id);
    if (!row) return { ...incident };
    for (const [name, value] of Object.entries(incident)) {
      if (JSON.stringify(row[name]) !== JSON.stringify(value)) row[name] = value;
    }
    return row;
  });
}

export function newIds(shown, fresh) {
  const known = new Set(shown.map((row) => row.id));
  return fresh.map((row) => row.id).filter((id) => !known.has(id));
}

// No filter hides that nobody is coming.
export function filterRows(rows, { category = "", agency = "" } = {}) {
  return rows.filter(
    (row) => isLoud(row) || ((!category || row.category === category) && (!agency || row.crews.some((crew) => crew.agency_id === agency))),
  );
}

export function counts(rows) {
  const byCategory = {};
  for (const row of rows) byCategory[row.category] = (byCategory[row.category] || 0) + 1;
  return {
    open: rows.length,
    loud: rows.filter(isLoud).length,
    attention: rows.filter((row) => !isLoud(row) && (isAlarm(row) || marks(row).length)).length,
    waiting: rows.filter((row) => row.crews.some((crew) => crew.status === "requested")).length,
    byCategory,
  };
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
