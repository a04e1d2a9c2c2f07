import { brought } from "../parts/brought.js";
import { failureWord, notLoadedWord, refusals } from "../parts/fields.js";
import { faultWord } from "../parts/fault-words.js";
import { currentLanguage, t, tn } from "../parts/i18n.js";
import { asked, changesOf, clarifiedBy, fileOf, gridOf, letter, noClarifications, repairsOf, titles, without } from "../parts/sheet-rows.js";
import { kindWord, UNSEEN_KINDS, unseenWord } from "../parts/sheet-words.js";
import { workbooks } from "../parts/sheet-workbook.js";
import { start } from "../parts/start.js";
import { when } from "../parts/time.js";

// More would make a phone slow; the rest is one press away.
const ROWS_SHOWN = 100;

await start(({ api, me }) => ({ sheets: () => sheets(api, me) }));

function sheets(api, me) {
  return {
    ...workbooks(api),
    noun: "personnel",
    agency: me.agency_id || "",
    agencies: [],
    names: {},
    text: "",
    preview: null,
    rows: [],
    clarified: noClarifications(),
    fileNote: "",
    whole: false,
    busy: false,
    failure: "",
    done: "",
    imports: [],
    left: [],
    undoing: null,
    why: "",

    async init() {
      await this.once(async () => {
        const registry = await api.get("/api/registry", "agencies", "districts");
        this.agencies = registry.agencies.filter((each) => !each.retired);
        for (const [noun, name] of [["agencies", "short_name"], ["districts", "name"]]) for (const each of registry[noun]) this.names[each.id] = each[name];
        await this.readImports();
      }, (error) => notLoadedWord(failureWord(error)));
    },
    async readImports() {
      this.imports = (await api.get("/api/imports", "imports")).imports;
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

    // -- bringing in
    nouns: () => [
      { id: "personnel", word: t("People") },
      { id: "units", word: t("Units") },
      { id: "stations", word: t("Stations") },
      { id: "crews", word: t("Crews") },
    ],
    nounWord(id) {
      if (id === "configuration") return t("The whole configuration");
      return this.nouns().find((each) => each.id === id)?.word || id;
    },
    csvWord: (one) => t("{noun} as CSV", { noun: one.word }),
    choosesAgency: () => !me.agency_id,
    headWord() {
      return this.preview ? t("{noun}, {n} rows brought. Nothing is saved yet.", { noun: this.nounWord(this.preview.noun), n: this.rows.length }) : t("Whole lists of people, units, stations and crews, in the form that your agency has.");
    },
    cannotCheck() {
      return this.busy || !this.text.trim();
    },
    ...brought,
    async stage(source, note) {
      await this.once(async () => {
        this.done = "";
        this.left = [];
        const agency = this.noun === "configuration" ? "" : this.agency;
        const body = { noun: this.noun, agency_id: agency || null, ...source };
        const preview = await api.post("/api/imports", body, undefined, "id", "bins", "rows");
        this.fileNote = note;
        this.clarified = noClarifications();
        this.take(preview);
        this.focus("counts-title");
      });
    },
    take(preview) {
      if (preview.rows) this.rows = preview.rows;
      this.preview = preview;
      for (const each of preview.refusals) for (const choice of each.choices) if (choice.label) this.names[choice.value] = choice.label;
    },
    focus(id) {
      this.$nextTick(() => document.getElementById(id)?.focus());
    },
    async clarify(clarified) {
      await this.once(async () => {
        this.take(await api.lookUp(`/api/imports/${this.preview.id}/clarifications`, { clarified }, "id", "bins"));
        this.clarified = clarified;
      });
    },
    async takeOut(noun) {
      const own = this.agency ? `&agency_id=${encodeURIComponent(this.agency)}` : "";
      await this.save(`/api/sheets/${noun}?language=${currentLanguage()}${own}`, fileOf);
    },
    mayTakeAll: () => me.role === "admin",
    async takeAll() {
      await this.save("/api/configuration", (text) => new Blob([text], { type: "application/yaml" }));
    },
    async save(address, blobOf) {
      await this.once(async () => {
        const { name, text } = await api.get(address, "name", "text");
        this.handOver(name, blobOf(text));
      });
    },
    handOver(name, blob) {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
      link.click();
      URL.revokeObjectURL(link.href);
      this.done = t("{name} was saved where your browser saves files.", { name });
    },

    // -- what would happen
    count(bin) {
      return this.preview.counts[bin] || 0;
    },
    countClass(bin) {
      return this.count(bin) ? "k-sheets-loud" : "";
    },
    readWord() {
      if (this.preview.asked.length) return t("Nothing is read yet.");
      const out = this.preview.not_read.length;
      return out ? tn("{n} row is no data: title, head, sum or the like. It is named below.", "{n} rows are no data: titles, heads, sums and the like. They are named below.", out) : t("Every row was read.");
    },
    titleOf(field) {
      return titles(this.preview.columns)(field);
    },
    columnsAsked() {
      return this.preview.asked.filter((each) => !UNSEEN_KINDS.includes(each.kind));
    },
    unseenAsked() {
      return this.preview.asked.filter((each) => UNSEEN_KINDS.includes(each.kind));
    },
    unseenWord,
    async readUnseen(one, word) {
      await this.clarify({ ...this.clarified, unseen: { ...this.clarified.unseen, [one.kind]: word } });
    },
    columnName: ({ index, name }) => (name ? `${letter(index)}: ${name}` : letter(index)),
    columnId: (one) => `column-${one.field}`,
    allId: (one) => `all-${one.field}`,
    askedWord(one) {
      const title = this.titleOf(one.field);
      return one.kind === "twice" ? t("{title} may be several columns. Which one counts?", { title }) : t("No column is known as {title}. Which one is it?", { title });
    },
    columnChoices(one) {
      return one.columns.length ? one.columns : this.preview.heads;
    },
    async chooseColumn(one, event) {
      if (event.target.value === "") return;
      await this.clarify({ ...this.clarified, columns: { ...this.clarified.columns, [one.field]: Number(event.target.value) } });
    },
    async forAll(one, event) {
      const value = event.target.elements.value.value.trim();
      if (value) await this.clarify({ ...this.clarified, for_all: { ...this.clarified.for_all, [one.field]: value } });
    },
    async movePlace(column, event) {
      await this.clarify({ ...this.clarified, columns: { ...this.clarified.columns, [column.field]: Number(event.target.value) } });
    },
    columnsWord() {
      const unread = this.preview.unread_columns.map((each) => this.columnName(each)).join(", ");
      const read = this.preview.columns.filter((each) => each.place !== null).length;
      const words = tn("{n} column is read", "{n} columns are read", read);
      return unread ? t("{words}; not read: {unread}", { words, unread }) : words;
    },

    // -- what is refused
    refused() {
      return asked(this.preview.refusals, (field) => this.titleOf(field));
    },
    refusedWord() {
      const n = this.refused().length;
      return n ? tn("{n} thing to put right", "{n} things to put right", n) : t("Everything is put right");
    },
    atWord(one) {
      if (one.rows > 1) return tn("{at} and {n} more row", "{at} and {n} more rows", one.rows - 1, { at: one.at });
      return one.at ? t("{at}, row {row}", { at: one.at, row: one.row }) : t("Row {row}", { row: one.row });
    },
    repairWord(one) {
      return t("{title} in row {row}: {wrong}", { title: one.title, row: one.row, wrong: one.wrong });
    },
    async choose(one, event) {
      if (event.target.value) await this.clarify(clarifiedBy(this.clarified, one, event.target.value));
    },
    async type(one, event) {
      const value = event.target.elements.value.value.trim();
      if (value) await this.clarify(clarifiedBy(this.clarified, one, value));
    },
    moreRefused() {
      const more = this.preview.refused_things - this.preview.refusals.length;
      return more > 0 ? tn("{n} more follows once these are put right.", "{n} more follow once these are put right.", more) : "";
    },
    proposals() {
      return this.preview.refusals.filter((each) => each.ask === "who" && each.proposed);
    },
    proposalsWord() {
      return tn("Take {n} proposal", "Take all {n} proposals", this.proposals().length);
    },
    async takeProposals() {
      await this.clarify(this.proposals().reduce((clarified, each) => clarifiedBy(clarified, each, each.proposed), this.clarified));
    },
    repairs() {
      return repairsOf(this.clarified);
    },
    repairsWord() {
      return tn("{n} put right here", "{n} put right here", this.repairs().length);
    },
    async takeRepairBack(one) {
      await this.clarify(without(this.clarified, one));
    },

    // -- what changes, and what is not read
    changedWord() {
      return tn("{n} changed", "{n} changed", this.count("changed"));
    },
    changesOf(row) {
      return changesOf(row, (field) => this.titleOf(field), (id) => this.names[id] || id);
    },
    moreOf(bin) {
      const more = this.count(bin) - this.preview[bin].length;
      return more > 0 ? tn("{n} more", "{n} more", more) : "";
    },
    sharedWord() {
      return tn("{n} shares a phone with somebody", "{n} share a phone with somebody", this.preview.notes.length);
    },
    notReadWord() {
      return tn("{n} row not read", "{n} rows not read", this.preview.not_read.length);
    },
    rowWord: (row) => t("Row {row}", { row: row.row }),
    rowText(row) {
      return this.rows[row.row - 1].filter(Boolean).join(" · ");
    },
    kindWord,
    mayRead: (row) => ["title", "section", "count", "legend", "numbering", "head_again"].includes(row.kind) && row.bin === "not_read",
    async readRow(row) {
      await this.clarify({ ...this.clarified, rows: { ...this.clarified.rows, [row.row]: "data" } });
    },

    // -- as in Excel
    letters() {
      return Array.from({ length: Math.max(0, ...this.rows.map((each) => each.length)) }, (_, n) => letter(n));
    },
    gridRows() {
      return gridOf(this.rows, this.preview, this.clarified.cells, this.whole ? Infinity : ROWS_SHOWN);
    },
    moreRows() {
      const more = this.whole ? 0 : this.rows.length - ROWS_SHOWN;
      return more > 0 ? tn("Show {n} more row", "Show {n} more rows", more) : "";
    },
    showAll() {
      this.whole = true;
    },

    // -- importing
    writes() {
      return this.count("new") + this.count("changed");
    },
    commitWord() {
      const writes = tn("Import {n}", "Import {n}", this.writes());
      const out = this.count("refused");
      return out ? tn("{writes}, leave {n} out", "{writes}, leave {n} out", out, { writes }) : writes;
    },
    nothingWord() {
      return this.preview.asked.length ? t("Say first what is asked above.") : t("There is nothing to import.");
    },
    async commit() {
      await this.once(async () => {
        const body = { seen: this.preview.digest, without_refused: this.count("refused") > 0 };
        try {
          await this.untilDone(`/api/imports/${this.preview.id}/commit`, body, t("Imported: {new} new, {changed} changed."));
          this.close();
        } catch (error) {
          // It would do something else by now: what that is stands below the words that say so.
          if (error.faults?.some((each) => each.path === "seen")) this.take(await api.get(`/api/imports/${this.preview.id}`, "id", "bins"));
          throw error;
        }
      });
    },
    async untilDone(path, body, word) {
      let outcome = null;
      this.left = [];
      do {
        outcome = await api.post(path, body, undefined, "made", "left", "more");
        this.left = [...this.left, ...outcome.left];
      } while (outcome.more);
      this.done = word.replace("{new}", outcome.made.new).replace("{changed}", outcome.made.changed);
      await this.readImports();
    },
    close() {
      this.preview = null;
      this.book = null;
      if (this.noun === "configuration") this.noun = "personnel";
      this.rows = [];
      this.text = "";
      this.whole = false;
      this.clarified = noClarifications();
      this.focus("title");
    },
    leave() {
      this.close();
      this.failure = "";
    },
    leftWord: (one) => one.faults.map((fault) => faultWord(fault)).join(" "),

    // -- imports so far
    importWord(one) {
      return t("{noun}: {new} new, {changed} changed", { noun: this.nounWord(one.noun), new: one.new, changed: one.changed });
    },
    importBy(one) {
      const agency = this.names[one.agency_id];
      return [t("{name}, {time}", { name: one.by, time: when(one.at) }), agency].filter(Boolean).join(" · ");
    },
    stateWord(one) {
      if (one.state === "undone") return t("taken back {time}", { time: when(one.undone_at) });
      return { writing: t("not finished"), undoing: t("being taken back") }[one.state] || "";
    },
    mayGoOn: (one) => one.state === "writing",
    mayUndo: (one) => one.state !== "undone",
    async goOn(one) {
      await this.once(async () => {
        const preview = await api.get(`/api/imports/${one.id}`, "id", "bins", "rows");
        await this.untilDone(`/api/imports/${one.id}/commit`, { seen: preview.digest, without_refused: true }, t("Imported: {new} new, {changed} changed."));
      });
    },
    askUndo(one) {
      this.undoing = one;
      this.why = "";
      this.failure = "";
      this.$refs.dialog.showModal();
    },
    undoWord() {
      return this.undoing ? `${this.importWord(this.undoing)} · ${this.importBy(this.undoing)}` : "";
    },
    closeDialog() {
      this.$refs.dialog.close();
    },
    async undo() {
      const one = this.undoing;
      await this.once(async () => {
        await this.untilDone(`/api/imports/${one.id}/undo`, { why: this.why.trim() }, t("The import was taken back."));
        this.closeDialog();
      });
    },
  };
}
