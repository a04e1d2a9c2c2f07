import described from "../nouns.js";
import { combo } from "../parts/combo.js";
import { dutyLink } from "../parts/duty-link.js";
import { failureWord, notLoadedWord } from "../parts/fields.js";
import { t } from "../parts/i18n.js";
import { keepAddress } from "../parts/languages.js";
import { namedBy, openNouns } from "../parts/noun-data.js";
import { boundaryPart } from "../parts/noun-boundary.js";
import { NEW, editPart } from "../parts/noun-edit.js";
import { effectPart } from "../parts/noun-effect.js";
import { hinderingPart } from "../parts/noun-hindering.js";
import { historyPart } from "../parts/noun-history.js";
import { listPart } from "../parts/noun-list.js";
import { savePart } from "../parts/noun-save.js";
import { upper } from "../parts/noun-words.js";
import { mayReadNoun, mayReadRegistry } from "../parts/roles.js";
import { smsPreview } from "../parts/sms-preview.js";
import { start } from "../parts/start.js";

// Counted when their turn comes: of people there may be thousands.
const LARGE = "personnel";
const FIRST = "units";

await start(({ api, me }) => ({ registry: () => registry(api, me), smsPreview: () => smsPreview(api), dutyLink: () => dutyLink(api), combo }));

function registry(api, me) {
  const nouns = Object.fromEntries(Object.entries(described).filter(([noun]) => mayReadNoun(me, noun)));
  const data = openNouns(api, nouns);
  const page = { api, me, nouns, data };
  let leaving = false;

  return {
    allowed: mayReadRegistry(me),
    noun: FIRST,
    id: "",
    stamp: 0, // counts what was loaded or saved: `data` itself is not watched
    lost: {}, // why a noun could not be loaded

    async init() {
      if (!this.allowed) return;
      window.addEventListener("hashchange", () => this.goTo());
      window.addEventListener("leaving", () => {
        leaving = true;
      });
      document.addEventListener("visibilitychange", () => this.seenAgain());
      window.addEventListener("beforeunload", (event) => {
        if (this.anyDraft() && !leaving) event.preventDefault();
      });
      await this.goTo();
      for (const noun of Object.keys(nouns)) if (noun !== LARGE && !data.known(noun)) await this.load(noun);
    },
    // The address says what is shown: #units, #units/rescue_1, #units/+ for a new one.
    async goTo() {
      const [noun, id = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
      const another = noun !== this.noun;
      this.keepDraft();
      Object.assign(this, { outlines: [], brought: "" });
      this.noun = nouns[noun] ? noun : FIRST;
      this.id = id;
      this.followLanguage();
      if (another) Object.assign(this, { search: "", begins: 0 });
      this.clearTold();
      this.dropEffect();
      this.showAll();
      this.focusThing();
      if (another || !data.known(this.noun)) await this.loadAll();
      this.followErrand();
    },
    go(noun, id) {
      history.replaceState(null, "", `#${noun}${id ? `/${id}` : ""}`);
      this.id = id;
      this.followLanguage();
    },
    followLanguage: keepAddress,
    showAll() {
      this.openThing();
      this.listAnew();
      this.readHistory();
      this.askEffect();
    },
    focusThing() {
      if (this.id) this.focusOn("reg-title");
    },
    async loadAll() {
      const { noun } = this;
      await Promise.all([noun].concat(namedBy(nouns[noun]).filter((each) => nouns[each] && !data.known(each))).map((each) => this.load(each)));
      if (this.noun !== noun) return;
      // A new thing has nothing that could have come with it, and what was told of its fields stays.
      if (this.draft?.fresh) this.listAnew();
      else this.showAll();
    },
    async load(noun) {
      try {
        await data.load(noun);
        delete this.lost[noun];
      } catch (error) {
        this.lost[noun] = failureWord(error);
      }
      this.stamp += 1;
      this.tellRefusal();
      this.keepHindering();
      // A typed letter is never lost to what is loaded meanwhile.
      if (noun !== this.noun && namedBy(nouns[this.noun]).includes(noun)) this.listAnew();
    },
    lostWord() {
      return this.lost[this.noun] ? notLoadedWord(this.lost[this.noun]) : "";
    },
    namesLost() {
      return namedBy(nouns[this.noun]).some((noun) => this.lost[noun]);
    },
    tryNow() {
      this.loadAll();
    },
    waiting() {
      return this.stamp >= 0 && !data.known(this.noun) && !this.lost[this.noun];
    },
    unknownThing() {
      return Boolean(this.stamp >= 0 && this.id && !this.draft && data.known(this.noun));
    },
    nothingOpen() {
      return !this.id && !this.draft;
    },

    // Nouns at the left
    groups() {
      const found = [];
      for (const [noun, { group, many }] of Object.entries(nouns)) {
        if (found.at(-1)?.group !== group) found.push({ group, title: t(group), nouns: [] });
        found.at(-1).nouns.push({ noun, word: upper(t(many)), href: `#${noun}` });
      }
      return found;
    },
    countWord(noun) {
      return this.stamp >= 0 && data.known(noun) ? String(data.count(noun)) : "";
    },
    currentNoun(noun) {
      return noun === this.noun ? "page" : null;
    },
    nounPicked(event) {
      location.hash = `#${event.target.value}`;
    },
    nounWord() {
      return upper(t(nouns[this.noun].many));
    },
    scopeWord() {
      if (me.role === "agency_admin") return t("Only {agency}, as your account says", { agency: this.stamp >= 0 ? data.name("agencies", me.agency_id) : "" });
      return me.role === "admin" ? "" : t("Only to read");
    },
    viewClass() {
      return this.id ? "k-reg-one" : "k-reg-many";
    },
    addNew() {
      location.hash = `#${this.noun}/${NEW}`;
    },
    backToList() {
      location.hash = `#${this.noun}`;
    },
    pageKey(event) {
      if (!this.allowed) return;
      this.saveKey(event);
      const typing = event.target.closest?.("input, textarea, select");
      if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      document.getElementById("reg-search")?.focus();
    },

    ...listPart(page),
    ...editPart(page),
    ...boundaryPart(page),
    ...savePart(page),
    ...historyPart(page),
    ...effectPart(page),
    ...hinderingPart(page),
  };
}
