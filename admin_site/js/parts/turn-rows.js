// What happens minute by minute while nobody answers, as rows: what is due at one moment stands together.

import { t } from "./i18n.js";
import { duration } from "./time.js";
import { peopleWord, unitWord } from "./trying-words.js";
import { stageWord } from "./words.js";

function turnWord(turn) {
  const { kind, to, beside, again } = turn;
  if (kind === "crew") return t("first SMS");
  if (kind === "beside") return beside ? t("asked beside {unit}, which is silent", { unit: beside }) : t("asked beside a silent crew");
  if (kind === "desk") return t("the desk is told to ring");
  if (kind === "nobody_beside") return t("no other unit is fit: the desk is told to ring at once");
  return again ? t("{stage}, once more", { stage: stageWord(to) }) : stageWord(to);
}

// So many names stand in a row; the others open with a click.
const NAMED = 5;
const OFFICERS = ["head", "supervisor"];

// Whether a crew's silence reaches nobody before the desk, nor did another crew's reach the officers who answer for both.
function isAlone(turn, before) {
  const own = before.filter((one) => one.unit_id === turn.unit_id);
  return turn.kind === "desk" && Boolean(turn.unit_id) && own.some((one) => one.kind === "crew") && !own.some((one) => one.kind === "stage") && !turn.told.some((step) => OFFICERS.includes(step));
}

// Amber for a step that nobody fills; red for a crew after which nobody at all is asked before the desk's turn.
function gapOf(turn, before) {
  if (isAlone(turn, before)) return { gap: t("nobody else is asked before the desk"), tone: "k-why" };
  return turn.empty.length ? { gap: t("nobody as: {stages}", { stages: turn.empty.map(stageWord).join(", ") }), tone: "k-soon" } : { gap: "", tone: "" };
}

const toldWord = ({ told }) => (told.length ? t("paged already: {stages}", { stages: told.map(stageWord).join(", ") }) : "");

// [{key, after, rows: [{key, unit, unitId, what, people, notes, gap, tone, told}]}]
export function turnMoments(turns) {
  const moments = new Map();
  turns.forEach((turn, n) => {
    const row = {
      key: n, unit: unitWord(turn), unitId: turn.unit_id, what: turnWord(turn), people: peopleWord(turn), named: turn.people.slice(0, NAMED), more: turn.people.slice(NAMED), others: turn.others,
      ...gapOf(turn, turns.slice(0, n)), told: toldWord(turn), loud: turn.kind === "desk" || turn.kind === "nobody_beside",
    };
    if (!moments.has(turn.after_s)) moments.set(turn.after_s, []);
    moments.get(turn.after_s).push(row);
  });
  return [...moments].map(([after_s, rows]) => ({ key: after_s, after: after_s ? `+${duration(after_s * 1000)}` : t("at once"), rows }));
}

// How many steps nobody fills, told on top: a person's look must not have to find them.
export function turnGaps(turns) {
  return new Set(turns.flatMap((turn) => turn.empty.map((step) => `${turn.agency}: ${stageWord(step)}`)));
}
