// A thing's versions: who wrote what when and why, and the form filled with one of them, to be put back as a new one.

import { failureWord, notLoadedWord } from "./fields.js";
import { t } from "./i18n.js";
import { formOf, same, valueOf } from "./noun-form.js";
import { changeLines } from "./noun-words.js";
import { clock, shortDay } from "./time.js";

// One version as it is read: {v, when, who, what, lines, why, source}; `lines` are before → after, field by field.
export function versionView(version, fields, name) {
  return {
    v: version.v,
    when: version.at ? t("{day}, {time}", { day: shortDay(version.at), time: clock(version.at).slice(0, 5) }) : t("Time not known"),
    who: whoWord(version.by),
    what: whatWord(version),
    lines: version.before && version.after ? changeLines(fields, version.before, version.after, name).map((line) => ({ added: [], removed: [], before: "", after: "", ...line })) : [],
    why: version.why || "",
    source: version.import_id ? t("by the import {id}", { id: version.import_id }) : "",
  };
}

function whoWord(by) {
  if (!by) return t("not known by whom");
  return by.name || (by.id.startsWith("system") ? t("the system") : by.id);
}

function whatWord({ change, of, erased, before, after }) {
  if (erased) return t("Its values are erased.");
  const word = {
    created: t("Added."),
    retired: t("Retired."),
    reinstated: t("Brought back."),
    put_back: t("Version {v} put back.", { v: of }),
    removed: t("Removed."),
    unrecorded: t("Not recorded: an older release or another program wrote it."),
  }[change] || "";
  return word || (before && after ? "" : t("Its values are not known."));
}

export function historyPart(page) {
  const { api, data } = page;
  let asked = "";

  return {
    past: null, // {versions, whole, more} of the open thing
    pastLost: "",
    pastBusy: false,

    readHistory() {
      const key = this.draft && !this.draft.fresh ? `${this.noun}/${this.id}/${this.draft.v}` : "";
      if (key === asked) return;
      if (this.past?.key !== `${this.noun}/${this.id}`) this.past = null;
      this.pastLost = "";
      asked = key;
      if (key) this.readVersions(key, "");
    },
    againHistory() {
      asked = "";
      this.readHistory();
    },
    olderVersions() {
      this.readVersions(asked, `?before=${this.past.versions.at(-1).v}`);
    },
    async readVersions(key, query) {
      const { noun, id } = this;
      this.pastBusy = true;
      try {
        const answer = await api.get(`/api/registry/${noun}/${id}/history${query}`, "versions", "whole", "more");
        if (asked !== key) return;
        const before = query ? this.past.versions : [];
        this.past = { key: `${noun}/${id}`, versions: [...before, ...answer.versions], whole: answer.whole && (!query || this.past.whole), more: answer.more };
        this.pastLost = "";
      } catch (error) {
        if (asked === key) this.pastLost = failureWord(error);
      } finally {
        this.pastBusy = false;
      }
    },
    versions() {
      return this.stamp >= 0 && this.past ? this.past.versions.map((version) => versionView(version, this.fields(), data.name)) : [];
    },
    historyTitle() {
      return this.hasHistory() ? t("History of {name}", { name: this.titleWord() }) : t("History");
    },
    versionWord: (view) => t("version {v}", { v: view.v }),
    pastLostWord() {
      return this.pastLost ? notLoadedWord(this.pastLost) : "";
    },
    hasHistory() {
      return Boolean(this.draft && !this.draft.fresh);
    },
    pastWord() {
      if (!this.past) return "";
      return this.past.whole ? t("✓ The history is whole") : t("The history is not whole: a version was not recorded, or what is recorded does not hold.");
    },
    pastClass() {
      return this.past?.whole ? "k-reg-whole" : "k-notice k-notice-warn";
    },

    // Putting back: the form shows what would be again; saving makes it a new version.
    mayPutBack(view) {
      if (!this.writes() || view.v === this.draft.v) return false;
      return Boolean(this.past.versions.find((version) => version.v === view.v)?.after);
    },
    putBackWord: (view) => t("Put version {v} back", { v: view.v }),
    putBack(view) {
      const { after } = this.past.versions.find((version) => version.v === view.v);
      this.clearTold();
      this.draft.form = formOf(this.fields(), after);
      this.draft.restores = { v: view.v, value: after };
      this.touched("");
      if (!this.isChanged()) this.saved = t("Version {v} says the same as now.", { v: view.v });
      this.focusOn("reg-title");
    },
    // Whether the form is still exactly that version.
    restoring() {
      const { restores } = this.draft;
      return Boolean(restores && same(valueOf(this.fields(), formOf(this.fields(), restores.value)), this.value()));
    },
  };
}
