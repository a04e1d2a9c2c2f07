// Beside the text of an SMS that is being written: how it would go out, as one types, in the reader's language.

import { faultWord } from "./fault-words.js";
import { failureWord } from "./fields.js";
import { t } from "./i18n.js";

const AFTER_MS = 400;
const TEXTS = new Set(["sms-texts", "sms-templates"]);

// "137 of 160 signs: one SMS".
export function lengthWord({ septets, most, segments }) {
  if (segments > 1) return t("Longer than one SMS: it goes as one all the same, shortened. {n} of {most} signs.", { n: septets, most });
  return t("One SMS: {n} of {most} signs.", { n: septets, most });
}

// What an SMS cannot hold, and what stands there instead.
export function foldedWords(folded) {
  return folded.map(({ was, now }) => (now.trim() ? `${was} → ${now}` : t("“{was}” is left out", { was })));
}

export function braces(names) {
  return names.map((name) => `{${name}}`).join(" ");
}

// A scope of its own within the form, whose `noun`, `draft`, `writes()` and `value()` it reads.
export function smsPreview(api) {
  let timer = 0;
  let asked = "";
  return {
    preview: null,
    unread: "",

    concerns() {
      return TEXTS.has(this.noun) && Boolean(this.draft) && this.writes();
    },
    // Each change of the form comes by here.
    look() {
      const { kind, language, body } = this.concerns() ? this.value() : {};
      const question = kind && language && body?.trim() ? JSON.stringify({ kind, language, body }) : "";
      if (question === asked) return;
      asked = question;
      clearTimeout(timer);
      if (!question) this.preview = null;
      else timer = setTimeout(() => this.read(question), AFTER_MS);
    },
    async read(question) {
      try {
        const answer = await api.lookUp("/api/sms-texts/preview", JSON.parse(question), "text", "segments", "folded", "faults", "placeholders");
        if (question === asked) Object.assign(this, { preview: answer, unread: "" });
      } catch (error) {
        // Saving checks it all the same.
        if (question === asked) Object.assign(this, { preview: null, unread: failureWord(error) });
      }
    },
    textOf() {
      return this.preview?.text || "";
    },
    length() {
      return this.preview?.text ? lengthWord(this.preview) : "";
    },
    tooLong() {
      return this.preview?.segments > 1;
    },
    folded() {
      return foldedWords(this.preview?.folded || []);
    },
    wrong() {
      return (this.preview?.faults || []).map(faultWord);
    },
    mayHold() {
      return this.preview ? t("It may hold: {names}", { names: braces(this.preview.placeholders) }) : "";
    },
    mustHold() {
      const needed = this.preview?.needed || [];
      return needed.length ? t("It must hold: {names}", { names: braces(needed) }) : "";
    },
  };
}
