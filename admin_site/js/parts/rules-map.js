// All districts for what is tried, on a map and as a list: asked district after district while one looks.

import { failureWord } from "./fields.js";
import { label, t } from "./i18n.js";
import { drawMap } from "./map-drawing.js";
import { mapSums, planMap } from "./plan-map.js";
import { mayReadRegistry } from "./roles.js";
import { tryQuery } from "./trying-words.js";

// `places` gives districts and units as the desk's registry has them.
export function mapPart({ api, me, places }) {
  let stations = null;
  let answers = new Map();
  let shown = "";

  return {
    mapped: null,
    mapBusy: false,
    mapLost: "",
    mapNeed: "",
    mapDistrict: "",

    mayMap: () => mayReadRegistry(me),
    // What was drawn for another type, terrain or time is no answer to this one.
    forgetMap() {
      shown = "";
      Object.assign(this, { mapped: null, mapBusy: false, mapLost: "", mapNeed: "", mapDistrict: "" });
    },
    async showMap(at) {
      const question = tryQuery({ ...this.form, at, district: "-" });
      shown = question;
      answers = new Map();
      Object.assign(this, { mapBusy: true, mapLost: "" });
      try {
        stations ??= (await api.get("/api/registry/stations", "items")).items;
        for (const { id } of places().districts) {
          if (shown !== question) return;
          const found = await api.get(`/api/rules/try?${tryQuery({ ...this.form, at, district: id })}`, "needs");
          if (shown !== question) return;
          answers.set(id, found);
          this.draw();
        }
      } catch (error) {
        if (shown === question) this.mapLost = failureWord(error);
      } finally {
        if (shown === question) this.mapBusy = false;
      }
    },
    draw() {
      const { districts, units } = places();
      this.mapped = planMap({ districts, units, stations, answers, need: this.mapNeed });
      this.$nextTick(() => {
        const svg = document.getElementById("rules-map");
        if (svg && this.mapped) drawMap(svg, this.mapped, this.mapDistrict);
      });
    },
    needPicked(event) {
      this.mapNeed = event.target.value;
      this.draw();
    },
    // The needs of the plan that answers the district which was asked for.
    mapNeeds() {
      const first = this.found.needs.filter((one) => one.level === 1);
      return first.map((one) => ({ id: one.need.id, word: `${one.need.units} × ${label(one.capability) || t("any unit")}` }));
    },
    pointAt(id) {
      this.mapDistrict = id;
      this.draw();
    },
    mapProgress() {
      return this.mapBusy ? t("{n} of {all} districts", { n: answers.size, all: places().districts.length }) : "";
    },
    mapSum() {
      return this.mapped ? mapSums(this.mapped) : "";
    },
    rowTone: (row) => ({ none: "k-why", short: "k-soon" })[row.state] || "k-minor",
    openDistrict(row) {
      this.form.district = row.id;
    },
  };
}
