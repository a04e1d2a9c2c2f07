// What the response plan would do with an amended incident, asked anew as the draft changes: whom to send, whom to call back, and the SMS.

import { amendBody, changedFields } from "./amend-form.js";
import { questionWords } from "./doubt-words.js";
import { failureWord } from "./fields.js";
import { currentLanguage, decimal, label, t, tn } from "./i18n.js";
import { pickReason, shortfall, warning } from "./plan-words.js";
import { statusWord } from "./words.js";

const PAUSE_MS = 300;
// How long saving waits for a plan that is being asked for.
const PATIENCE_MS = 1500;

export function amendPlanPart({ api, path, registry }) {
  let timer = 0;
  let asked = "";

  return {
    plan: null,
    planBusy: false,
    planFailure: "",

    // Who is to be sent does not change who must be told; who is called back does.
    askPlan() {
      const draft = this.amend;
      const query = draft && changedFields(draft).length ? JSON.stringify(amendBody(draft, { recall: draft.recall })) : "";
      if (query === asked) return;
      asked = query;
      clearTimeout(timer);
      this.planBusy = query !== "";
      if (query) timer = setTimeout(() => this.fetchPlan(query), PAUSE_MS);
      else Object.assign(this, { plan: null, planFailure: "" });
    },
    async fetchPlan(query) {
      clearTimeout(timer);
      try {
        const answer = await api.lookUp(`${path}/amendments/preview`, JSON.parse(query), "send", "recall", "stay", "sms");
        if (query !== asked) return;
        this.plan = answer;
        this.planFailure = "";
      } catch (error) {
        if (query !== asked) return;
        this.plan = null;
        this.planFailure = failureWord(error);
        asked = "";
      }
      this.planBusy = false;
    },
    // Whether what would be sent is still what stands on the screen, after what is being asked for has come, or not come in time.
    async planAsShown() {
      const shown = this.toSend().join();
      if (this.planBusy) await Promise.race([this.fetchPlan(asked), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
      return this.toSend().join() === shown;
    },
    forgetPlan() {
      clearTimeout(timer);
      asked = "";
      Object.assign(this, { plan: null, planBusy: false, planFailure: "" });
    },

    // What is ticked: sending by itself, calling back by hand alone.
    toSend() {
      return (this.plan?.send || []).map((pick) => pick.unit_id).filter((unit) => !this.amend.off.includes(unit));
    },
    toRecall() {
      return (this.plan?.recall || []).map((crew) => crew.assignment_id).filter((id) => this.amend.recall.includes(id));
    },
    isSent(pick) {
      return !this.amend.off.includes(pick.unit_id);
    },
    isRecalled(crew) {
      return this.amend.recall.includes(crew.assignment_id);
    },
    tickSend(pick) {
      this.amend.off = toggled(this.amend.off, pick.unit_id);
    },
    tickRecall(crew) {
      this.amend.recall = toggled(this.amend.recall, crew.assignment_id);
    },
    tickTell() {
      this.amend.tell = !this.plan.sms.tell;
    },

    planTitle() {
      if (!this.plan?.plan) return t("What the plan would send");
      return this.plan.plan_changes ? t("The plan is now: {plan}", { plan: label(this.plan.plan.label) }) : t("The plan stays: {plan}", { plan: label(this.plan.plan.label) });
    },
    planEmpty() {
      return this.plan && ["send", "recall", "stay", "shortfalls"].every((name) => this.plan[name].length === 0);
    },
    planDoubt() {
      if (!this.plan?.away) return "";
      return questionWords({ code: "place_far", away: this.plan.away, named: Boolean(this.amend.form.district) }, registry().district, currentLanguage()).text;
    },
    planShort: (one) => shortfall(one, registry().agency),
    planSend: (pick) => t("Send {unit}", { unit: pick.callsign }),
    planFar: (pick) => (pick.distance_km === null || pick.distance_km === undefined ? t("distance ?") : t("{km} km", { km: decimal(pick.distance_km) })),
    planWhy: (pick) => [pick.people.map((person) => person.name).join(", "), registry().unitName(pick.unit_id), pick.reasons.filter((code) => code !== "nearest_fit").map(pickReason).join(", ")].filter(Boolean).join(" · "),
    planWarnings: (pick) => pick.warnings.map((code) => warning(code, registry().certifications, pick.people)),
    planRecall: (crew) => t("Call off {unit}", { unit: crew.callsign }),
    planStay: (crew) => t("{unit} stays", { unit: crew.callsign }),
    planStayWhy(crew) {
      return crew.level > this.plan.level ? t("not asked for at level {now}, only at level {level}", { now: this.plan.level, level: crew.level }) : t("the plan asks for it");
    },
    planStatus: (crew) => statusWord(crew.status),
    planSms() {
      const { people, crews, segments, characters, text } = this.plan.sms;
      if (!text) return t("No SMS: no crew is told.");
      const to = tn("SMS to {n} person", "SMS to {n} people", people);
      const of = tn("in {n} crew that was asked", "in {n} crews that were asked", crews);
      const each = tn("{n} SMS each", "{n} SMS each", segments);
      const long = tn("{n} character", "{n} characters", characters);
      return `${to} ${of} · ${each}, ${long}`;
    },
  };
}

function toggled(list, one) {
  return list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
}
