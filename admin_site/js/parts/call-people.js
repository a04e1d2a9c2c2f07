// Whom to ring now for a crew that does not answer: one person at a time, by what the incident's state says of who was rung already.

import { isActive, lastChange } from "./crew-steps.js";
import { t } from "./i18n.js";
import { numbersToCall } from "./plan-words.js";
import { clock } from "./time.js";
import { stageWord, statusWord } from "./words.js";

export const CALLS = ["no_acknowledgement", "no_movement", "unreached"];
const SHOWN_ALL = 6;
const SHOWN_AROUND = 2;

// The crews to ring, each once: {code, crew: its assignment}, in the order of their marks.
export function crewsToCall(marks, incident) {
  const found = new Map();
  for (const mark of marks) {
    const crew = calls(mark, incident) && incident.assignments.find((one) => one.id === mark.detail && isActive(one));
    if (crew && !found.has(crew.id)) found.set(crew.id, { code: mark.code, crew });
  }
  return [...found.values()];
}

// A mark that says whom to ring; of replies only those that are more than are kept.
function calls(mark, incident) {
  return CALLS.includes(mark.code) || (mark.code === "reply" && incident.attention.some((one) => one.counted && one.detail === mark.detail));
}

// Everybody to ring for a crew in their order: name, number, role, how often rung in vain, when last and by whom.
export function peopleToCall({ code, crew }, incident, registry) {
  return numbersToCall({ code, detail: crew.id }, incident, registry).map((who, i) => {
    const rung = (crew.rung || []).filter((one) => one.person === who.person);
    const last = rung.toSorted((a, b) => a.last_at.localeCompare(b.last_at)).at(-1);
    return {
      key: who.person || "agency",
      at: i + 1,
      person: who.person,
      name: who.name,
      // An end of a number is for whoever may not ring it.
      number: who.number.startsWith("+") ? dialled(who.number) : "",
      href: who.href,
      role: roleOf(who.person, crew, incident),
      times: rung.reduce((sum, one) => sum + one.times, 0),
      rung: last ? rungWord(rung, last, incident) : "",
    };
  });
}

// As it is dialled here, in groups that can be read aloud: 0811-0007-007.
function dialled(number) {
  return number.startsWith("+62") ? `0${number.slice(3)}`.match(/.{1,4}/g).join("-") : number;
}

function rungWord(rung, last, incident) {
  const times = rung.reduce((sum, one) => sum + one.times, 0);
  const by = incident.timeline.find((event) => event.actor === last.by)?.actor_name;
  const said = times > 1 ? t("not picked up ×{n}, {time}", { n: times, time: clock(last.last_at) }) : t("not picked up {time}", { time: clock(last.last_at) });
  return [said, by].filter(Boolean).join(" · ");
}

function roleOf(person, crew, incident) {
  if (!person) return t("the agency's number");
  if (crew.people.includes(person)) return crew.callsign;
  const stages = incident.timeline.filter((event) => event.type === "AssignmentEscalated" && event.data.assignment === crew.id && event.data.people?.includes(person));
  return stages.length ? stageWord(stages.at(-1).data.to) : "";
}

// Who is next: the first of those who were rung least often, so that after the last the round begins again.
export function nextToCall(people) {
  const least = Math.min(...people.map((one) => one.times));
  return people.find((one) => one.times === least);
}

// Those around the one who is rung; the others fold away where there are many.
export function around(people, current) {
  if (people.length <= SHOWN_ALL) return { shown: people, folded: [] };
  const shown = people.filter((one) => Math.abs(one.at - current.at) <= SHOWN_AROUND);
  return { shown, folded: people.filter((one) => !shown.includes(one)) };
}

// What to say, from the incident: "112. House fire at Gang Melati, Baamang. Damkar 1 has not answered. Can you go?"
export function lineToSay({ code, crew }, incident, registry) {
  const place = [incident.landmark, incident.village, incident.district && registry.district(incident.district)].filter(Boolean).join(", ");
  const about = { type: registry.type(incident.type), place: place || t("a place that is not known yet"), crew: crew.callsign };
  if (code === "reply") return t("“112. {type}, {place}. More SMS of {crew} came than we can read. What do you report?”", about);
  return code === "no_movement"
    ? t("“112. {type}, {place}. There is no news of {crew}. How far are you?”", about)
    : t("“112. {type}, {place}. {crew} has not answered. Can you go?”", about);
}

export function titleOf({ code, crew }) {
  if (code === "unreached") return t("No SMS has reached {crew}: call now", { crew: crew.callsign });
  if (code === "reply") return t("Too many SMS of {crew}: call now", { crew: crew.callsign });
  return code === "no_movement" ? t("No news of {crew}: call now", { crew: crew.callsign }) : t("{crew} does not answer the SMS: call now", { crew: crew.callsign });
}

// What else was sent for the same meanwhile: asked beside the silent crew, or sent by the desk for its need.
export function sentBeside(crew, incident) {
  const asked = crew.milestones.requested || "";
  const later = (one) => one.need_id === crew.need_id && one.level === crew.level && (one.milestones.requested || "") > asked;
  return incident.assignments.filter((one) => one.id !== crew.id && isActive(one) && (one.beside === crew.id || later(one))).map((one) => {
    const about = { unit: one.callsign, time: clock(one.milestones.requested), crew: crew.callsign };
    return {
      id: one.id,
      text: one.beside === crew.id ? t("Meanwhile {unit} is sent beside it, {time}, because {crew} is silent:", about) : t("Meanwhile {unit} is sent, {time}:", about),
      status: one.status,
      word: statusWord(one.status),
      since: lastChange(one),
      people: [...new Set(incident.pages.filter((page) => page.assignment_id === one.id && page.kind === "page").map((page) => page.name))].join(", "),
    };
  });
}
