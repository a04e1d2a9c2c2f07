// Lines of what is over: what stands in each, and under which day.

import { t, tn } from "./i18n.js";
import { clock, duration, localDay, when } from "./time.js";

const AGENCIES_SHOWN = 3;

// The lines with `day` where another day begins: [{...row, day, first}], by an instant of each.
export function withDays(rows, instant) {
  let last = "";
  return rows.map((row) => {
    const day = localDay(row[instant]);
    const first = day !== last;
    last = day;
    return { ...row, day, first };
  });
}

// What is there already is not there twice: something may have been opened again between two answers.
export function added(rows, more) {
  const known = new Set(rows.map((row) => row.id));
  return [...rows, ...more.filter((row) => !known.has(row.id))];
}

// From the call to the end; "" while it is open.
export function tookWord(row) {
  return row.closed_at ? duration(Date.parse(row.closed_at) - Date.parse(row.received_at)) : "";
}

export function placeWord(row) {
  return [row.landmark, row.village].filter(Boolean).join(", ");
}

// The agencies that had a crew there, by a function that names one.
export function agenciesWord(crews, name) {
  const names = [...new Set(crews.map((crew) => crew.agency_id))].map(name);
  const more = names.length - AGENCIES_SHOWN;
  return [names.slice(0, AGENCIES_SHOWN).join(" · "), more > 0 ? `+${more}` : ""].filter(Boolean).join(" ");
}

const TO_RING_BACK = new Set(["ghost", "abandoned"]);

// Whether somebody must still be rung back; one who did not pick up is rung again.
export function toRingBack(call) {
  return TO_RING_BACK.has(call.class) && !call.rung_back.some((made) => made.result !== "not_reached");
}

// What came of ringing back in a sentence; "" where nobody has and nobody need.
export function ringBackWord(call, now) {
  const last = call.rung_back.at(-1);
  if (!last) return toRingBack(call) ? t("Not rung back yet") : "";
  const told = { time: when(last.at, now), name: last.by_name || last.by };
  if (last.result === "incident") return t("Became an incident, {time}, {name}", told);
  if (last.result === "reached") return t("Reached, {time}, {name}", told);
  return tn("Not reached, {time}, {name}", "Not reached {n} times, last {time}, {name}", call.rung_back.length, told);
}

export function atWord(instant) {
  return clock(instant).slice(0, 5);
}
