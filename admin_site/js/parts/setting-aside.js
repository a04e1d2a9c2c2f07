// On an incident's page: letting it wait while nobody can come, and taking it up again. Works with the page around it: `one`,
// `act`, `busy`, `failure`, `namesKnown`.

import { ASIDE_MINUTES, ASIDE_REASONS, asideReasonWord, asideWord } from "./aside-words.js";
import { t, tn } from "./i18n.js";
import { mayCommand } from "./roles.js";
import { nowInstant } from "./time.js";

// As the server allows it.
const MAY_WAIT = ["nobody", "gone", "done"];

export function mayBeSetAside({ status, priority, coming, being_ordered: rest }) {
  return status === "open" && priority !== 1 && MAY_WAIT.includes(coming?.state) && !rest?.units && !rest?.pages;
}

export function settingAside({ path, me, registry }) {
  return {
    asking: null, // {reason, minutes, awaits, error}

    isAside() {
      return this.one.status === "open" && Boolean(this.one.aside);
    },
    asideClass() {
      return this.isAside() ? "k-aside k-aside-set" : "k-aside";
    },
    asideWord() {
      const { aside } = this.one;
      return aside ? asideWord(aside, aside.awaits ? registry().unit(aside.awaits) : "", nowInstant()) : "";
    },
    isOver() {
      return this.one.alarm?.why === "review";
    },
    freeWord() {
      const { alarm } = this.one;
      return alarm?.why === "unit_free" ? t("{unit} is free now.", { unit: registry().unit(alarm.detail) }) : "";
    },
    mayAside() {
      return mayCommand(me) && mayBeSetAside(this.one);
    },
    mayTakeUp() {
      return mayCommand(me) && this.isAside();
    },
    takeUp() {
      return this.act(`${path}/take-up`, {});
    },

    askAside() {
      this.asking = { reason: "", minutes: "30", awaits: "", error: "" };
      this.$nextTick(() => {
        this.$refs.aside.showModal();
        this.$refs.aside.querySelector("input")?.focus();
      });
    },
    leaveAside() {
      this.$refs.aside.close();
    },
    asideClosed() {
      this.asking = null;
    },
    asideReasons: () => ASIDE_REASONS.map((id) => ({ id, label: asideReasonWord(id) })),
    asideTimes: () => ASIDE_MINUTES.map((minutes) => ({ id: String(minutes), label: minutes < 60 ? tn("{n} minute", "{n} minutes", minutes) : tn("{n} hour", "{n} hours", minutes / 60) })),
    invalid: () => "",
    comboOptions() {
      return this.namesKnown ? registry().unitOptions : null;
    },
    comboValue() {
      return this.asking?.awaits || "";
    },
    comboPick(name, id) {
      if (this.asking) this.asking.awaits = id;
    },
    async confirmAside() {
      const { reason, minutes, awaits } = this.asking;
      this.asking.error = reason ? "" : t("Choose why it waits.");
      if (!reason) return;
      const answer = await this.act(`${path}/set-aside`, { reason, minutes: Number(minutes), awaits });
      if (answer) this.$refs.aside.close();
      else if (this.asking) this.asking.error = this.failure;
    },
  };
}
