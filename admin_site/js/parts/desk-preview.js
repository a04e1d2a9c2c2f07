// Whom the desk's call would send, and which open incidents it may belong to, asked anew as the form changes.

import { previewQuery } from "./call-form.js";
import { questionWords } from "./doubt-words.js";
import { failureWord } from "./fields.js";
import { currentLanguage, decimal, t, tn } from "./i18n.js";
import { passedOver, pickReason, shortfall, warning } from "./plan-words.js";

const PAUSE_MS = 250;
const NEAR_BORDER_M = 300;
const NEARBY_SHOWN = 3; // so that who would go stays in view

export function previewPart({ api, registry }) {
  let timer = 0;
  let asked = "";

  return {
    preview: null,
    previewBusy: false,
    previewFailure: "",
    previewFor: "", // the query that `preview` answers
    nearbyAll: false,

    askPreview() {
      const query = previewQuery(this.form);
      if (query === asked) return;
      asked = query;
      this.nearbyAll = false;
      clearTimeout(timer);
      if (!query) {
        this.preview = null;
        this.previewBusy = false;
        this.previewFailure = "";
        return;
      }
      this.previewBusy = true;
      timer = setTimeout(() => this.fetchPreview(query), PAUSE_MS);
    },
    async fetchPreview(query) {
      try {
        const answer = await api.get(`/api/dispatch/preview?${query}`, "picks", "shortfalls", "nearby");
        if (query !== asked) return;
        this.preview = answer;
        this.previewFor = query;
        this.previewFailure = "";
      } catch (error) {
        if (query !== asked) return;
        this.preview = null;
        this.previewFailure = failureWord(error);
        asked = "";
      }
      this.previewBusy = false;
    },
    pickNotes: (pick) => pick.reasons.map(pickReason).join(", "),
    pickPeople: (pick) => pick.people.map((person) => person.name).join(", "),
    pickWarnings: (pick) => pick.warnings.map((code) => warning(code, registry().certifications, pick.people)),
    distance: (km) => (km === null || km === undefined ? "" : t("{km} km", { km: decimal(km) })),
    pickDistance(pick) {
      return pick.distance_km === null ? t("distance ?") : this.distance(pick.distance_km);
    },
    previewDoubt() {
      if (!this.preview) return "";
      if (this.preview.doubts.includes("place_unknown")) return t("Without distance: nobody knows yet where it is. Chosen from the midst of all stations.");
      const question = this.preview.away && { code: "place_far", away: this.preview.away, named: Boolean(this.form.district) };
      return question ? questionWords(question, registry().district, currentLanguage()).text : "";
    },
    // Where the point lies by the districts' boundaries: said where nobody named one, or another, or the border is near.
    liesWord() {
      const lies = this.preview?.lies;
      if (!lies || this.previewFor !== asked || !this.form.coordinates.trim()) return "";
      const district = registry().district(lies.district);
      if (!this.form.district) return t("This point lies in {district}.", { district });
      if (this.form.district !== lies.district) return t("This point lies in {district}, not in {named}.", { district, named: registry().district(this.form.district) });
      return lies.border_m < NEAR_BORDER_M ? t("This point is {n} m from the border of {district}.", { n: lies.border_m, district }) : "";
    },
    mayTakeDistrict() {
      return this.liesWord() !== "" && this.form.district !== this.preview.lies.district;
    },
    takeDistrictWord() {
      return this.mayTakeDistrict() ? t("Take {district}", { district: registry().district(this.preview.lies.district) }) : "";
    },
    takeDistrict() {
      Object.assign(this.form, registry().place(this.preview.lies.district, this.form));
      this.$nextTick(() => document.getElementById("narrative")?.focus());
    },
    shortfallWord: (one) => shortfall(one, registry().agency),
    passedOverWord: (unit) => t("{unit}: {why}", { unit: unit.callsign, why: passedOver(unit.reason) }),
    nearby() {
      return this.emergency() && !this.form.join ? this.preview?.nearby || [] : [];
    },
    nearbyShown() {
      return this.nearbyAll ? this.nearby() : this.nearby().slice(0, NEARBY_SHOWN);
    },
    nearbyMore() {
      const more = this.nearby().length - this.nearbyShown().length;
      return more ? tn("{n} more", "{n} more", more) : "";
    },
    showNearby() {
      this.nearbyAll = true;
    },
    nearbyTitle(one) {
      return registry().type(one.type);
    },
    nearbyPlace(one) {
      return [one.landmark, one.village, registry().district(one.district), this.distance(one.distance_km)].filter(Boolean).join(" · ");
    },
    callCount: (n) => tn("{n} call", "{n} calls", n),
    join(one) {
      const { id, label, type, district, village, landmark, distance_km } = one;
      this.form.join = { id, label, type, district, village, landmark, distance_km };
      this.errors = {};
      this.askOn();
    },
    unjoin() {
      this.form.join = null;
      this.askOn();
    },
    // The button that was pressed is gone; the notice that comes or goes in the next frame moves the field.
    askOn() {
      this.$nextTick(() => requestAnimationFrame(() => document.getElementById("narrative")?.focus()));
    },
    joinTitle() {
      return this.loaded ? registry().type(this.form.join.type) : "";
    },
    joinPlace() {
      return this.loaded ? this.nearbyPlace(this.form.join) : "";
    },
    // At once, whatever else was to be asked.
    previewNow(query) {
      asked = query;
      clearTimeout(timer);
      return this.fetchPreview(query);
    },
    forgetPreview() {
      this.preview = null;
      this.previewFor = "";
      asked = "";
    },
  };
}
