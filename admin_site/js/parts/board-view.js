// A row of the board in words: plain values, which are drawn again only where they differ.

import { asideWhy, asideWord } from "./aside-words.js";
import { alarmOf, furthestFirst, marks } from "./board-rows.js";
import { activeFirst, isActive } from "./crew-steps.js";
import { t } from "./i18n.js";
import { markDetail } from "./plan-words.js";
import { fold } from "./spelling.js";
import { clock, nowInstant, when } from "./time.js";
import { attentionWord, beingOrderedWord, statusWord } from "./words.js";

const CREWS_SHOWN = 2;
// What is to be looked at again so soon is amber.
const SOON_MS = 10 * 60_000;

export function whyWord(why) {
  return {
    gone: t("No crew"),
    done: t("No crew any more"),
    unanswered: t("Not answered"),
    unreached: t("Nobody reached"),
    unsent: t("No SMS has left"),
    review: t("Review is due"),
    unit_free: t("Unit is free"),
    no_acknowledgement: t("Not answered"),
    reply: t("SMS to read"),
    reply_unread: t("SMS to read"),
    page_failed: t("SMS failed"),
    page_expired: t("SMS expired unsent"),
    no_movement: t("No news"),
    late_answer: t("Answered late"),
    shortfall: t("Crew missing"),
    audit: t("Please check"),
  }[why] || t("No crew");
}

// What the button says, and what the incident's page is to open.
export function actOf({ why, act, detail }, row) {
  if (why === "no_movement") return { word: t("Ask {crew}", { crew: callsign(row, detail) }), ask: "call" };
  return {
    close: { word: t("Close or send…"), ask: "" },
    ring: { word: t("Ring them…"), ask: "call" },
    read: { word: t("Read it"), ask: "reading" },
    review: { word: t("Review it"), ask: "review" },
    look: { word: t("Look"), ask: "" },
  }[act] || { word: t("Send a unit…"), ask: "unit" };
}

function callsign(row, assignment) {
  return row.crews.find((crew) => crew.id === assignment)?.callsign || "";
}

function callsigns(row, ...statuses) {
  return row.crews.filter((crew) => statuses.includes(crew.status)).map((crew) => crew.callsign).join(", ");
}

// Why there is nobody, of what was tried last; `names` as the board has them, ids where the registry is not known.
function tried(row, names) {
  const gone = [...row.crews].filter((crew) => ["unable", "cancelled"].includes(crew.status)).sort((a, b) => b.at.localeCompare(a.at));
  if (gone.length) {
    const [last] = gone;
    const why = last.reason ? `${last.callsign}: ${names.reason(last.reason)}` : t("{crew} called off", { crew: last.callsign });
    return gone.length > 1 ? t("{why} · {n} crews in all", { why, n: gone.length }) : why;
  }
  const short = marks(row).find((mark) => mark.code === "shortfall");
  return short ? markDetail(short, row.crews) : t("no unit was found");
}

export function reason(row, names) {
  const { why, detail } = alarmOf(row);
  const crew = callsign(row, detail);
  const since = (status) => clock(row.crews.find((one) => one.id === detail && (!status || one.status === status))?.at).slice(0, 5);
  switch (why) {
    case "done":
      return t("every crew is done: {crews}", { crews: callsigns(row, "cleared", "unable", "cancelled") });
    case "unanswered":
      return t("{crews}: the search has ended without an answer", { crews: callsigns(row, "unanswered") });
    case "unreached":
      return t("{crews}: no SMS got through", { crews: callsigns(row, "requested") });
    case "unsent":
      return t("{crews}: no SMS has left for a minute", { crews: callsigns(row, "requested") });
    case "review":
      return row.aside ? asideWord(row.aside, names.awaited(row.aside)) : "";
    case "unit_free":
      return row.aside ? t("{unit} could be sent; set aside until {time}", { unit: names.unit(detail), time: when(row.aside.until) }) : names.unit(detail);
    case "no_movement":
      return since() ? t("{crew}: no word since {time}", { crew, time: since() }) : crew;
    case "late_answer":
      return t("{crew}: somebody who is not needed may be coming", { crew });
    case "no_acknowledgement":
    case "reply":
    case "reply_unread":
    case "page_failed":
    case "page_expired":
      return crew;
    case "shortfall":
    case "audit":
      return markDetail({ code: why, detail: detail.split(":").at(-1), count: 1 }, row.crews);
    default:
      return tried(row, names);
  }
}

// What stands besides the crews in a row that needs nobody now: units on order, and marks that wait.
function besides(row) {
  const kept = marks(row).map((mark) => [attentionWord(mark), markDetail(mark, row.crews)].filter(Boolean).join(": "));
  return [beingOrderedWord(row), ...(row.aside ? [] : kept)].filter(Boolean).join(" · ");
}

function common(row, names) {
  return {
    id: row.id,
    priority: row.priority,
    drill: row.drill,
    type: names.type(row.type),
    label: row.label,
    level: row.level > 1 ? t("Alarm {level}", { level: row.level }) : "",
    calls: row.calls > 1 ? t("{n} calls", { n: row.calls }) : "",
    district: names.district(row.district),
    place: [row.landmark, row.village].filter(Boolean).join(", "),
    narrative: row.narrative,
    received: row.received_at,
    href: `incident.html?id=${encodeURIComponent(row.id)}`,
  };
}

export function alarmedView(row, names, mayCommand) {
  const { urgent, since } = alarmOf(row);
  const act = actOf(alarmOf(row), row);
  const shared = common(row, names);
  return {
    ...shared,
    mark: whyWord(alarmOf(row).why),
    why: reason(row, names),
    since,
    urgent,
    act: mayCommand ? act.word : "",
    actHref: act.ask ? `${shared.href}&ask=${act.ask}` : shared.href,
  };
}

export function compactView(row, names, now = nowInstant()) {
  const shown = row.aside ? [] : furthestFirst(activeFirst(row.crews));
  const left = row.aside ? Date.parse(row.aside.until) - Date.parse(now) : 0;
  return {
    ...common(row, names),
    crews: shown.slice(0, CREWS_SHOWN).map((crew) => ({ callsign: crew.callsign, status: crew.status, word: statusWord(crew.status), at: isActive(crew) ? crew.at : "" })),
    more: shown.length > CREWS_SHOWN ? `+${shown.length - CREWS_SHOWN}` : "",
    besides: besides(row),
    soon: Boolean(row.aside) && left < SOON_MS,
    review: row.aside ? t("review {time}", { time: when(row.aside.until, now) }) : "",
    until: row.aside && left < SOON_MS ? row.aside.until : "",
    waits: row.aside ? asideWhy(row.aside, names.awaited(row.aside)) : "",
  };
}

// What a row is found by: place, type, code on the radio, units.
export function searchWords(row, names) {
  return fold([names.type(row.type), row.label, names.district(row.district), row.village, row.landmark, row.narrative, ...row.crews.map((crew) => crew.callsign), row.aside ? names.awaited(row.aside) : ""].join(" "));
}
