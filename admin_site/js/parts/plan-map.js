// A plan against a map of stations: which station answers each district, and where nobody or too few would come. No tiles are needed:
// coordinates alone say where things lie to one another.

import { decimal, t, tn } from "./i18n.js";
import { passedOver } from "./plan-words.js";
import { unitWord } from "./trying-words.js";

const WIDTH = 560;
const HEIGHT = 640;
const EDGE = 36;

// Points of latitude and longitude onto the picture, north above, one kilometre as long in either direction.
export function projection(points) {
  const lats = points.map((one) => one.lat);
  const lngs = points.map((one) => one.lng);
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lngs), Math.max(...lngs)];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDTH - 2 * EDGE) / ((east - west) * narrow || 1), (HEIGHT - 2 * EDGE) / (north - south || 1));
  const left = (WIDTH - (east - west) * narrow * scale) / 2;
  const above = (HEIGHT - (north - south) * scale) / 2;
  return ({ lat, lng }) => ({ x: Math.round(left + (lng - west) * narrow * scale), y: Math.round(above + (north - lat) * scale) });
}

// Of a district's answer what one need of the plan comes to, all of the first level for "": full, short of some, or nobody.
function stateOf(answer, need) {
  const needs = answer.needs.filter((one) => one.level === 1 && (!need || one.need.id === need));
  const picks = needs.flatMap((one) => one.picks);
  const missing = needs.reduce((sum, one) => sum + one.missing, 0);
  const why = needs.find((one) => one.missing)?.why || "";
  return { picks, missing, why, asked: needs.length > 0, state: !picks.length ? "none" : missing ? "short" : "full" };
}

function farWord({ distance_km: far }) {
  return far === null ? "" : t("{km} km", { km: decimal(far) });
}

function rowOf(district, answer, need) {
  if (!answer) return { id: district.id, name: district.name, state: "unknown", who: t("not tried yet"), gap: "", picks: [] };
  const { picks, missing, why, asked, state } = stateOf(answer, need);
  if (answer.plan && !asked) return { id: district.id, name: district.name, state: "other", who: t("another plan, without this need"), gap: "", picks: [] };
  const gap = !answer.plan ? t("no response plan fits") : missing ? tn("{n} unit missing: {why}", "{n} units missing: {why}", missing, { why: passedOver(why) }) : "";
  return { id: district.id, name: district.name, state, who: picks.map((pick) => [unitWord(pick), farWord(pick)].filter(Boolean).join(", ")).join("; "), gap, picks };
}

// {width, height, districts, stations, lines, rows}: rows as a list has them, gaps first, then the farthest.
export function planMap({ districts, stations, units, answers, need }) {
  const known = [...districts, ...stations];
  const place = projection(known.length ? known : [{ lat: 0, lng: 0 }]);
  const rows = districts.map((district) => rowOf(district, answers.get(district.id), need));
  const at = new Map(districts.map((one) => [one.id, place(one)]));
  const stationOf = new Map(units.map((unit) => [unit.id, unit.station_id]));
  const posts = new Map(stations.map((one) => [one.id, { id: one.id, name: one.name, ...place(one), answers: 0 }]));
  const lines = [];
  for (const row of rows) {
    for (const pick of row.picks) {
      const post = posts.get(stationOf.get(pick.unit_id));
      if (!post) continue;
      post.answers += 1;
      lines.push({ key: `${row.id}/${pick.unit_id}`, district: row.id, from: post, to: at.get(row.id) });
    }
  }
  const far = (row) => Math.max(0, ...row.picks.map((pick) => pick.distance_km ?? 0));
  const order = ["none", "short", "unknown", "other", "full"];
  return {
    width: WIDTH, height: HEIGHT, lines, stations: [...posts.values()],
    districts: rows.map((row) => ({ id: row.id, name: row.name, state: row.state, ...at.get(row.id) })),
    rows: [...rows].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || far(b) - far(a) || a.name.localeCompare(b.name)),
  };
}

// What the picture shows in one sentence.
export function mapSums({ rows }) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  const parts = [tn("{n} district answered in full", "{n} districts answered in full", count("full"))];
  if (count("short")) parts.push(tn("{n} with too few", "{n} with too few", count("short")));
  if (count("none")) parts.push(tn("{n} without an answer", "{n} without an answer", count("none")));
  return parts.join(", ");
}
