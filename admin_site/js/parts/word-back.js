// Word back to a caller: whether the desk may send it, and what became of it. A part of the desk's page and of an incident's.

import { newKey } from "./api.js";
import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";
import { clock } from "./time.js";

// What became of the word back to one caller, "" where nobody was told.
export function wordBackOf(incident, callId) {
  const one = ofCall(incident, callId);
  if (!one) return "";
  const who = one.by_name;
  if (one.delivered_at) return t("The caller was told by SMS that help is being sent; it arrived at {time} ({who})", { time: clock(one.delivered_at), who });
  switch (one.status) {
    case "sent":
      return t("The caller was told by SMS at {time} that help is being sent ({who})", { time: clock(one.sent_at), who });
    case "failed":
      return t("The SMS to this caller failed: ring instead ({who})", { who });
    case "expired":
      return t("The SMS to this caller was not sent, or nobody knows whether it was: ring instead ({who})", { who });
    default:
      return t("An SMS that help is being sent is on its way, behind all pages ({who})", { who });
  }
}

export function wordBackFailed(incident, callId) {
  const one = ofCall(incident, callId);
  return Boolean(one && !one.delivered_at && ["failed", "expired"].includes(one.status));
}

function ofCall(incident, callId) {
  return incident?.word_back?.find((each) => each.call === callId);
}

// A component of its own around one call; the page around it has `callerTold`, which is given the incident as it is afterwards.
export function wordBack(api) {
  return {
    telling: false,
    tellFailure: "",
    tellKey: "", // the same for each press whose answer was lost: no second SMS

    mayTell: (incident, callId) => Boolean(incident?.may_tell?.includes(callId)),
    wordBackOf,
    wordBackClass: (incident, callId) => (wordBackFailed(incident, callId) ? "k-warning" : "k-minor"),
    async tellCaller(incident, callId) {
      if (this.telling) return;
      this.telling = true;
      this.tellFailure = "";
      this.tellKey ||= newKey();
      const path = `/api/incidents/${encodeURIComponent(incident.id)}/calls/${encodeURIComponent(callId)}/word-back`;
      try {
        this.callerTold(await api.post(path, {}, this.tellKey, "timeline", "pages"));
      } catch (error) {
        if (error.meaning === "refused") this.tellKey = "";
        this.tellFailure = [failureWord(error), ...refusals(error)].join(" ");
      }
      this.telling = false;
    },
  };
}
