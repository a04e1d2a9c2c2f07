// Instants are UTC texts; people read them in the regency's zone.

import { currentLanguage, t } from "./i18n.js";

const HOUR_MS = 3600 * 1000;
let offsetMs = 7 * HOUR_MS;
let skewMs = 0;

export function setZone(utcOffsetHours) {
  offsetMs = utcOffsetHours * HOUR_MS;
}

export function zoneName() {
  const hours = offsetMs / HOUR_MS;
  return { 7: "WIB", 8: "WITA", 9: "WIT" }[hours] || `UTC${hours < 0 ? "" : "+"}${hours}`;
}

// The server's clock stands in every record; only a browser that is clearly wrong is corrected, because the HTTP date that
// tells us has whole seconds.
export function learnServerTime(httpDate, sentMs, receivedMs) {
  const server = Date.parse(httpDate || "");
  if (Number.isNaN(server)) return;
  const skew = server + 500 - (sentMs + receivedMs) / 2;
  skewMs = Math.abs(skew) > 2000 ? skew : 0;
}

export function nowMs() {
  return Date.now() + skewMs;
}

export function nowInstant() {
  return new Date(nowMs()).toISOString();
}

const two = (n) => String(n).padStart(2, "0");

// "0:09", "12:05", "1:02:05", "2 d 03:12"
export function duration(ms) {
  const total = Math.max(0, Math.floor(ms / 1000));
  const seconds = total % 60;
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  if (hours >= 24) return t("{days} d {time}", { days: Math.floor(hours / 24), time: `${two(hours % 24)}:${two(minutes)}` });
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

export function since(instant, now = nowMs()) {
  const from = Date.parse(instant || "");
  return Number.isNaN(from) ? "" : duration(now - from);
}

export function until(instant, now = nowMs()) {
  const to = Date.parse(instant || "");
  return Number.isNaN(to) ? "" : duration(to - now);
}

// An instant's local day and time, as an ISO text.
function local(instant) {
  const ms = Date.parse(instant || "");
  return Number.isNaN(ms) ? "" : new Date(ms + offsetMs).toISOString();
}

// "05:12:39" in the regency's zone
export function clock(instant) {
  return local(instant).slice(11, 19);
}

// "14:05", "tomorrow 09:30", or with its day what is further away
export function when(instant, now = nowInstant()) {
  const time = clock(instant).slice(0, 5);
  if (localDay(instant) === localDay(now)) return time;
  const tomorrow = new Date(Date.parse(now) + 24 * HOUR_MS).toISOString();
  return localDay(instant) === localDay(tomorrow) ? t("tomorrow {time}", { time }) : `${localDay(instant)} ${time}`;
}

// "2026-11-23" in the regency's zone
export function localDay(instant) {
  return local(instant).slice(0, 10);
}

// "Senin, 23 November 2026"
export function longDay(instant) {
  return dayIn(instant, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

// "23 Nov 2026"
export function shortDay(instant) {
  return dayIn(instant, { day: "numeric", month: "short", year: "numeric" });
}

function dayIn(instant, parts) {
  const options = { timeZone: "UTC", ...parts };
  return new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "id-ID", options).format(Date.parse(instant) + offsetMs);
}

// "14:05" or "14.05.30" as milliseconds after midnight; null if it is no time.
function clockMs(text) {
  const found = /^\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*$/.exec(text);
  if (!found) return null;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] || 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

// The instant of such a time on a local day; null if either is none.
export function instantOn(day, text) {
  const [midnight, ms] = [Date.parse(`${day}T00:00:00Z`), clockMs(text)];
  return Number.isNaN(midnight) || ms === null ? null : new Date(midnight + ms - offsetMs).toISOString();
}

// What somebody types as "14:05" or "14.05.30" becomes the latest such moment that is not in the future; null if it is no time.
export function instantOfClock(text, now = nowMs()) {
  const after = clockMs(text);
  if (after === null) return null;
  const midnight = Math.floor((now + offsetMs) / (24 * HOUR_MS)) * 24 * HOUR_MS - offsetMs;
  const ms = midnight + after;
  return new Date(ms > now ? ms - 24 * HOUR_MS : ms).toISOString();
}
