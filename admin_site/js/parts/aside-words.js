// An incident that somebody let wait, in words: why, for which unit, and until when.

import { t } from "./i18n.js";
import { when } from "./time.js";
import { plain } from "./words.js";

export const ASIDE_REASONS = ["no_unit", "help", "conditions", "can_wait"];

// In minutes, as the server allows them: 5 to 240.
export const ASIDE_MINUTES = [10, 20, 30, 60, 120, 240];

export function asideReasonWord(reason) {
  return {
    no_unit: t("no unit is free"),
    help: t("help from outside is on its way"),
    conditions: t("water, weather or road must change first"),
    can_wait: t("it can wait, as agreed with the caller"),
  }[reason] || plain(reason);
}

// `unit` is the callsign of the one that it waits for, or "".
export function asideWhy({ reason }, unit) {
  return unit ? t("waiting for {unit}", { unit }) : asideReasonWord(reason);
}

export function asideWord(aside, unit, now) {
  const who = aside.by_name || t("somebody");
  return t("Set aside by {who} until {time}: {why}", { who, time: when(aside.until, now), why: asideWhy(aside, unit) });
}
