// What each code of an answer that is no success means, the statuses that it comes with, and its words: the site's copy of
// the one table (chalicelib/errors.py). Of several codes of one status the first stands for a bare status.

import { t } from "./i18n.js";

export const CODES = {
  invalid: { meaning: "refused", statuses: [400], word: () => t("Something is not filled in right.") },
  unauthenticated: { meaning: "sign_in", statuses: [401], word: () => t("The server does not accept your sign-in: sign out and in again.") },
  forbidden: { meaning: "refused", statuses: [403], word: () => t("Your role may not do this.") },
  not_found: { meaning: "refused", statuses: [404], word: () => t("This no longer exists.") },
  method_not_allowed: { meaning: "refused", statuses: [405], word: () => t("This page and the server do not fit together: load the page again.") },
  conflict: { meaning: "refused", statuses: [409], word: () => t("This cannot be done any more:") },
  number_blocked: { meaning: "refused", statuses: [409], word: () => t("This number is blocked. If it is a real emergency, press once more.") },
  too_large: { meaning: "refused", statuses: [413, 431], word: () => t("This is too long.") },
  unsupported_media_type: { meaning: "refused", statuses: [415], word: () => t("This page and the server do not fit together: load the page again.") },
  unprocessable: { meaning: "refused", statuses: [422], word: () => t("Something is not filled in right.") },
  idempotency_key_reused: { meaning: "refused", statuses: [422], word: () => t("This form was sent already, with other words, perhaps from another tab. Look at the board; to send this as a call of its own, press once more.") },
  precondition_required: { meaning: "refused", statuses: [428], word: () => t("This page and the server do not fit together: load the page again.") },
  too_many_requests: { meaning: "busy", statuses: [429], word: () => t("Too many tries in a short time; wait a moment.") },
  internal: { meaning: "unknown", statuses: [500, 502, 503, 504], word: () => t("The server made a mistake.") },
  unanswered: { meaning: "unknown", statuses: [503], word: () => t("The database does not answer.") },
  busy: { meaning: "busy", statuses: [503], word: () => t("The server is busy; nothing was written. Try again.") },
};

export function codeOf(status) {
  const known = Object.keys(CODES).find((code) => CODES[code].statuses.includes(status));
  return known || (status >= 500 ? "internal" : "invalid");
}

// A code that does not belong to its status says nothing: what stands between us and the server has codes of its own.
export function meaningOf(status, code) {
  return CODES[CODES[code]?.statuses.includes(status) ? code : codeOf(status)].meaning;
}
