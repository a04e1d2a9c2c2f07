// What dispatch would do differently if the draft were saved; saving never waits for it.

import { failureWord } from "./fields.js";
import { decimal, t, tn } from "./i18n.js";
import { passedOver } from "./plan-words.js";
import { clock, localDay, nowInstant, shortDay } from "./time.js";

const AFTER_MS = 700;
const SHOWN = 12;
// What the planner reads.
const READ = new Set(["agencies", "stations", "units", "personnel", "response-plans", "incident-types", "districts", "capabilities", "certifications"]);

export function sideWord({ plan_id: plan, units, missing }) {
  if (!plan) return t("no response plan fits");
  const names = units.map((unit) => [unit.callsign || unit.agency, unit.distance_km === null ? "" : t("{km} km", { km: decimal(unit.distance_km) }), tn("{n} person", "{n} people", unit.people)].filter(Boolean).join(", "));
  const gaps = missing.map((gap) => tn("{n} unit missing: {why}", "{n} units missing: {why}", gap.missing, { why: passedOver(gap.reason) }));
  return [...names, ...gaps].join("; ") || t("nobody");
}

export function kindWord(kind) {
  return {
    unanswered: t("✕ no answer:"), fewer: t("✕ fewer units:"), units: t("other units:"), people: t("other people:"), more: t("more units:"),
  }[kind] || "";
}

function momentWord(at, now) {
  const time = clock(at).slice(0, 5);
  return localDay(at) === localDay(now) ? time : t("{day}, {time}", { day: shortDay(at), time });
}

// Answers that differ alike at several times are one row.
export function effectRows(rows, name, now = nowInstant()) {
  const found = new Map();
  for (const row of rows) {
    const [before, after] = [sideWord(row.before), sideWord(row.after)];
    const key = [row.plan_id, row.type, row.district, row.kind, before, after].join("|");
    if (!found.has(key)) {
      found.set(key, { key, kind: row.kind, loud: ["unanswered", "fewer"].includes(row.kind), what: name("incident-types", row.type), where: name("districts", row.district), before, word: kindWord(row.kind), after, times: [] });
    }
    found.get(key).times.push(momentWord(row.at, now));
  }
  return [...found.values()].map((row) => ({ ...row, when: row.times.join(" · ") }));
}

export function effectPart(page) {
  const { api, data } = page;
  let timer = 0;
  let asked = "";

  return {
    effect: null,
    effectBusy: false,
    effectLost: "",
    effectAll: false,

    // Asked a moment after the last letter; a draft that does not fit yet says so when it is saved.
    askEffect() {
      clearTimeout(timer);
      const wanted = this.draft && this.writes() && READ.has(this.noun) && this.isChanged() && !this.draft.clash.length;
      const body = wanted ? JSON.stringify(this.effectBody()) : "";
      if (body === asked) return;
      asked = body;
      Object.assign(this, { effectLost: "", effectAll: false, effectBusy: Boolean(body) });
      if (!body) this.effect = null;
      else timer = setTimeout(() => this.readEffect(body), AFTER_MS);
    },
    effectBody() {
      const { v, ...base } = this.draft.base;
      const value = { ...base, ...this.value() };
      return this.draft.fresh ? { ...value, id: `new_${crypto.randomUUID().slice(0, 8)}` } : { ...value, id: this.draft.id };
    },
    async readEffect(body) {
      try {
        const value = JSON.parse(body);
        const answer = await api.lookUp(`/api/registry/${this.noun}/${value.id}/effect`, value, "rows", "scenes", "moments", "depending");
        if (asked === body) this.effect = answer;
      } catch (error) {
        if (asked !== body) return;
        this.effect = null;
        this.effectLost = error.meaning === "refused" && (error.faults || []).length ? "" : failureWord(error);
      } finally {
        if (asked === body) this.effectBusy = false;
      }
    },
    showsEffect() {
      return Boolean(this.draft && (this.effect || this.effectBusy || this.effectLost));
    },
    effectOf() {
      return this.stamp >= 0 && this.effect ? effectRows(this.effect.rows, data.name) : [];
    },
    effectShown() {
      const rows = this.effectOf();
      return this.effectAll ? rows : rows.slice(0, SHOWN);
    },
    effectMoreWord() {
      const left = this.effectAll ? 0 : this.effectOf().length - SHOWN;
      return left > 0 ? tn("{n} more…", "{n} more…", left) : "";
    },
    allEffect() {
      this.effectAll = true;
    },
    unansweredCount() {
      return this.effect ? this.effect.rows.filter((row) => row.kind === "unanswered").length : 0;
    },
    effectSums() {
      const { scenes, rows } = this.effect;
      const counted = t("{n} answers were tried, now and at the next changes of duty; {same} stay the same.", { n: scenes, same: scenes - rows.length });
      return rows.length ? counted : t("Nothing: {n} answers were tried, now and at the next changes of duty, and stay the same.", { n: scenes });
    },
    effectLoss() {
      const n = this.unansweredCount();
      return n ? tn("{n} would have no answer.", "{n} would have no answer.", n) : "";
    },
    effectClass() {
      return this.effectOf().some((row) => row.loud) ? "k-reg-effect k-reg-loss" : "k-reg-effect";
    },
    usedBy() {
      if (!this.effect) return [];
      return this.effect.depending.filter(({ noun }) => noun !== "shifts").slice(0, SHOWN).map(({ noun, id }) => ({ key: `${noun}/${id}`, href: `#${noun}/${id}`, word: data.name(noun, id) }));
    },
    usedByMore() {
      const left = this.effect ? this.effect.depending.length - this.usedBy().length : 0;
      return left > 0 ? tn("and {n} more", "and {n} more", left) : "";
    },
  };
}
