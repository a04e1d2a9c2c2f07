// What an officer does to one account's sign-in: asked once, with what comes of it, and a password that is shown this once.

import { actWord, actsOf, askedWord } from "./account-words.js";
import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";

const PATHS = { enable: "enable", disable: "disable", invitation: "invitation", password: "password", factor: "second-factor/forget" };

export function actsPart(page) {
  const { api, me } = page;

  return {
    asking: "", // the act whose outcome is being read
    actWhy: "",
    acting: false,
    actFailure: "",
    handed: null, // {name, login, email, password, mailed}: in no store, gone with the page or the next look
    copied: false,

    acts() {
      if (!this.one || this.fresh()) return [];
      const about = { own: this.one.id === me.sub, mails: this.mails, email: this.one.sign_in?.email, secondFactor: this.one.second_factor };
      return actsOf(this.standingOf(this.one).code, about).map((act) => ({ act, word: actWord(act), asked: this.asking === act ? "true" : "false" }));
    },
    askAct(act) {
      Object.assign(this, { asking: this.asking === act ? "" : act, actWhy: "", actFailure: "" });
    },
    leaveAct() {
      Object.assign(this, { asking: "", actFailure: "" });
    },
    askedWord() {
      return this.asking ? askedWord(this.asking, { demanded: this.one?.second_factor_demanded }) : "";
    },
    askedTitle() {
      return this.asking ? actWord(this.asking) : "";
    },
    takesWhy() {
      return ["disable", "enable"].includes(this.asking);
    },
    async act() {
      if (this.acting || !this.asking) return;
      const { asking, one } = this;
      const body = this.takesWhy() ? { why: this.actWhy.trim() } : {};
      Object.assign(this, { acting: true, actFailure: "" });
      try {
        const answer = await api.post(`/api/accounts/${one.id}/${PATHS[asking]}`, body, undefined, ...(this.takesWhy() ? ["id"] : ["account", "mailed"]));
        this.asking = "";
        await this.afterAct(answer.account?.id || answer.id);
        if (answer.account) this.take(answer);
        else this.told = asking === "disable" ? t("Disabled: it may do nothing any more.") : t("Opened again.");
      } catch (error) {
        this.actFailure = [failureWord(error), ...refusals(error)].join(" ");
      } finally {
        this.acting = false;
      }
    },
    // What somebody gets to sign in by.
    take({ account, password, mailed }) {
      this.copied = false;
      this.handed = { name: account.name, login: account.sign_in?.login || "", email: account.sign_in?.email || "", password, mailed };
      this.told = "";
      if (!password && !mailed) {
        this.handed = null;
        this.told = t("The second factor is off: the next sign-in asks for the password alone.");
        return;
      }
      this.$nextTick(() => document.getElementById("acc-handed")?.focus());
    },
    handedTitle() {
      if (!this.handed) return "";
      return this.handed.mailed ? t("The invitation is on its way to {email}", { email: this.handed.email }) : t("Hand this over to {name}: it is shown only now", { name: this.handed.name });
    },
    siteWord: () => location.origin,
    // The password alone: whoever reads it on its way must not learn the login too.
    async copy() {
      try {
        await navigator.clipboard.writeText(this.handed.password);
        this.copied = true;
      } catch {
        // Without the right to it, one click selects it all the same.
      }
    },
    putAway() {
      this.handed = null;
    },
  };
}
