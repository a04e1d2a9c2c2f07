// What must be asked again of a caller, in plain words, and the desk's question before it sends.

import { t } from "./i18n.js";
import { plain } from "./words.js";

export function doubtWord(code) {
  return {
    number_unread: t("number not readable"),
    number_short: t("a short number, not the caller's own"),
    channel_unread: t("channel not known"),
    time_unread: t("time not readable"),
    type_unread: t("what happened not readable"),
    district_unread: t("district not known"),
    point_unread: t("point not used"),
    priority_unread: t("priority not readable"),
    terrain_unread: t("terrain not readable"),
    text_cut: t("a text was too long to show"),
    place_unknown: t("place not known yet"),
    place_far: t("point far from the district named"),
    place_outside: t("point outside of the regency"),
  }[code] || plain(code);
}

// "Ask again: number not readable, place not known yet"; "" for nothing to ask.
export function askAgain(doubts) {
  // What is outside of the regency is far from its district too.
  const codes = [...new Set(doubts || [])].filter((code) => code !== "place_far" || !doubts.includes("place_outside"));
  return codes.length ? t("Ask again: {what}", { what: codes.map(doubtWord).join(", ") }) : "";
}

// Thousands as the language writes them: 11.804 km or 11,804 km.
function kilometres(km, language) {
  return km < 10 ? km.toLocaleString(language, { maximumFractionDigits: 1 }) : Math.round(km).toLocaleString(language);
}

// The question's words, what either key does, and which word stands on it: [what happens by itself, the other].
export function questionWords(question, district, language) {
  if (question.code === "no_place") {
    const second = t("Fill in the place");
    // What is written of the place is sent; only nobody can tell from it how far it is.
    if (question.told) return { text: t("No district or point is filled in: nobody can tell who is near. Send all the same?"), first: t("Send all the same"), second };
    return { text: t("No place is filled in. Send without it?"), first: t("Send without a place"), second };
  }
  const far = t("This point is {km} km from {district}. Is it right?", { km: kilometres(question.away?.km ?? 0, language), district: district(question.away?.district) });
  const drop = question.named ? t("No, go by the district") : t("No, send without the point");
  return { text: far, first: drop, second: t("Yes, go by the point") };
}
