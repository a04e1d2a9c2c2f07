import { brought } from "../parts/brought.js";
import { failureWord, notLoadedWord, refusals } from "../parts/fields.js";
import { monthWord } from "../parts/figures-words.js";
import { currentLanguage, t, tn } from "../parts/i18n.js";
import { answersTo, changesOf, dayWord, gridOf, noAnswers, portionsOf, questionWord, refusalsOf, signWord, wholeWord, withAnswer } from "../parts/roster-file-words.js";
import { clarifiedBy, fileOf, letter } from "../parts/sheet-rows.js";
import { fromBase64, untilThere, workbooks, XLSX } from "../parts/sheet-workbook.js";
import { start } from "../parts/start.js";
import { localDay, nowInstant } from "../parts/time.js";

// More would make a phone slow; the rest is one press away.
const ROWS_SHOWN = 100;
const CHANGES_SHOWN = 100;
const LEFT_SHOWN = 12;

await start(({ api, me }) => ({ rosterFile: () => rosterFile(api, me) }));

function rosterFile(api, me) {
  const given = new URLSearchParams(location.search);
  const asked = given.get("month") || "";
  const month = /^20\d\d-(0[1-9]|1[0-2])$/.test(asked) ? asked : localDay(nowInstant()).slice(0, 7);
  return {
    ...workbooks(api),
    noun: "roster",
    agencies: [],
    agency: me.agency_id || given.get("agency") || "",
    month,
    text: "",
    source: null,
    preview: null,
    answers: noAnswers(),
    fileNote: "",
    whole: false,
    busy: false,
    failure: "",
    done: "",
    saved: [],
    conflicts: [],

    async init() {
      await this.once(async () => {
        const { agencies } = await api.get("/api/registry", "agencies");
        this.agencies = agencies.filter((each) => !each.retired && (!me.agency_id || each.id === me.agency_id));
        if (!this.agencies.some((each) => each.id === this.agency)) this.agency = this.agencies[0]?.id || "";
      }, (error) => notLoadedWord(failureWord(error)));
    },
    async once(work, word = (error) => [failureWord(error), ...refusals(error)].join(" ")) {
      if (this.busy) return;
      this.busy = true;
      this.failure = "";
      try {
        await work();
      } catch (error) {
        this.failure = word(error);
      } finally {
        this.busy = false;
      }
    },
    path(what) {
      return `/api/duty/sheets/${encodeURIComponent(this.agency)}/${this.month}${what}`;
    },
    focus(id) {
      this.$nextTick(() => document.getElementById(id)?.focus());
    },
    titleWord() {
      return t("Roster file: {month}", { month: monthWord(this.month) });
    },
    headWord() {
      const whose = this.agencies.find((each) => each.id === this.agency)?.name || "";
      return this.preview ? t("{agency}. Nothing is saved yet.", { agency: whose }) : whose;
    },
    rosterAddress() {
      return `roster.html?agency=${encodeURIComponent(this.agency)}&month=${this.month}`;
    },
    choosesAgency: () => !me.agency_id,
    // Another month's file is another page, with nothing of this one's left on it.
    toMonth() {
      if (this.month) location.assign(`roster-file.html?agency=${encodeURIComponent(this.agency)}&month=${this.month}`);
    },

    // -- bringing in
    cannotCheck() {
      return this.busy || !this.text.trim() || !this.agency;
    },
    ...brought,
    async stage(source, note) {
      await this.once(async () => {
        this.done = "";
        this.saved = [];
        this.conflicts = [];
        this.source = source;
        this.answers = noAnswers();
        await this.read();
        this.fileNote = note;
        this.focus("counts-title");
      });
    },
    async read() {
      this.preview = await api.lookUp(this.path("/try"), { ...this.source, answers: this.answers }, "refusals", "cells", "asked");
    },
    async answer(answers) {
      await this.once(async () => {
        const before = this.answers;
        this.answers = answers;
        try {
          await this.read();
        } catch (error) {
          this.answers = before;
          throw error;
        }
      });
    },

    // -- what would happen
    count(bin) {
      return this.preview.counts[bin] || 0;
    },
    countClass(bin) {
      return this.count(bin) ? "k-sheets-loud" : "";
    },
    wholeWord() {
      return this.preview.refused ? wholeWord(this.preview.refused) : "";
    },
    questionWord(one) {
      return questionWord(one, this.month);
    },
    signWord,
    answersTo(one) {
      return answersTo(one, this.month);
    },
    async give(own) {
      await this.answer(withAnswer(this.answers, own));
    },
    refused() {
      return refusalsOf(this.preview.refusals);
    },
    refusedWord() {
      return tn("{n} thing to put right", "{n} things to put right", this.refused().length);
    },
    atWord(one) {
      return one.cells > 1 ? tn("{at} and {n} more cell", "{at} and {n} more cells", one.cells - 1, { at: one.at }) : one.at;
    },
    repairWord: (one) => t("{at}: {wrong}", { at: one.at, wrong: one.wrong }),
    async choose(one, event) {
      if (event.target.value) await this.answer(clarifiedBy(this.answers, one, event.target.value));
    },
    async type(one, event) {
      await this.answer(clarifiedBy(this.answers, one, event.target.elements.value.value.trim()));
    },
    answered() {
      const { month: own, blanks, words, who, cells, unseen } = this.answers;
      return Boolean(own || blanks) || [words, who, cells, unseen].some((each) => Object.keys(each).length > 0);
    },
    async askAnew() {
      await this.answer(noAnswers());
    },
    changes() {
      return changesOf(this.preview).slice(0, CHANGES_SHOWN);
    },
    changedWord() {
      return tn("{n} cell of the draft is changed", "{n} cells of the draft are changed", this.count("changed") + this.count("cleared"));
    },
    moreChanges() {
      const more = this.count("changed") + this.count("cleared") - CHANGES_SHOWN;
      return more > 0 ? tn("{n} more", "{n} more", more) : "";
    },
    leftRows() {
      return this.preview.left.slice(0, LEFT_SHOWN);
    },
    leftWord() {
      return tn("{n} row not read", "{n} rows not read", this.count("left"));
    },
    rowWord: (one) => t("Row {row}", { row: one.row }),
    moreLeft() {
      const more = this.count("left") - LEFT_SHOWN;
      return more > 0 ? tn("{n} more", "{n} more", more) : "";
    },
    letters() {
      return Array.from({ length: Math.max(0, ...this.preview.rows.map((each) => each.length)) }, (_, n) => letter(n));
    },
    gridRows() {
      return gridOf(this.preview, letter, this.whole ? Infinity : ROWS_SHOWN);
    },
    moreRows() {
      const more = this.whole ? 0 : this.preview.rows.length - ROWS_SHOWN;
      return more > 0 ? tn("Show {n} more row", "Show {n} more rows", more) : "";
    },
    showAll() {
      this.whole = true;
    },

    // -- into the draft
    writes() {
      return this.preview.asked.length || this.preview.refused ? 0 : this.preview.cells.length + this.preview.add.length;
    },
    writeWord() {
      const cells = tn("Put {n} cell into the draft", "Put {n} cells into the draft", this.preview.cells.length);
      const out = this.count("refused");
      return out ? tn("{cells}, leave {n} thing out", "{cells}, leave {n} things out", out, { cells }) : cells;
    },
    nothingWord() {
      if (this.preview.refused) return t("This sheet cannot be read.");
      return this.preview.asked.length ? t("Say first what is asked above.") : t("There is nothing to write: the draft says the same.");
    },
    async write() {
      await this.once(async () => {
        const number = this.preview.cells.length;
        try {
          for (const portion of portionsOf(this.preview)) {
            const told = await api.post(this.path(""), { ...portion, why: t("From a file") }, undefined, "v", "wrote", "conflicts");
            if (told.wrote) this.saved.push(told.v);
            this.conflicts.push(...told.conflicts);
          }
        } catch (error) {
          // What is written already is the same by now; the rest is told anew.
          await this.read().catch(() => {});
          throw error;
        }
        const stays = this.conflicts.length;
        const words = tn("{n} cell stands in the draft. Nobody is on duty by it before it is published.", "{n} cells stand in the draft. Nobody is on duty by it before it is published.", number - stays);
        const others = tn("{n} cell was changed by somebody else meanwhile and stays.", "{n} cells were changed by somebody else meanwhile and stay.", stays);
        this.done = stays ? `${words} ${others}` : words;
        this.close();
      });
    },
    async takeBack() {
      await this.once(async () => {
        this.conflicts = [];
        while (this.saved.length) {
          const told = await api.post(this.path("/undo"), { v: this.saved.at(-1) }, undefined, "v", "conflicts");
          this.conflicts.push(...told.conflicts.filter((each) => each.day));
          this.saved.pop();
        }
        this.done = t("The file was taken back out of the draft.");
        this.focus("title");
      });
    },
    conflictWord(one) {
      return t("{row}, {day}: {stands} stands there", { row: one.row, day: one.day ? dayWord(one.day) : "", stands: one.stands || t("blank") });
    },
    close() {
      this.preview = null;
      this.source = null;
      this.book = null;
      this.text = "";
      this.whole = false;
      this.focus("title");
    },
    leave() {
      this.close();
      this.failure = "";
    },

    // -- taking out
    async takeOut() {
      await this.once(async () => {
        const { name, text } = await api.get(`${this.path("/file")}?language=${currentLanguage()}`, "name", "text");
        this.handOver(name, fileOf(text));
      });
    },
    async takeOutXlsx() {
      await this.once(async () => {
        const name = `${this.agency}-${this.month}.xlsx`;
        this.reading = t("{name} is being written…", { name });
        try {
          const { id } = await api.lookUp(this.path("/workbook"), { language: currentLanguage() }, "id");
          const content = await untilThere(async () => (await api.get(`/api/workbooks/${id}/file`)).file);
          if (content === null) this.failure = t("{name} could not be written. Take it out as CSV.", { name });
          else this.handOver(name, new Blob([fromBase64(content)], { type: XLSX }));
        } finally {
          this.reading = "";
        }
      });
    },
    handOver(name, blob) {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
      link.click();
      URL.revokeObjectURL(link.href);
      this.done = t("{name} was saved where your browser saves files.", { name });
    },
  };
}
