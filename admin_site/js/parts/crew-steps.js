// An assignment's milestones and what may be reported next.

export const STEPS = ["requested", "acknowledged", "en_route", "on_scene", "ready", "cleared"];
const FINAL = new Set(["cleared", "unable", "cancelled"]);

export function isActive(assignment) {
  return !FINAL.has(assignment.status);
}

// Forward only; steps may be skipped.
export function nextSteps(assignment) {
  if (!isActive(assignment)) return [];
  return STEPS.slice(Math.max(STEPS.indexOf(assignment.status), 0) + 1);
}

export function lastChange(assignment) {
  return Object.values(assignment.milestones).filter(Boolean).sort().at(-1) || "";
}

// Rows to draw: each step with its instant, whether it was entered late, and how long after the step before that was reported.
export function milestones(assignment) {
  let before = null;
  return STEPS.map((step) => {
    const at = assignment.milestones[step] || "";
    const afterMs = at && before ? Date.parse(at) - Date.parse(before) : null;
    if (at) before = at;
    return { step, at, afterMs, late: assignment.late_entry.includes(step) };
  });
}

// Who is still asked, on the way or there stands first: after ten that cannot come, the eleventh is the one that matters.
export function activeFirst(crews) {
  return [...crews].sort((a, b) => isActive(b) - isActive(a));
}

// The order in which the crews were called out; those of one moment have ids in no order.
export function inOrder(incident) {
  const place = new Map(incident.crews.map((crew, index) => [crew.id, index]));
  const by = (id) => place.get(id) ?? place.size;
  return {
    ...incident,
    assignments: activeFirst([...incident.assignments].sort((a, b) => by(a.id) - by(b.id))),
    pages: [...incident.pages].sort((a, b) => by(a.assignment_id) - by(b.assignment_id) || a.requested_at.localeCompare(b.requested_at) || a.name.localeCompare(b.name)),
  };
}
