// What stands above an incident's columns, and where it is: what, how urgent, whether anybody comes, the place.

import { agenciesToRing, alarmHint, alarmWord, isAlarm } from "./coming-words.js";
import { askAgain } from "./doubt-words.js";
import { t } from "./i18n.js";
import { mayCommand, maySupervise } from "./roles.js";
import { duration, longDay } from "./time.js";
import * as words from "./words.js";

export function headPart({ me, registry }) {
  return {
    open() {
      return this.one.status === "open";
    },
    title() {
      return registry().type(this.one.type);
    },
    incidentStatusWord() {
      return words.incidentStatusWord(this.one.status);
    },
    headClass() {
      return `k-head k-p${this.one.priority}`;
    },
    terrain() {
      return words.terrainWord(this.one.terrain);
    },
    category() {
      return words.categoryWord(this.one.category);
    },
    openedDay() {
      return longDay(this.one.received_at);
    },
    alarm() {
      return isAlarm(this.one);
    },
    alarmClass() {
      return this.one.drill ? "k-alarm k-alarm-drill" : "k-alarm";
    },
    alarmWord() {
      return alarmWord(this.one);
    },
    alarmHint() {
      return alarmHint(this.one);
    },
    alarmSince() {
      return this.one.coming?.since;
    },
    mayClose() {
      return mayCommand(me) && this.one.coming.state === "done";
    },
    agenciesToRing() {
      return agenciesToRing(this.one, registry());
    },
    beingOrdered() {
      return words.beingOrderedWord(this.one);
    },
    disposition() {
      return registry().disposition(this.one.disposition);
    },
    took() {
      return duration(Date.parse(this.one.closed_at) - Date.parse(this.one.received_at));
    },

    // Place
    place() {
      return [this.one.village, this.one.landmark].filter(Boolean).join(", ");
    },
    district() {
      return registry().district(this.one.district);
    },
    coordinates() {
      return this.one.lat === null ? "" : `${this.one.lat}, ${this.one.lng}`;
    },
    mapLink() {
      const { lat, lng } = this.one;
      if (lat !== null) return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lng}#map=16/${lat}/${lng}`;
      const place = [this.one.village, this.one.district && this.district(), "Kotawaringin Timur"].filter(Boolean).join(", ");
      return `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`;
    },
    placeDoubts() {
      return askAgain(this.one.doubts);
    },
    textErased() {
      return this.one.erased.includes("narrative");
    },

    // Legal hold
    maySupervise: () => maySupervise(me),
    holdWord() {
      const { hold } = this.one;
      return hold ? t("Under a legal hold since {day}, by {name}: nothing is erased.", { day: longDay(hold.at), name: hold.by_name || hold.by }) : "";
    },
  };
}
