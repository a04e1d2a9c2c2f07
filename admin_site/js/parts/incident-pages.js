// An incident's SMS: to whom, for which crew, what became of each attempt.

import { t } from "./i18n.js";
import { clock } from "./time.js";
import { arrivedWord, pageStatusWord } from "./words.js";

export function pagesPart() {
  return {
    pageWord: pageStatusWord,
    arrivedWord,
    pageClass: (page) => `k-page k-page-${page.acknowledged_at ? "answered" : page.status}`,
    pageCrew(page) {
      return this.one.assignments.find((crew) => crew.id === page.assignment_id)?.callsign || "";
    },
    pageKind(page) {
      if (page.because) return t("not needed");
      if (page.kind === "cancelled") return t("call-off");
      if (page.amends) return t("change");
      return page.backup ? t("call-out, as backup") : t("call-out");
    },
    attemptWord(attempt) {
      const outcome = { sent: t("sent"), retry: t("to be tried again"), failed: t("failed") }[attempt.outcome] || attempt.outcome;
      return [clock(attempt.at), attempt.provider, outcome, attempt.detail, attempt.barred ? t("it takes none of our SMS") : "", attempt.maybe_repeat ? t("perhaps a repeat") : ""].filter(Boolean).join(" · ");
    },
  };
}
