// Why the response plan picks a unit, passes one over, or falls short, in plain words.

import { label, t, tn } from "./i18n.js";
import { clock } from "./time.js";
import { findingWord, plain, statusWord } from "./words.js";

export function pickReason(code) {
  return {
    nearest_fit: t("nearest unit that fits"),
    next_nearest_fit: t("nearer units cannot go"),
    nearest_stationed: t("nearest crew at its station; a nearer one is on call"),
    on_call: t("its crew is on call"),
    fallback_agency: t("the first agency of the plan had none free"),
    dispatcher: t("chosen by the dispatcher"),
    taken: t("had not answered at another incident"),
    place_unknown: t("without distance, the place is not known"),
  }[code] || plain(code);
}

// Why a unit was sent: beside whose silence, and what the plan found.
export function sentFor(crew, assignments) {
  const silent = assignments.find((one) => one.id === crew.beside)?.callsign;
  const beside = silent ? t("sent beside, because {crew} is silent", { crew: silent }) : t("sent beside a silent crew");
  const reasons = crew.picked_for.filter((code) => !code.includes(":")).map(pickReason);
  return [...(crew.because === "silence" ? [beside] : []), ...reasons].join(", ");
}

// "certification_expired:water_rescue:siti"
export function warning(code, certifications = [], people = []) {
  const [kind, certification, person] = code.split(":");
  const held = label(certifications.find((one) => one.id === certification)?.label) || plain(certification);
  const name = people.find((one) => one.id === person)?.name || plain(person);
  if (kind === "certification_expired") return t("{name}: certificate {certification} has expired", { name, certification: held });
  if (kind === "certification_missing") return t("certificate {certification} is missing", { certification: held });
  return plain(code.replace(/:/g, " "));
}

// Also why a need as a whole falls short: the reason all its units share, or one of its own.
export function passedOver(code) {
  return {
    busy: t("busy elsewhere"),
    not_available: t("not available"),
    no_crew: t("no crew on duty"),
    wrong_terrain: t("not for this terrain"),
    lacks_capability: t("not equipped for this"),
    certification_blocked: t("certificate missing or expired"),
    already_sent: t("already on this incident"),
    no_fit_unit: t("no unit that fits is free"),
    no_unit: t("no agency of the plan has a unit"),
    no_plan: t("no response plan fits"),
    too_many_units: t("the incident has as many units as it can take"),
    not_in_plan: t("the plan does not say who else could go"),
  }[code] || plain(code);
}

// `agency` turns an agency's id into its name: those whose units were looked at.
export function shortfall(one, agency) {
  const agencies = [...new Set(one.considered.map((unit) => agency(unit.agency_id)))].join(", ");
  const why = passedOver(one.reason);
  if (!agencies) return tn("{n} unit missing: {why}", "{n} units missing: {why}", one.missing, { why });
  return tn("{n} unit missing ({agencies}): {why}", "{n} units missing ({agencies}): {why}", one.missing, { agencies, why });
}

// What a mark of the board is about: why a need falls short, or the crew whose message failed.
export function markDetail(mark, crews) {
  if (mark.code === "audit") return findingWord(mark.detail);
  if (mark.code === "large") return t("{n} events", { n: mark.detail });
  const about = mark.code === "shortfall" ? passedOver(mark.detail) : crews.find((crew) => crew.id === mark.detail)?.callsign || "";
  return mark.count > 1 ? `${about} ×${mark.count}` : about;
}

// The SMS of a mark that somebody must read: what stands there, who sent it, and the step that the desk may record for it.
export function repliesOf(mark, incident, reasonWord) {
  if (mark.code !== "reply") return [];
  return incident.attention.filter((one) => one.code === "reply" && one.detail === mark.detail).map((one) => {
    const note = incident.notes.find((each) => each.id === one.note);
    const status = [statusWord(one.proposal), one.reason && reasonWord(one.reason)].filter(Boolean).join(", ");
    return {
      ...one,
      text: one.counted ? t("More SMS than are kept; the last stands on the board. Ring the crew.") : note ? `“${note.text || t("(no text)")}” ${note.by_name || note.number}` : "",
      said: saidAt(one, incident),
      accept: one.proposal && (one.proposal !== "unable" || one.reason) ? t("Record: {status}", { status }) : "",
    };
  });
}

// When an SMS was received; null where a later step is known by now, which it must not contradict.
function saidAt(mark, incident) {
  const crew = incident.assignments.find((one) => one.id === mark.detail);
  const latest = Object.values(crew?.milestones || {}).sort().at(-1) || "";
  const said = mark.said_at || mark.at;
  return said >= latest ? said : null;
}

// Whom to ring when nobody of a crew has answered or been heard of for long, or too many SMS came: everybody who was paged, then the agency itself.
export function numbersToCall(mark, incident, registry) {
  const flooded = mark.code === "reply" && incident.attention.some((one) => one.counted && one.detail === mark.detail);
  if (!flooded && !["no_acknowledgement", "no_movement", "unreached"].includes(mark.code)) return [];
  const crew = incident.crews.find((one) => one.id === mark.detail);
  const paged = incident.pages.filter((page) => page.assignment_id === mark.detail && page.kind === "page");
  const people = paged.map((page) => ({ name: page.name, number: page.number, person: page.person_id }));
  const agency = crew ? [{ name: registry.agency(crew.agency_id), number: registry.agencyPhone(crew.agency_id), person: "" }] : [];
  const byNumber = new Map([...agency, ...people].filter((one) => one.number).map((one) => [one.number, one]));
  const inOrder = [...people, ...agency].filter((one) => byNumber.get(one.number) === one);
  return inOrder.map((one) => ({ ...one, crew: mark.detail, href: `tel:${one.number}`, text: `${one.name} ${one.number}`, vain: rungInVain(one.person, mark, incident) }));
}

// How often somebody was rung in vain, and when last: "×2, 02:16".
function rungInVain(person, mark, incident) {
  const crew = incident.assignments.find((one) => one.id === mark.detail);
  const rung = (crew?.rung || []).filter((one) => one.person === person);
  if (!rung.length) return "";
  const n = rung.reduce((sum, one) => sum + one.times, 0);
  const last = rung.map((one) => one.last_at).sort().at(-1);
  return t("not picked up ×{n}, {time}", { n, time: clock(last) });
}
