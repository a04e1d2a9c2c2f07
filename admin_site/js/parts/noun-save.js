// Saving one thing: as a new one or over the version that was read; what is refused, and what somebody else did meanwhile.

import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { differs, formOf, idFor, meanwhile, partOf, same, valueOf } from "./noun-form.js";
import { told } from "./noun-faults.js";
import { upper, valueWord } from "./noun-words.js";

const MEANWHILE = new Set(["version_stale", "changed_meanwhile"]);

export function savePart(page) {
  const { api, nouns, data } = page;

  return {
    busy: false,
    saved: "",
    failure: "",
    depends: [],
    dutyCount: 0,
    refusal: null, // what the two above are drawn of, once more when a list brings names
    removing: false,

    saveWord() {
      if (this.isHindered()) return this.firstPutRightWord();
      if (this.onlyDutiesHinder()) return t("Save, and end its duties");
      const lost = this.unansweredCount();
      if (lost) return tn("Save, with {n} without an answer", "Save, with {n} without an answer", lost);
      if (this.restoring()) return t("Put version {v} back", { v: this.draft.restores.v });
      if (this.draft.fresh) return t("Save the {noun}", { noun: t(nouns[this.noun].one) });
      if (!this.retires() || this.draft.form.retired === this.draft.base.retired) return t("Save");
      return this.draft.form.retired ? t("Save and retire") : t("Save and bring back");
    },
    saveKey(event) {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      // A picker takes what is typed in it when it is left.
      const field = document.activeElement;
      field?.blur();
      field?.focus();
      this.save();
    },
    async save(endDuties = this.onlyDutiesHinder()) {
      if (this.busy || !this.draft || !this.writes()) return;
      const { draft } = this;
      this.clearTold();
      if (this.isHindered()) return this.lookAtHindering();
      if (draft.clash.length) return this.tellClash();
      if (!draft.fresh && !this.isChanged()) {
        this.saved = t("Nothing is changed.");
        return;
      }
      const { v, ...base } = draft.base;
      const value = { ...base, ...this.value() };
      value.id = draft.fresh ? (draft.sent?.id ?? idFor(this.noun, nouns[this.noun], value, (id) => data.ids(this.noun).includes(id))) : draft.id;
      this.busy = true;
      try {
        await this.written(draft, await this.write(draft, value, endDuties));
      } catch (error) {
        // What may have been carried out keeps its id: the same once more is the same.
        if (draft.fresh) draft.sent = error.open ? value : null;
        await this.refused(error, draft, value);
      } finally {
        this.busy = false;
      }
    },
    write(draft, value, endDuties) {
      const body = draft.why.trim() ? { ...value, why: draft.why.trim() } : value;
      const path = `/api/registry/${draft.noun}`;
      if (draft.fresh) return api.post(path, body, undefined, "id", "v");
      if (this.restoring() && !endDuties) {
        const why = draft.why.trim() ? { why: draft.why.trim() } : {};
        return api.postOver(`${path}/${draft.id}/restore`, { v: draft.restores.v, ...why }, draft.v, "id", "v");
      }
      return api.put(`${path}/${draft.id}${endDuties ? "?end_shifts=true" : ""}`, body, draft.v, "id", "v");
    },
    async written(draft, thing) {
      data.put(draft.noun, thing);
      this.dropOf(draft);
      this.stamp += 1;
      if (this.noun !== draft.noun || this.id !== draft.id) return;
      this.draft = null;
      if (draft.fresh) this.go(draft.noun, thing.id);
      this.openThing();
      this.saved = t("Saved: version {v}.", { v: thing.v });
      this.listAnew();
      this.readHistory();
      this.askEffect();
    },
    whyTyped(event) {
      this.draft.why = event.target.value;
      this.keepDraft();
    },
    clearTold() {
      Object.assign(this, { errors: {}, summary: [], failure: "", saved: "", depends: [], dutyCount: 0, refusal: null, removing: false });
    },

    // What is refused: all of it at once, summed up on top
    async refused(error, draft, value) {
      const faults = error.faults || [];
      if (error.name === "Refused" && faults.some((fault) => MEANWHILE.has(fault.code))) return draft.fresh ? this.takenMeanwhile(draft, value) : this.theirs(draft);
      this.refusal = { faults, value };
      this.errors = this.tellRefusal();
      this.failure = this.summary.length || this.depends.length ? "" : failureWord(error);
      this.focusOn("reg-told");
    },
    tellRefusal() {
      if (!this.refusal) return {};
      const found = told(this.refusal.faults, this.fields(), this.refusal.value, data.name);
      Object.assign(this, { summary: found.summary, depends: found.depends, dutyCount: found.shifts });
      return found.fields;
    },
    toldTitle() {
      if (this.depends.length && !this.summary.length) return t("Not saved. Something depends on it:");
      return tn("Not saved yet. {n} field must be put right", "Not saved yet. {n} fields must be put right", this.summary.length);
    },
    toField(path) {
      const field = [...document.querySelectorAll("[data-path]")].find((each) => each.dataset.path === path || path.startsWith(`${each.dataset.path}.`));
      const exact = document.getElementById(path);
      const target = exact?.matches("input, select, textarea") ? exact : field?.querySelector("input, select, textarea, button");
      target?.focus();
      field?.scrollIntoView({ block: "center" });
    },
    focusOn(id) {
      this.$nextTick(() => document.getElementById(id)?.focus());
    },
    endDutiesWord() {
      return tn("Save, and end {n} duty", "Save, and end {n} duties", this.dutyCount);
    },
    onlyDuties() {
      return this.dutyCount > 0 && this.dutyCount === this.depends.length && this.summary.length === 0;
    },

    // Somebody else was quicker
    async theirs(draft) {
      try {
        const thing = await data.loadOne(draft.noun, draft.id);
        const now = meanwhile(this.fields(), draft, thing);
        if (this.draft !== draft) return;
        this.draft = now;
        this.stamp += 1;
        this.keepDraft();
        this.listAnew();
        this.readHistory();
        if (!this.isChanged()) return this.written(now, thing);
        this.tellClash();
      } catch (error) {
        this.failure = failureWord(error);
        this.focusOn("reg-told");
      }
    },
    tellClash() {
      this.focusOn("reg-clash");
    },
    // The id of a new thing is taken: by our own request whose answer was lost, or by somebody else's.
    async takenMeanwhile(draft, value) {
      try {
        await data.load(draft.noun);
        this.stamp += 1;
        const there = data.find(draft.noun, value.id);
        if (draft.sent && there && same(valueOf(this.fields(), formOf(this.fields(), there)), valueOf(this.fields(), formOf(this.fields(), draft.sent)))) {
          draft.sent = null;
          return this.written(draft, there);
        }
        draft.sent = null;
        this.failure = t("Another one of this name was added meanwhile: look at it in the list, then save once more if it is not the same.");
        this.listAnew();
      } catch (error) {
        this.failure = failureWord(error);
      }
      this.focusOn("reg-told");
    },
    hasClash() {
      return Boolean(this.draft?.before);
    },
    clashTitle() {
      const n = this.draft.clash.length;
      return n ? tn("Somebody else changed this meanwhile: choose at {n} field", "Somebody else changed this meanwhile: choose at {n} fields", n) : t("Somebody else changed this meanwhile. Look, and save once more.");
    },
    clashRows() {
      const { draft } = this;
      if (!draft?.before) return [];
      const mine = this.value();
      const word = (field, thing) => valueWord(field, partOf(field, thing), data.name) || t("nothing");
      return this.fields().filter((field) => differs(field, draft.before, draft.base) || differs(field, draft.base, mine)).map((field) => ({
        name: field.name, title: t(field.title), before: word(field, draft.before), theirs: word(field, draft.base), mine: word(field, mine),
        asked: draft.clash.includes(field.name),
      }));
    },
    takeTheirs(name) {
      const field = this.fields().find((each) => each.name === name);
      this.draft.form[name] = formOf([field], this.draft.base)[name];
      this.takeMine(name);
    },
    takeMine(name) {
      this.draft.clash = this.draft.clash.filter((each) => each !== name);
      this.touched(name);
      this.focusOn(this.draft.clash.length ? "reg-clash" : "reg-save");
    },

    // Removing, where nothing is retired instead
    removable() {
      return this.writes() && !this.draft.fresh && !this.retires() && this.noun !== "regency";
    },
    whyWord() {
      return this.removing ? t("Why it is removed") : t("Why it is changed");
    },
    removeThingWord() {
      return t("Remove the {noun}", { noun: t(nouns[this.noun].one) });
    },
    askRemove() {
      this.clearTold();
      this.removing = true;
      this.askEffect();
      this.focusOn("reg-why");
    },
    keepThing() {
      this.removing = false;
      this.askEffect();
      this.focusOn("reg-remove");
    },
    async removeThing() {
      if (this.busy) return;
      const { draft } = this;
      this.busy = true;
      try {
        await api.remove(`/api/registry/${draft.noun}/${draft.id}`, { why: draft.why.trim() }, "deleted");
        this.gone(draft);
      } catch (error) {
        // Asked for again after its answer was lost, it is gone already.
        if (error.code === "not_found") this.gone(draft);
        else {
          await this.refused(error, draft, draft.base);
          this.removing = false;
        }
      } finally {
        this.busy = false;
      }
    },
    gone(draft) {
      data.forget(draft.noun, draft.id);
      this.dropOf(draft);
      this.stamp += 1;
      this.go(draft.noun, "");
      this.openThing();
      this.clearTold();
      this.saved = t("Removed.");
      this.listAnew();
    },
    whatWord() {
      return upper(t(nouns[this.noun].one));
    },
  };
}


