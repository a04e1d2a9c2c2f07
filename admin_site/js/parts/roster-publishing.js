// Publishing a month sheet: from which day on, what changes for whom from then on, what patterns cover and the sheet leaves blank.

import { faultWord } from "./fault-words.js";
import { failureWord } from "./fields.js";
import { t, tn } from "./i18n.js";
import { newKey } from "./api.js";
import { atWord, changeWord, dayWord, shortDayWord } from "./roster-words.js";

const SHOWN_MOST = 40;

export function rosterPublishing(api, page) {
  let asked = 0;

  return {
    publishDays: [],
    publishDay: "",
    outlook: null,
    outlookBusy: false,
    publishFailure: "",
    publishFaults: [],
    uncoveredSeen: false,
    publishBusy: false,
    published: "",
    historyRows: [],
    historyMore: false,
    historyFailure: "",
    historyBusy: false,

    async openPublish() {
      Object.assign(this, { outlook: null, publishFailure: "", publishFaults: [], uncoveredSeen: false, published: "" });
      this.publishDays = page.daysAhead().map((day) => ({ day, word: dayWord(day) }));
      this.publishDay = this.publishDays[0]?.day || "";
      this.$refs.publish.showModal();
      await this.look();
    },
    async look() {
      const mine = (asked += 1);
      Object.assign(this, { outlook: null, outlookBusy: true, publishFailure: "", publishFaults: [], uncoveredSeen: false });
      try {
        // Which version it is about is known before it is looked at: written meanwhile, the publishing is refused.
        const v = page.version();
        const found = await api.get(`${page.path()}/outlook?first_day=${this.publishDay}`, "moved", "uncovered");
        if (mine === asked) this.outlook = { ...found, v };
      } catch (error) {
        if (mine === asked) this.refusePublish(error);
      } finally {
        if (mine === asked) this.outlookBusy = false;
      }
    },
    refusePublish(error) {
      this.publishFailure = failureWord(error);
      const seen = new Map();
      for (const fault of error.faults || []) {
        const word = [page.placeWord(fault.path), faultWord(fault)].filter(Boolean).join(": ");
        seen.set(word, word);
      }
      this.publishFaults = [...seen.values()];
      // What was counted is no more.
      if ((error.faults || []).some((fault) => ["uncovered", "version_stale"].includes(fault.code))) {
        page.listen();
        this.outlook = null;
      }
    },
    movedPeople() {
      if (!this.outlook) return [];
      const people = new Map();
      for (const each of this.outlook.moved) people.set(each.person_id, [...(people.get(each.person_id) || []), each]);
      return [...people].map(([id, moved]) => ({ id, name: page.name(id), days: moved.map((each) => `${shortDayWord(each.day)}: ${this.dutiesWord(each.was)} → ${this.dutiesWord(each.now)}`), count: moved.length })).sort((a, b) => a.name.localeCompare(b.name));
    },
    movedShown() {
      return this.movedPeople().slice(0, SHOWN_MOST);
    },
    movedWord() {
      if (!this.outlook) return "";
      const people = this.movedPeople().length;
      if (!people) return t("Nobody’s duty changes: it says what counts already.");
      return t("{duties} change, of {people}.", { duties: tn("{n} day", "{n} days", this.outlook.moved.length), people: tn("{n} person", "{n} people", people) });
    },
    movedMore() {
      const more = this.movedPeople().length - SHOWN_MOST;
      return more > 0 ? tn("and {n} person more", "and {n} people more", more) : "";
    },
    movedSummary: (row) => [row.name, tn("{n} day", "{n} days", row.count)].join(": "),
    dutiesWord(duties) {
      if (!duties.length) return t("off");
      return duties.map((each) => [each.code || t("duty"), each.unit_id ? page.unit(each.unit_id) : t("pool")].join(" ")).join(" + ");
    },
    uncoveredCount() {
      return this.outlook ? this.outlook.uncovered.length : 0;
    },
    uncoveredRows() {
      const people = new Map();
      for (const each of this.outlook?.uncovered || []) people.set(each.person_id, [...(people.get(each.person_id) || []), each]);
      return [...people].slice(0, SHOWN_MOST).map(([id, all]) => ({ id, word: `${page.name(id)}: ${all.slice(0, 8).map((each) => `${shortDayWord(page.dayOfInstant(each.starts_at))} ${each.code}`).join(", ")}${all.length > 8 ? " …" : ""}` }));
    },
    uncoveredWord() {
      return tn("{n} duty that patterns have now is left blank: nobody does it once this is published.", "{n} duties that patterns have now are left blank: nobody does them once this is published.", this.uncoveredCount());
    },
    mayPublishNow() {
      return Boolean(this.outlook) && !this.publishBusy && (this.uncoveredCount() === 0 || this.uncoveredSeen);
    },
    async publishNow() {
      if (!this.mayPublishNow()) return;
      this.publishBusy = true;
      this.publishFailure = "";
      this.publishFaults = [];
      try {
        const body = { v: this.outlook.v, first_day: this.publishDay, uncovered: this.uncoveredCount() };
        const answer = await api.post(`${page.path()}/publish`, body, newKey(), "rows", "published");
        page.tookPublished(answer);
        this.published = t("Published from {day} on.", { day: dayWord(this.publishDay) });
        this.$refs.publish.close();
        page.focus();
      } catch (error) {
        this.refusePublish(error);
      } finally {
        this.publishBusy = false;
      }
    },
    leavePublish() {
      this.$refs.publish.close();
      page.focus();
    },

    // History
    async openHistory() {
      Object.assign(this, { historyRows: [], historyMore: false });
      this.$refs.history.showModal();
      await this.moreHistory();
    },
    async moreHistory() {
      this.historyBusy = true;
      this.historyFailure = "";
      try {
        const last = this.historyRows.at(-1)?.seq;
        const found = await api.get(`${page.path()}/history${last ? `?before=${last}` : ""}`, "changes");
        const rows = found.changes.map((each) => ({ seq: each.seq, at: atWord(each.at), by: each.by, what: changeWord(each), why: each.why || "", strong: each.change === "published" }));
        Object.assign(this, { historyRows: [...this.historyRows, ...rows], historyMore: found.more });
      } catch (error) {
        this.historyFailure = failureWord(error);
      } finally {
        this.historyBusy = false;
      }
    },
    leaveHistory() {
      this.$refs.history.close();
      page.focus();
    },
  };
}
