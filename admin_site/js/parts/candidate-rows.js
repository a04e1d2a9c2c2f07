// The units that a dispatcher may choose from, ready to draw: the server's order, what speaks against each, and no jump under the hand.

import { matching } from "./choices.js";
import { decimal, t } from "./i18n.js";
import { passedOver, warning } from "./plan-words.js";
import { plain, statusWord } from "./words.js";

function kindWord(kind) {
  return {
    fit: t("Can go, the best first"),
    unfit: t("Free, with something against it"),
    not_free: t("Not free: only if you insist"),
    here: t("Already on this incident"),
  }[kind];
}

// Rows of the server's answer, `kind` being where one was drawn and `now` where it belongs; `names` gives words for the registry's ids.
export function rowsOf(found, names) {
  const row = (one, kind) => ({
    id: one.unit_id,
    kind,
    now: kind,
    label: one.callsign,
    agency: one.agency,
    unit: one.unit === one.callsign ? "" : one.unit,
    words: [one.unit, one.agency, names.unitOptions.find((each) => each.id === one.unit_id)?.words || "", ...one.people.map((each) => each.name)],
    crew: one.people.map((each) => each.name).join(", "),
    km: one.distance_km === null ? t("distance ?") : t("{km} km", { km: decimal(one.distance_km) }),
    doing: doing(one, names),
    since: one.here?.at || (one.leaving || one.out_of_service ? one.since : ""),
    against: [against(one, names), ...one.warnings.map((code) => warning(code, names.certifications, one.people))].filter(Boolean),
    leaves: one.leaving && kind === "not_free" ? leaves(one, names) : "",
  });
  return [
    ...found.free.map((one) => row(one, one.reason || one.leaving ? "unfit" : "fit")),
    ...found.not_free.map((one) => row(one, "not_free")),
    ...found.here.map((one) => row(one, "here")),
  ];
}

// The old list, while what the planner knows is not there; without the unit to be replaced.
export function plainRows(options, without) {
  return options.filter((one) => one.id !== without).map((one) => ({
    id: one.id, kind: one.group, now: one.group, label: one.label, agency: one.group, unit: one.hint === one.label ? "" : one.hint, words: [one.words], crew: "", km: "", doing: "", since: "", against: [], leaves: "",
  }));
}

function doing(one, names) {
  if (one.here?.status === "unable") return t("could not come: {why}", { why: names.reason(one.here.reason) });
  if (one.here) return statusWord(one.here.status);
  if (one.leaving) return [names.type(one.leaving.type), one.leaving.district && names.district(one.leaving.district), one.leaving.status && statusWord(one.leaving.status)].filter(Boolean).join(" · ");
  if (one.out_of_service) return t("out of service: {why}", { why: names.reason(one.out_of_service) });
  return one.reason === "not_available" ? t("out of service") : t("free");
}

// What its own line says already is not said twice.
function against(one, names) {
  if (!one.reason && one.leaving) return t("asked beside a silent crew, not answered yet: it may be taken from there");
  if (!one.reason || one.here) return "";
  if (one.reason === "agency_not_asked") return t("the plan does not ask {agency} for this", { agency: one.agency });
  if (one.reason === "no_crew" && one.people.length) return t("too few on duty");
  return ["busy", "not_available"].includes(one.reason) ? "" : passedOver(one.reason);
}

function leaves(one, names) {
  const what = [names.type(one.leaving.type) || plain(one.leaving.type), one.leaving.district && names.district(one.leaving.district)].filter(Boolean).join(", ");
  return t("{unit} would leave {label}: {what}", { unit: one.callsign, label: one.leaving.label, what });
}

// What was drawn keeps its place while its facts change; what is new comes last of all.
export function inPlace(drawn, fresh) {
  const now = new Map(fresh.map((row) => [row.id, row]));
  const known = new Set(drawn.map((row) => row.id));
  return [...drawn.filter((row) => now.has(row.id)).map((row) => moved(now.get(row.id), row.kind)), ...fresh.filter((row) => !known.has(row.id))];
}

// A row where it was drawn, which says so if it can no longer go as it could.
function moved(row, kind) {
  const gone = ["not_free", "here"].includes(row.now) && row.now !== kind;
  return { ...row, kind, against: gone ? [kindWord(row.now), ...row.against] : row.against };
}

// Whether it would be drawn otherwise if it were drawn anew.
export function outOfOrder(drawn, fresh) {
  const places = (rows) => rows.map((row) => `${row.id} ${row.kind}`).join();
  return places(drawn) !== places(fresh);
}

// The rows that are meant by what was typed, best first; all of them in their order if nothing was.
export function meant(rows, query) {
  return query.trim() ? matching(rows, query) : rows;
}

// Headings where the kind changes, unless something was typed: then the best match stands first, whatever its kind.
export function headed(rows, query) {
  if (query.trim()) return rows;
  return rows.flatMap((row, i) => (i && rows[i - 1].kind === row.kind ? [row] : [{ id: `kind ${row.kind}`, heading: true, label: kindWord(row.kind) || row.kind }, row]));
}

// Who is sent already is shown and cannot be chosen.
export function choosable(row) {
  return !row.heading && row.now !== "here";
}

// What is chosen unasked: the first that can go without anything against it.
export function bestOf(rows) {
  return rows.find((row) => row.now === "fit")?.id || "";
}
