// The red bar of silence: SMS do not leave, or nobody watches whether they do.

import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { nowInstant, when } from "./time.js";

const MINUTE_MS = 60000;

// What stands in bold, and what comes of it: {since, what}; `now` an instant.
export function silenceWords({ code, pages, since }, now) {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / MINUTE_MS));
  const ago = minutes ? tn("({n} minute).", "({n} minutes).", minutes) : "";
  const what = {
    barred: () => tn("The SMS provider takes no message of ours, {n} SMS waits.", "The SMS provider takes no message of ours, {n} SMS wait.", pages),
    unsent: () => tn("{n} SMS has not left; why is not known.", "{n} SMS have not left; why is not known.", pages),
  }[code];
  if (!what && !since) return { since: t("Nobody watches yet whether SMS leave"), what: "" };
  if (!what) return { since: t("Nobody has watched since {time} whether SMS leave", { time: when(since) }), what: ago };
  return { since: t("SMS have not left since {time}", { time: when(since) }), what: [ago, what()].filter(Boolean).join(" ") };
}

// Whom to ring first: each agency that can be rung by its number.
export function numbers(agencies) {
  return agencies
    .filter((agency) => !agency.retired && /^\+?[0-9]+$/.test(agency.phone || ""))
    .map((agency) => ({ id: agency.id, href: `tel:${agency.phone}`, text: `${agency.short_name} ${agency.phone}` }));
}

// `line`: what is known of it (line.js).
export function silenceBar(api, line) {
  return {
    agencies: [],
    asked: false,
    failure: "",
    // Told again each few seconds, its minutes go on.
    words() {
      const { silence, at } = line;
      return silence ? silenceWords(silence, at || nowInstant()) : { since: "", what: "" };
    },
    silent() {
      return Boolean(line.silence);
    },
    async ring() {
      this.asked = true;
      this.failure = "";
      try {
        this.agencies = numbers((await api.get("/api/registry", "agencies")).agencies);
      } catch (error) {
        this.failure = failureWord(error);
      }
    },
    none() {
      return this.asked && !this.failure && !this.agencies.length;
    },
  };
}
