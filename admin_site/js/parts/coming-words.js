// Who is coming to an incident, in words: what stands on the board, at the desk and at the incident. The server says which
// state it is; null where this reader may not know it, or nobody is to come.

import { t } from "./i18n.js";
import { when } from "./time.js";
import { incidentStatusWord } from "./words.js";

export function isAlarm(incident) {
  return Boolean(incident.coming?.alarm);
}

// What outshouts everything: nobody is asked, on the way or there. A drill says it in its own colour, and never above a real one.
export function isLoud(incident) {
  return isAlarm(incident) && !incident.drill;
}

export function alarmWord({ coming }) {
  return {
    unsent: t("No SMS has left"),
    unreached: t("Nobody was reached"),
    unanswered: t("Nobody has answered"),
    done: t("Nobody is there any more"),
  }[coming.state] || t("Nobody is coming");
}

export function alarmHint({ coming }) {
  return {
    unsent: t("For a minute no SMS could be sent: ring the crews."),
    unreached: t("No SMS got through to anybody: ring the crews."),
    unanswered: t("All were asked, and the search is over: ring the crews."),
    done: t("Every crew is done: close the incident, or send again."),
    gone: t("Every crew is unable or called off: send another, or ring an agency."),
    nobody: t("No unit was found: send one, or ring an agency."),
  }[coming.state] || "";
}

// What came of a call that was sent, whatever was answered to its sending: {tone, title}.
export function outcome(incident) {
  if (incident.status !== "open") return { tone: "ended", title: t("The incident is over: {status}", { status: incidentStatusWord(incident.status) }) };
  if (incident.aside && !isAlarm(incident)) return { tone: "waiting", title: t("It is set aside until {time}", { time: when(incident.aside.until) }) };
  if (isAlarm(incident)) return { tone: "alarm", title: incident.coming.state === "nobody" ? t("Nobody was found") : alarmWord(incident) };
  return {
    asking: { tone: "waiting", title: t("The SMS are being sent…") },
    asked: { tone: "asked", title: t("Help is being called") },
    acknowledged: { tone: "coming", title: t("A crew has answered: it is coming") },
    en_route: { tone: "coming", title: t("A crew is on its way") },
    on_scene: { tone: "coming", title: t("A crew is there") },
  }[incident.coming?.state] || { tone: "waiting", title: t("It is not known whether anybody is coming") };
}

// The crews that nobody has reached: somebody must ring them. The unanswered have a mark of their own.
export function crewsToRing(incident) {
  if (!["unsent", "unreached"].includes(incident.coming?.state)) return [];
  return incident.crews.filter((crew) => crew.status === "requested").map((crew) => ({ code: "unreached", detail: crew.id, count: 1 }));
}

// Whom to ring when there is no crew to ring: the agencies whose units were looked at or sent, else all that there are.
export function agenciesToRing(incident, registry) {
  if (!isAlarm(incident) || ["unsent", "unreached", "unanswered", "done"].includes(incident.coming.state)) return [];
  const looked = incident.timeline.filter((event) => event.type === "DispatchShortfall").flatMap((event) => event.data.considered || []);
  const concerned = new Set([...looked, ...incident.crews].map((one) => one.agency_id));
  const all = registry.agencyList.filter((agency) => agency.phone);
  const found = all.filter((agency) => concerned.has(agency.id));
  return (found.length ? found : all).map((agency) => ({ id: agency.id, href: `tel:${agency.phone}`, text: `${agency.short_name} ${agency.phone}` }));
}
