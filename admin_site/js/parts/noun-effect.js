// What dispatch would do differently if the draft were saved, district after district while one reads; saving never waits for it.

import { effectRows, merged } from "./effect-words.js";
import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { clock, shortDay } from "./time.js";

const AFTER_MS = 700;
const SHOWN = 12;
// What the planner reads, and what else decides who is paged.
const READ = new Set(["agencies", "stations", "units", "personnel", "response-plans", "escalation-policies", "incident-types", "districts", "capabilities", "certifications", "accounts", "crews", "shift-codes", "duty-patterns"]);
const ON_ROSTERS = new Set(["agencies", "units", "personnel"]);

export function effectPart(page) {
  const { api, data } = page;
  let timer = 0;
  let asked = "";
  let turn = 0; // the same may be asked once more while its first answer is on its way

  return {
    effect: null,
    effectBusy: false,
    effectLost: "",
    effectAll: false,
    effectOf: [], // rows, made once an answer

    // Asked a moment after the last letter; a draft that does not fit yet says so when it is saved. A newer draft ends an older one's asking.
    askEffect() {
      const wanted = this.draft && this.writes() && READ.has(this.noun) && (this.removing || this.isChanged()) && !this.draft.clash.length;
      const question = wanted ? JSON.stringify({ noun: this.noun, removed: this.removing, value: this.effectBody() }) : "";
      if (question === asked) return;
      clearTimeout(timer);
      asked = question;
      turn += 1;
      const own = turn;
      Object.assign(this, { effectLost: "", effectAll: false, effectBusy: Boolean(question) });
      if (!question) this.keepEffect(null);
      else timer = setTimeout(() => this.readEffect(question, own), AFTER_MS);
    },
    // What was told of another thing is not this one's.
    dropEffect() {
      clearTimeout(timer);
      asked = "";
      turn += 1;
      Object.assign(this, { effectLost: "", effectBusy: false });
      this.keepEffect(null);
    },
    askEffectAgain() {
      asked = "";
      this.askEffect();
    },
    effectBody() {
      const { v, ...base } = this.draft.base;
      const value = { ...base, ...this.value() };
      return this.draft.fresh ? { ...value, id: "new_thing" } : { ...value, id: this.draft.id };
    },
    async readEffect(question, own) {
      const { noun, removed, value } = JSON.parse(question);
      const path = `/api/registry/${noun}/${value.id}/effect`;
      const ask = (district) => {
        const query = new URLSearchParams({ ...(district && { district }), ...(removed && { removed }) }).toString();
        return api.lookUp(query ? `${path}?${query}` : path, value, "rows", "scenes", "moments", "depending", "incidents", "duties", "hindering");
      };
      let told = false;
      try {
        const first = await ask("");
        if (turn !== own) return;
        const districts = await this.districtsToTry(noun, first.district);
        if (turn !== own) return;
        this.keepEffect({ ...first, removed, districts: 0, of: districts.length });
        told = true;
        for (const district of districts) {
          const answer = await ask(district);
          if (turn !== own) return;
          this.keepEffect(merged(this.effect, answer));
        }
      } catch (error) {
        if (turn !== own) return;
        // What was tried until then stays true, and is said not to be all; of an older asking nothing does, nor keeps from saving.
        if (!told) this.keepEffect(null);
        this.effectLost = error.meaning === "refused" && (error.faults || []).length ? "" : failureWord(error);
      } finally {
        if (turn === own) this.effectBusy = false;
      }
    },
    // The district of the first answer first; a district's own change concerns no other.
    async districtsToTry(noun, first) {
      if (noun === "districts") return [];
      if (!data.known("districts")) await data.load("districts");
      return data.ids("districts").sort((a, b) => (b === first) - (a === first) || a.localeCompare(b));
    },
    keepEffect(effect) {
      this.effect = effect;
      this.effectOf = effect ? effectRows(effect.rows, data.name, undefined, effect.moments.length) : [];
      this.keepHindering();
    },
    showsEffect() {
      return Boolean(this.draft && (this.effect || this.effectBusy || this.effectLost));
    },
    effectTitle() {
      return this.removing ? t("What changes in dispatch if it is removed") : t("What changes in dispatch if this is saved");
    },
    effectProgress() {
      const { districts = 0, of = 0 } = this.effect || {};
      return this.effectBusy && of ? t("{n} of {all} districts", { n: districts, all: of }) : "";
    },
    effectShown() {
      return this.effectAll ? this.effectOf : this.effectOf.slice(0, SHOWN);
    },
    effectMoreWord() {
      const left = this.effectAll ? 0 : this.effectOf.length - SHOWN;
      return left > 0 ? tn("{n} more…", "{n} more…", left) : "";
    },
    allEffect() {
      this.effectAll = true;
    },
    unansweredCount() {
      return this.effect ? this.effect.rows.filter((row) => row.kind === "unanswered").length : 0;
    },
    effectSums() {
      const { scenes, rows, districts, of } = this.effect;
      if (districts < of) return tn("{n} answer tried so far, now and at the next changes of duty.", "{n} answers tried so far, now and at the next changes of duty.", scenes);
      const where = of ? tn("in {n} district", "in all {n} districts", of) : t("in this district");
      if (!rows.length) return t("Nothing: {n} answers were tried {where}, now and at the next changes of duty, and stay the same.", { n: scenes, where });
      return t("{n} answers were tried {where}, now and at the next changes of duty; {same} stay the same.", { n: scenes, where, same: scenes - rows.length });
    },
    effectLoss() {
      const n = this.unansweredCount();
      return n ? tn("{n} would have no answer.", "{n} would have no answer.", n) : "";
    },
    effectClass() {
      return this.isHindered() || this.effectOf.some((row) => row.tone === "k-why") ? "k-reg-effect k-reg-loss" : "k-reg-effect";
    },
    usedBy() {
      if (!this.effect || this.stamp < 0) return [];
      return this.effect.depending.filter(({ noun }) => noun !== "shifts").slice(0, SHOWN).map(({ noun, id }) => ({ key: `${noun}/${id}`, href: `#${noun}/${id}`, word: data.name(noun, id) }));
    },
    usedByMore() {
      const left = this.effect ? this.effect.depending.length - this.usedBy().length : 0;
      return left > 0 ? tn("and {n} more", "and {n} more", left) : "";
    },
    openWith() {
      if (!this.effect || this.stamp < 0) return [];
      return this.effect.incidents.map((one) => ({
        key: one.id, href: `incident.html?id=${encodeURIComponent(one.id)}`, word: this.incidentWord(one),
      }));
    },
    incidentWord: (one) => [one.label, data.name("incident-types", one.type), one.district && data.name("districts", one.district)].filter(Boolean).join(", "),
    openWithWord() {
      const n = this.effect?.incidents.length || 0;
      return n ? tn("Has a part in {n} open incident, which goes on as it is:", "Has a part in {n} open incidents, which go on as they are:", n) : t("It has a part in no open incident.");
    },
    dutiesWord() {
      const { duties, duties_until: until } = this.effect || {};
      if (!this.draft || this.draft.fresh || !ON_ROSTERS.has(this.noun)) return "";
      return duties ? tn("{n} duty on rosters until {time}.", "{n} duties on rosters until {time}.", duties, { time: t("{day}, {time}", { day: shortDay(until), time: clock(until).slice(0, 5) }) }) : t("It is on no roster from now on.");
    },
  };
}
