// The board's rows: order, filter, counts, and bringing a fresh answer into the rows that are shown.

export function byUrgency(a, b) {
  return a.priority - b.priority || a.received_at.localeCompare(b.received_at) || a.id.localeCompare(b.id);
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

export function filterRows(rows, { category = "", agency = "" } = {}) {
  return rows.filter(
    (row) => (!category || row.category === category) && (!agency || row.crews.some((crew) => crew.agency_id === agency)),
  );
}

export function counts(me, rows) {
  const byCategory = {};
  for (const row of rows) byCategory[row.category] = (byCategory[row.category] || 0) + 1;
  return {
    open: rows.length,
    attention: rows.filter((row) => marksFor(me, row).length).length,
    waiting: rows.filter((row) => row.crews.some((crew) => crew.status === "requested")).length,
    byCategory,
  };
}

const GONE = new Set(["cleared", "unable", "cancelled", "unanswered"]);

// What the desk must look at: [{code, detail, count}]. Needs that fall short for the same reason are one mark, since the
// board has no name for a need; an incident that nobody is coming to is one by itself.
export function marks(row) {
  const found = new Map();
  const deserted = row.status === "open" && row.crews.every((crew) => GONE.has(crew.status)) && !row.crews.some((crew) => crew.status === "cleared");
  if (deserted) found.set("no_crew", { code: "no_crew", detail: "", needs: new Set([""]) });
  for (const { code, detail } of row.attention) {
    const about = code === "shortfall" ? detail.split(":").at(-1) : detail;
    const mark = found.get(`${code} ${about}`) || { code, detail: about, needs: new Set() };
    found.set(`${code} ${about}`, mark);
    mark.needs.add(detail);
  }
  return [...found.values()].map(({ code, detail, needs }) => ({ code, detail, count: needs.size }));
}

// An agency sees its own crews alone, and cannot tell from them whether nobody is coming.
export function marksFor(me, row) {
  return marks(row).filter((mark) => mark.code !== "no_crew" || me.role !== "agency_admin");
}
