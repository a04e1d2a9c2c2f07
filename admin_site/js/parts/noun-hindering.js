// What still needs the thing, in the box before it is saved; from there to each of it and back, until nothing does.

import { t, tn } from "./i18n.js";
import { hinderingHint, hinderingRows } from "./hindering-words.js";
import { placeOf } from "./noun-faults.js";
import { mayKeep } from "./roles.js";

export function hinderingPart(page) {
  const { me, nouns, data } = page;

  return {
    hindering: [], // rows, made once an answer
    hinderingHint: "",
    errand: null, // {noun, id, title, about, path, text}: whence somebody came to put right what a draft needs

    keepHindering() {
      const { hindering = [], incidents = [] } = this.effect || {};
      this.hindering = hinderingRows(hindering, { fieldsOf: (noun) => nouns[noun]?.fields, keeps: (noun) => mayKeep(me, noun), name: data.name, incidents: incidents.map((one) => ({ ...one, word: this.incidentWord(one) })) });
      this.hinderingHint = hinderingHint(hindering);
    },
    // Of rosters alone nothing must be put right before: their duties end with it.
    onlyDutiesHinder() {
      return this.hindering.length > 0 && this.hindering.every((one) => one.key.startsWith("shifts/"));
    },
    isHindered() {
      return this.hindering.length > 0 && !this.onlyDutiesHinder();
    },
    hinderingTitle() {
      const n = this.hindering.length;
      return this.onlyDutiesHinder() ? t("These duties end with it:") : tn("{n} thing still needs it. First put that right:", "{n} things still need it. First put these right:", n);
    },
    firstPutRightWord() {
      return tn("First put {n} thing right", "First put {n} things right", this.hindering.length);
    },
    // Instead of sending what would be refused: looks once more, as it may be put right by now.
    lookAtHindering() {
      this.askEffectAgain();
      this.focusOn("reg-hindering");
    },
    seenAgain() {
      if (document.visibilityState === "visible" && this.hindering.length) this.askEffectAgain();
    },
    goToHindering(one) {
      const { noun, id } = this.draft;
      this.errand = { noun, id, title: this.titleWord(), about: one.key, path: one.path, text: one.text };
    },
    linkTarget: (one) => (one.away ? "_blank" : null),

    onErrand() {
      return Boolean(this.errand && this.errand.about === `${this.noun}/${this.id}`);
    },
    errandWord() {
      return this.onErrand() && !this.saved ? t("{name} waits for this. {text}", { name: this.errand.title, text: this.errand.text }) : "";
    },
    errandHref() {
      return this.errand ? `#${this.errand.noun}/${this.errand.id}` : null;
    },
    errandBackWord() {
      return this.errand ? t("Back to {name}", { name: this.errand.title }) : "";
    },
    // The field that names the thing is what one came for.
    followErrand() {
      if (!this.errand) return;
      if (this.noun === this.errand.noun && this.id === this.errand.id) this.errand = null;
      else if (this.onErrand() && this.draft) this.$nextTick(() => this.toField(placeOf(this.fields(), this.errand?.path || "")?.path || ""));
    },
  };
}
