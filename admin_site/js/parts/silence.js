// The red bar of silence: SMS do not leave, or nobody watches whether they do. Whatever signed-in answer says it is heard.

import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { when } from "./time.js";

let tell = () => {};

// Takes from an answer what it says of silence; one that says nothing of it changes nothing.
export function hear(answer) {
  if (answer.silence !== undefined) tell(answer.silence);
}

export function silenceWord({ code, pages, since }) {
  if (code === "barred") return tn("The SMS provider takes no message of ours, {n} SMS waits", "The SMS provider takes no message of ours, {n} SMS wait", pages);
  if (code === "unsent") return tn("{n} SMS has not left for over a minute", "{n} SMS have not left for over a minute", pages);
  return since ? t("Nobody has watched since {time} whether SMS leave", { time: when(since) }) : t("Nobody watches yet whether SMS leave");
}

// Whom to ring first: each agency that can be rung by its number.
export function numbers(agencies) {
  return agencies
    .filter((agency) => !agency.retired && /^\+?[0-9]+$/.test(agency.phone || ""))
    .map((agency) => ({ id: agency.id, href: `tel:${agency.phone}`, text: `${agency.short_name} ${agency.phone}` }));
}

export function silenceBar(api) {
  return {
    silence: null,
    agencies: [],
    asked: false,
    failure: "",
    init() {
      tell = (silence) => { this.silence = silence; };
    },
    word() {
      return this.silence ? silenceWord(this.silence) : "";
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
