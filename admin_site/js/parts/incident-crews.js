// An incident's crews, each with its steps, and whom the plan missed.

import { isActive, lastChange, milestones, nextSteps } from "./crew-steps.js";
import { label, t } from "./i18n.js";
import { passedOver, sentFor, shortfall, warning } from "./plan-words.js";
import { mayReport } from "./roles.js";
import { ruleLinks, warningAt } from "./rule-links.js";
import { duration } from "./time.js";
import { tryQuery } from "./trying-words.js";
import { statusWord } from "./words.js";

export function crewsPart({ me, path, registry }) {
  return {
    statusWord,
    statusClass: (status) => `k-status k-${status}`,
    milestones,
    isActive,
    lastChange,
    nextSteps,
    mayReport: (crew) => mayReport(me, crew),
    agencyName: (agency) => registry().agency(agency),
    unitName: (unit) => registry().unitName(unit),
    reason: (code) => (code ? registry().reason(code) : ""),
    stepClass: (step) => (step.at ? "k-step k-step-done" : "k-step"),
    stepAfter: (step) => (step.afterMs === null ? "" : `+${duration(step.afterMs)}`),
    isNext: (crew, step) => nextSteps(crew)[0] === step,
    stepButtonClass(crew, step) {
      return this.isNext(crew, step) ? "btn btn-sm btn-primary" : "btn btn-sm";
    },
    ...ruleLinks(me),
    // By which rules the crews were sent; an agency, which sees its own crews alone, is not told.
    decidedBy() {
      const { plan_id: plan, policy_id: policy, label: called, policy: kept } = this.one.plan;
      const rules = [["response-plans", plan, called], ["escalation-policies", policy, kept?.label]];
      return rules.filter(([, id]) => id).map(([noun, id, name]) => ({ noun, id, word: label(name) || id }));
    },
    triedNow() {
      return `rules.html?${tryQuery({ type: this.one.type, district: this.one.district, terrain: this.one.terrain, at: "" })}`;
    },
    pickedFor(crew) {
      return sentFor(crew, this.one.assignments);
    },
    warnings(crew) {
      const people = this.one.pages.flatMap((page) => [page.person_id, ...page.also].map((id) => ({ id, name: page.name })));
      return crew.picked_for.filter((code) => code.includes(":")).map((code) => ({ text: warning(code, registry().certifications, people), at: warningAt(code) }));
    },
    // Each need's last shortfall, with every unit that was looked at.
    shortfalls() {
      if (!this.open()) return [];
      const events = this.one.timeline.filter((event) => event.type === "DispatchShortfall" && event.data.because !== "silence");
      return [...new Map(events.map((event) => [event.data.need_id, event.data])).values()];
    },
    shortfallWord: (one) => shortfall(one, registry().agency),
    passedOverWord: (unit) => t("{unit}: {why}", { unit: unit.callsign, why: passedOver(unit.reason) }),
    async report(crew, status) {
      const url = `${path}/assignments/${encodeURIComponent(crew.id)}/status`;
      await this.act(url, { status, reason: "", occurred_at: null });
      // The button is gone with the step: what had the focus stands with the crew, not on the next step, which a key held too long would press.
      this.$nextTick(() => document.activeElement === document.body && this.toCrew(crew));
    },
    crewPlace: (crew) => `crew-${crew.id}`,
    toCrew(crew) {
      document.getElementById(this.crewPlace(crew))?.focus();
    },
    // From crew to crew, those that are still expected.
    nextCrew() {
      const crews = this.one.assignments.filter(isActive);
      const at = crews.findIndex((crew) => document.getElementById(this.crewPlace(crew))?.contains(document.activeElement));
      if (crews.length) this.toCrew(crews[(at + 1) % crews.length]);
    },
  };
}
