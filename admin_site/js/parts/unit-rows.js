// The units that are out of service, and those that are free to be taken out of it.

function isOut(state) {
  return state.primary === "NotAvailable" && !state.assignment_id && !state.incident_id;
}

// Rows to draw, the longest out first. The server keeps the state of units that were retired since; `units` says which are in use.
export function outOfService(states, units) {
  return states
    .filter((state) => isOut(state) && units.has(state.unit_id) && !units.get(state.unit_id).retired)
    .map(({ unit_id, agency_id, reason, since }) => ({ id: unit_id, agency_id, reason, since }))
    .sort((a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id));
}

// A unit that was never sent anywhere has no state yet, and is free.
export function freeUnits(options, states) {
  const taken = new Set(states.filter((state) => state.primary === "NotAvailable" || state.assignment_id).map((state) => state.unit_id));
  return options.filter((option) => !taken.has(option.id));
}

export function withState(states, fresh) {
  return [...states.filter((state) => state.unit_id !== fresh.unit_id), fresh];
}
