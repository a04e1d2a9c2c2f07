// Beside a person's form: the link to their own duty, sent by SMS or withdrawn. The link itself is never shown.

import { failureWord } from "./fields.js";
import { t } from "./i18n.js";
import { when } from "./time.js";

// What became of the last SMS with the link.
export function linkWord({ generation, sms, sms_at: at }) {
  if (!sms) return generation ? t("A link was made; no SMS with it was asked for within a month.") : t("Nobody has sent this person the link yet.");
  const time = when(at);
  switch (sms) {
    case "delivered":
      return t("The link arrived on the phone ({time}).", { time });
    case "sent":
      return t("The link was sent ({time}).", { time });
    case "failed":
      return t("The SMS with the link failed ({time}): check the number.", { time });
    case "expired":
      return t("The SMS with the link could not be sent in time ({time}): send it again tomorrow.", { time });
    default:
      return t("The SMS with the link waits for its turn ({time}).", { time });
  }
}

// A scope of its own beside the form, whose `noun`, `draft` and `writes()` it reads.
export function dutyLink(api) {
  const path = (id) => `/api/duty/links/${encodeURIComponent(id)}`;
  return {
    link: null,
    linkOf: "",
    linkBusy: false,
    linkFailure: "",
    withdrawn: false,

    hasLink() {
      return this.noun === "personnel" && Boolean(this.draft) && !this.draft.fresh && !this.draft.base.retired && this.writes();
    },
    // Each change of the form comes by here.
    followPerson() {
      const id = this.hasLink() ? this.draft.base.id : "";
      if (id === this.linkOf) return;
      Object.assign(this, { linkOf: id, link: null, linkFailure: "", withdrawn: false });
      if (id) this.reachLink(id, () => api.get(path(id), "generation", "sms"));
    },
    async reachLink(id, ask) {
      this.linkBusy = true;
      try {
        const answer = await ask();
        if (id === this.linkOf) Object.assign(this, { link: answer, linkFailure: "" });
        return true;
      } catch (error) {
        if (id === this.linkOf) this.linkFailure = failureWord(error);
        return false;
      } finally {
        this.linkBusy = false;
      }
    },
    async sendLink() {
      const id = this.linkOf;
      if (await this.reachLink(id, () => api.post(path(id), {}, undefined, "generation", "sms"))) this.withdrawn = false;
    },
    async withdrawLink() {
      const id = this.linkOf;
      if (await this.reachLink(id, () => api.remove(path(id), undefined, "generation", "sms"))) this.withdrawn = true;
    },
    linkTold() {
      if (!this.link) return "";
      return this.withdrawn ? t("Withdrawn: no link that was sent works any more. Send another when the phone is theirs again.") : linkWord(this.link);
    },
    mayWithdraw() {
      return Boolean(this.link?.generation) && !this.withdrawn;
    },
  };
}
