import { combo } from "../parts/combo.js";
import { failureWord, placeErrors } from "../parts/fields.js";
import { label, t, tn } from "../parts/i18n.js";
import { openRegistry } from "../parts/registry.js";
import { ruleLinks } from "../parts/rule-links.js";
import { mapPart } from "../parts/rules-map.js";
import { start } from "../parts/start.js";
import { instantOn, localDay, nowInstant, when } from "../parts/time.js";
import { levelsOf, missingWord, needWord, othersByReason, peopleWord, pickNotes, planPassedOver, resultTone, resultWord, ruleName, silenceWord, tryQuery, unitWord } from "../parts/trying-words.js";
import { turnGaps, turnMoments } from "../parts/turn-rows.js";
import { plain, terrainWord } from "../parts/words.js";

const PAUSE_MS = 250;
const PLACES = { type: "type", district: "district", terrain: "terrain", at: "time" };

await start(({ api, me }) => ({ rules: () => rules(api, me), combo }));

function rules(api, me) {
  let registry = openRegistry({});
  let places = { districts: [], units: [] };
  let everywhere = "";
  let timer = 0;
  let asked = "";

  return {
    loaded: false,
    loadFailure: "",
    form: { type: "", district: "", terrain: "", moment: "now", day: localDay(nowInstant()), time: "" },
    errors: {},
    found: null,
    busy: false,
    failure: "",

    async init() {
      const given = new URLSearchParams(location.search);
      for (const name of ["type", "district", "terrain"]) this.form[name] = given.get(name) || "";
      if (given.get("at")) this.form = { ...this.form, moment: "later", day: localDay(given.get("at")), time: given.get("at") && when(given.get("at")).slice(-5) };
      this.$watch("form", () => this.ask());
      await this.load();
    },
    async load() {
      this.loadFailure = "";
      try {
        const answer = await api.get("/api/registry", "incident_types", "districts");
        registry = openRegistry(answer);
        places = { districts: answer.districts, units: answer.units };
        this.loaded = true;
        this.ask();
      } catch (error) {
        this.loadFailure = failureWord(error);
      }
    },

    // The answer follows what is typed; the address names it, so that it can be sent to somebody.
    ask() {
      this.errors = {};
      const at = this.form.moment === "now" ? "" : instantOn(this.form.day, this.form.time);
      if (at === null && this.form.time) this.errors = { time: t("Write the time as 14:05 or 14:05:30.") };
      const query = at === null ? "" : tryQuery({ ...this.form, at });
      if (query === asked) return;
      asked = query;
      // The map is of all districts: another one asks nothing anew.
      const all = tryQuery({ ...this.form, district: "-", at: at || "" });
      if (all !== everywhere) this.forgetMap();
      everywhere = all;
      clearTimeout(timer);
      if (!query) return this.forget();
      this.busy = true;
      timer = setTimeout(() => this.fetch(query), PAUSE_MS);
    },
    forget() {
      this.found = null;
      this.busy = false;
      this.failure = "";
    },
    again() {
      asked = "";
      this.ask();
    },
    async fetch(query) {
      try {
        const found = await api.get(`/api/rules/try?${query}`, "needs");
        if (query !== asked) return;
        this.found = found;
        this.failure = "";
        history.replaceState(null, "", `?${query}`);
      } catch (error) {
        if (query !== asked) return;
        const { fields } = placeErrors(error.faults, PLACES);
        this.errors = fields;
        this.found = null;
        this.failure = Object.keys(fields).length ? "" : failureWord(error);
      } finally {
        if (query === asked) this.busy = false;
      }
    },

    comboOptions(name) {
      if (!this.loaded) return null;
      return name === "type" ? registry.typeOptions : registry.districtOptions;
    },
    comboValue(name) {
      return this.form[name];
    },
    comboPick(name, id) {
      const place = name === "district" ? registry.place(id, { village: "" }).district : id;
      this.form[name] = place;
    },
    invalid(name) {
      return this.errors[name] ? "is-invalid" : "";
    },
    get later() {
      return this.form.moment === "later";
    },
    typeTerrain() {
      const type = registry.types.get(this.form.type);
      return type ? t("as the type says ({terrain})", { terrain: terrainWord(type.terrain) }) : t("as the type says");
    },

    // Words
    asks() {
      return [registry.type(this.found.type), registry.district(this.found.district), terrainWord(this.found.terrain), this.found.by_states ? t("now, with what the units are doing") : t("{time}, if all units are free", { time: when(this.found.at) })].join(" · ");
    },
    result: resultWord,
    tone: resultTone,
    levels: levelsOf,
    need(each) {
      return needWord(each, {
        agency: registry.agency,
        certification: (id) => label(registry.certifications.find((one) => one.id === id)?.label) || plain(id),
      });
    },
    missing: missingWord,
    unit: unitWord,
    people: peopleWord,
    notes: (pick) => pickNotes(pick, registry.certifications),
    others: (each) => othersByReason(each.others),
    moments() {
      return turnMoments(this.found.turns);
    },
    gapWord() {
      const gaps = [...turnGaps(this.found.turns)];
      return gaps.length ? t("Steps of this policy that nobody fills: {steps}.", { steps: gaps.join("; ") }) : "";
    },
    moreWord: (row) => tn("{n} more", "{n} more", row.more.length),
    showAllDistricts() {
      return this.showMap(this.form.moment === "now" ? "" : this.found.at);
    },
    othersWord: (row) => peopleWord({ people: [], others: row.others }),
    silence() {
      return silenceWord(this.found, registry.types.get(this.found.type)?.priority);
    },
    ruleName,
    planWhy: (plan) => planPassedOver(plan.why),
    ...ruleLinks(me),
    ...mapPart({ api, me, places: () => places }),
  };
}
