// What a role sees on these pages. The server decides; this only hides what it would refuse.

const DESK_ROLES = new Set(["operator", "supervisor", "admin"]);

export function mayCommand(me) {
  return DESK_ROLES.has(me.role);
}

const SUPERVISORS = new Set(["supervisor", "admin"]);

export function maySupervise(me) {
  return SUPERVISORS.has(me.role);
}

// Who carries a person's request out.
export function mayAskForData(me) {
  return me.role === "admin";
}

// Who may enter what a crew said by radio or phone.
export function mayReport(me, assignment) {
  return mayCommand(me) || (me.role === "agency_admin" && me.agency_id === assignment.agency_id);
}

// Who may take units out of service and put them back: an agency's admin only those of the agency.
export function mayChangeUnits(me) {
  return mayReport(me, me);
}

// Who starts and ends paging drills: an agency's admin only those of the agency.
export function mayDrill(me) {
  return ["supervisor", "admin", "agency_admin"].includes(me.role);
}

// The one agency whose drills somebody may start, "" for any.
export function drilledAgency(me) {
  return me.role === "agency_admin" ? me.agency_id : "";
}

// Where to go after sign-in: a page of this site, nothing else.
export function safeReturn(path, fallback = "/index.html") {
  return typeof path === "string" && /^\/[a-zA-Z0-9]/.test(path) && !/[\\\s]/.test(path) ? path : fallback;
}

// Who lists the calls that opened no incident.
export function mayListCalls(me) {
  return mayCommand(me) || me.role === "auditor";
}

// Who may look at the registry, and who keeps which of its nouns: an agency's admin those of the agency. Accounts have a page of their own.
export function mayReadRegistry(me) {
  return me.role !== "operator";
}

const AGENCY_NOUNS = new Set(["stations", "units", "personnel"]);

export function mayKeep(me, noun) {
  return me.role === "agency_admin" ? AGENCY_NOUNS.has(noun) : me.role === "admin" && noun !== "accounts";
}

export function mayReadNoun(me, noun) {
  return noun !== "accounts" || ["admin", "auditor"].includes(me.role);
}

// Who fills in and publishes an agency's month sheet.
export function mayKeepSheet(me, agency) {
  return me.role === "admin" || (me.role === "agency_admin" && me.agency_id === agency);
}
