import { failureWord, notLoadedWord } from "../parts/fields.js";
import { faultWord } from "../parts/fault-words.js";
import { combo } from "../parts/combo.js";
import { createGrid } from "../parts/grid.js";
import { createHistory } from "../parts/grid-model.js";
import { label, t, tn } from "../parts/i18n.js";
import { poll } from "../parts/poll.js";
import { mayKeepSheet } from "../parts/roles.js";
import { createCoverage } from "../parts/roster-cover-table.js";
import { cellOf, cellReader, dayOf, shiftedDay, shiftedMonth, textOf, textsOf } from "../parts/roster-cells.js";
import { rosterChoices } from "../parts/roster-choices.js";
import { createDraft, inverse } from "../parts/roster-draft.js";
import { fillStep, rosterFilling, weekOf } from "../parts/roster-filling.js";
import { rosterFinding } from "../parts/roster-finding.js";
import { rosterHere } from "../parts/roster-here.js";
import { rosterPublishing } from "../parts/roster-publishing.js";
import { missingOf } from "../parts/roster-rows.js";
import { createSaving } from "../parts/roster-saving.js";
import { createSheet } from "../parts/roster-sheet.js";
import { rosterView } from "../parts/roster-view.js";
import { rosterWriting } from "../parts/roster-writing.js";
import { atWord, dayWord, monthOnly, monthShort } from "../parts/roster-words.js";
import { monthWord } from "../parts/figures-words.js";
import { start } from "../parts/start.js";
import { clock, instantOn, localDay, nowInstant } from "../parts/time.js";
import { plain } from "../parts/words.js";

const LISTEN_MS = 20000;
// So many lines stand on one page of A4 in letters that are read at arm's length.
const MANY_LINES = 38;

await start(({ api, me }) => ({ roster: () => roster(api, me), combo }));

function roster(api, me) {
  const given = new URLSearchParams(location.search);
  const today = localDay(nowInstant());
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(given.get("month") || "") ? given.get("month") : today.slice(0, 7);
  // Of the sheet nothing is watched by Alpine: it is thousands of cells.
  let known = null; // the agency's people, crews, codes, patterns, units
  let previous = null; // the month before, once somebody copies from it
  let draft = null;
  let published = null;
  let sheet = null;
  let view = null;
  let grid = null;
  let read = null;
  let saving = null;
  let coverage = null;
  let steps = createHistory();
  let version = 0;
  let self = null; // what Alpine watches of this page
  let units = new Map();
  let certifications = new Map();

  const names = {
    unit: (id) => units.get(id)?.callsign || plain(id),
    code: (code) => sheet.code(code),
    certification: (id) => label(certifications.get(id)?.label) || plain(id),
    holiday: (column) => label(sheet.holiday(column)) || "",
    hasLoad: () => Boolean(known.load),
    get restHours() {
      return known.restHours;
    },
  };
  const path = (which = month) => `/api/duty/sheets/${encodeURIComponent(self.agency)}/${which}`;
  const address = (agency, which) => `roster.html?agency=${encodeURIComponent(agency)}&month=${which}`;

  async function ask(noun) {
    return (await api.get(`/api/registry/${noun}`, "items")).items;
  }
  async function fetchAll() {
    const [registry, people, crews, codes, patterns, holidays] = await Promise.all([
      api.get("/api/registry", "agencies", "units", "certifications", "regency"), ask("personnel"), ask("crews"), ask("shift-codes"), ask("duty-patterns"), ask("holidays"),
    ]);
    const agencies = registry.agencies.filter((each) => !each.retired && (me.role !== "agency_admin" || each.id === me.agency_id));
    const wanted = me.role === "agency_admin" ? me.agency_id : given.get("agency");
    self.agencies = agencies.map((each) => ({ id: each.id, name: each.short_name, whole: each.name }));
    self.agency = agencies.find((each) => each.id === wanted)?.id || agencies[0]?.id || "";
    if (!self.agency) throw new Error(t("There is no agency yet: add one in the master data."));
    const own = (list) => list.filter((each) => each.agency_id === self.agency);
    known = {
      agency_id: self.agency, today, people, crews: own(crews), patterns: own(patterns), holidays, restHours: registry.regency.rest_hours, load: null,
      codes: own(codes).sort((a, b) => (a.starts ? 0 : 1) - (b.starts ? 0 : 1) || (a.starts || "").localeCompare(b.starts || "") || a.code.localeCompare(b.code)),
      units: own(registry.units).filter((unit) => !unit.retired).sort((a, b) => a.callsign.localeCompare(b.callsign)),
    };
    units = new Map(registry.units.map((unit) => [unit.id, unit]));
    certifications = new Map(registry.certifications.map((each) => [each.id, each]));
    read = cellReader(known.codes, known.units);
    return api.get(path(), "rows", "v", "differs");
  }

  // From what the server says, and what this browser kept.
  function open(answer) {
    saving?.stop();
    version = answer.v;
    published = answer.published;
    draft = createDraft(month, answer.rows);
    saving = createSaving({
      api, draft, path: path(), keptAs: `kentongan.roster.${me.sub}.${self.agency}.${month}`,
      state: (state) => self.heardState(state),
      answered: (saved, met) => self.heardSaved(saved, met),
      refused: (error) => self.heardRefused(error),
    });
    const kept = self.mayWrite ? saving.kept() : null;
    if (kept) draft.takeUp(kept);
    arrange();
    if (kept) saving.soon();
  }
  function arrange() {
    sheet = createSheet({ month, draft, published, known, load: known.load });
    view = rosterView({ sheet, today, names, label: t("Duty roster {month}", { month: monthWord(month) }) });
  }
  function redraw() {
    const first = !grid;
    grid ||= createGrid(self.$root.querySelector(".k-roster-sheet"), asks());
    grid.draw();
    if (first) self.$nextTick(openAtToday);
    self.sums();
  }

  // Of the month that goes on, what is still to come is looked at.
  function openAtToday() {
    const at = sheet.dates.indexOf(today);
    if (at > 0 && sheet.lines.length) grid.goTo(0, at, false);
  }

  // What the grid asks and tells.
  function asks() {
    return {
      get label() { return view.label; },
      get corner() { return view.corner; },
      get columns() { return view.columns; },
      get heads() { return view.heads; },
      get sections() { return view.sections; },
      get mayWrite() { return self.mayWrite; },
      rowHead: (row) => view.rowHead(row),
      cell: (row, column) => view.cell(row, column),
      tail: (row) => view.tail(row),
      spoken: (row, column) => view.spoken(row, column),
      editing: (row, column) => (self.mayWrite && sheet.open(row, column) ? shownText(row, column) : null),
      refuses: (row, column) => self.say(self.mayWrite ? lockedWord(row, column) : t("Your role reads this sheet and does not change it.")),
      text: (row, column) => sheet.standing(row, column).by === "pattern" ? "" : sheet.standing(row, column).text,
      copies: (row, column) => (sheet.standing(row, column).by === "pattern" ? "" : shownText(row, column)),
      typing: (row, column, text) => self.heardTyping(row, column, text),
      write: (cells, how) => self.writes(cells, how),
      paste: (rows, placed) => self.pastes(rows, placed),
      stands: (selection) => self.heardStands(selection),
      copied: (count) => self.say(tn("{n} cell copied", "{n} cells copied", count)),
      undo: () => self.undo(),
      redo: () => self.redo(),
    };
  }
  // What the part below the sheet asks and tells.
  function covers() {
    return {
      api,
      month,
      today,
      path: path(),
      agency: self.agency,
      sheet: self.$root.querySelector(".k-roster-sheet"),
      days: sheet.dates.length,
      mayWrite: self.mayWrite,
      get tails() {
        return view.heads.flatMap((head) => head.columns).length;
      },
      tone: (column) => view.columns[column].tone,
      told({ gaps, words, failed }) {
        self.gaps = gaps;
        self.coverageWords = words;
        self.coverageFailed = failed;
      },
    };
  }
  // As a person writes it: the unit by its callsign.
  function shownText(row, column) {
    const line = sheet.line(row);
    const { code, unit_id: unit } = cellOf(sheet.standing(row, column).text, line.unit_id);
    return !code || unit === line.unit_id ? code : `${code}@${unit ? names.unit(unit) : ""}`;
  }
  function lockedWord(row, column) {
    if (sheet.line(row).gone) return t("This row was taken out of the draft.");
    return t("{day} has begun: what stood then stays.", { day: dayWord(sheet.dates[column]) });
  }

  // Who is in a crew and in no row yet comes along with what patterns say.
  function withNewRows(step, columns) {
    const rows = missingRows();
    if (!rows.length) return step;
    const trial = createDraft(month, []);
    trial.apply({ add: [...draft.rows(), ...rows], drop: [], cells: [] });
    const whole = createSheet({ month, draft: trial, published: null, known });
    const cells = rows.flatMap((row) => columns.map((column) => ({ row: row.id, column, was: "", now: whole.pattern(whole.lines.find((line) => line.id === row.id), column) })));
    return { ...step, add: rows, cells: [...step.cells, ...cells.filter((cell) => cell.now)] };
  }
  function missingRows() {
    const blank = () => Array(draft.days).fill("");
    return missingOf(known.crews, draft.rows(), month, draft.days, today).filter((row) => !sheet.isElsewhere(row.person_id)).map((row) => ({ ...row, id: row.person_id, texts: blank() }));
  }
  // The month before as it stood: what was published of it, else its draft.
  async function before() {
    const answer = await api.get(path(shiftedMonth(month, -1)), "rows");
    const whole = createDraft(shiftedMonth(month, -1), answer.rows);
    const shown = new Map((answer.published?.rows || []).map((row) => [row.id, { ...row, texts: textsOf(row.cells, whole.days) }]));
    const rows = [...new Map([...whole.rows(), ...shown.values()].map((row) => [row.id, row])).values()];
    return {
      rows: rows.map((row) => ({
        id: row.id, person_id: row.person_id, unit_id: row.unit_id ?? null, crew_id: row.crew_id ?? null,
        texts: Array.from({ length: whole.days }, (_, column) => {
          const own = shown.get(row.id);
          const counts = answer.published && dayOf(whole.month, column) >= answer.published.first_day;
          const text = counts ? own?.texts[column] || "" : whole.text(row.id, column);
          return counts && own ? textOf(cellOf(text, own.unit_id ?? null), row.unit_id ?? null) : text;
        }),
      })),
    };
  }
  // What stands in a row on a day of this month or of the one before, as it is written in the row.
  function textOn(line, day) {
    const column = Number(day.slice(8)) - 1;
    if (day.slice(0, 7) === month) {
      const { text, by } = sheet.standing(sheet.lines.indexOf(line), column);
      return by === "pattern" ? "" : text;
    }
    const row = previous.rows.find((each) => each.id === line.id) || previous.rows.find((each) => each.person_id === line.person_id && line.id === line.person_id);
    return row ? textOf(cellOf(row.texts[column] ?? "", row.unit_id), line.unit_id ?? null) : "";
  }
  // The same weekday in the month before.
  function fourWeeksBefore(day) {
    const found = shiftedDay(day, -28);
    return found.slice(0, 7) === month ? fourWeeksBefore(found) : found;
  }

  // What the parts of this page look at.
  const of = {
    month,
    names,
    lockedWord,
    read: (text, unit) => read(text, unit),
    get known() {
      return known;
    },
    get sheet() {
      return sheet;
    },
    get draft() {
      return draft;
    },
    get grid() {
      return grid;
    },
    get saving() {
      return saving;
    },
  };

  return {
    loaded: false,
    loadFailure: "",
    agencies: [],
    agency: "",
    month,
    mayWrite: false,
    state: "saved",
    savedAt: "",
    refusal: [],
    lostSince: "",
    empty: false,
    filled: false,
    codesMissing: false,
    unpublished: 0,
    problems: 0,
    gaps: 0,
    coverageWords: "",
    coverageFailed: false,
    conflicts: 0,
    isPublished: false,
    publishedWord: "",
    canUndo: false,
    canRedo: false,
    here: null,
    refusedAt: null,
    said: "",
    told: [],
    printedAt: "",
    many: false,
    finding: "",
    findCount: -1,

    async init() {
      self = this;
      await this.load();
      addEventListener("beforeprint", () => {
        this.printedAt = atWord(nowInstant());
      });
      // Somebody else may fill in the same sheet.
      poll(() => this.listen(), LISTEN_MS);
    },
    async load() {
      this.loadFailure = "";
      try {
        const answer = await fetchAll();
        this.mayWrite = mayKeepSheet(me, this.agency);
        history.replaceState(null, "", address(this.agency, month));
        open(answer);
        this.loaded = true;
        this.codesMissing = known.codes.length === 0;
        await this.$nextTick();
        redraw();
        this.heardState(draft.unsaved() ? "waiting" : "saved");
        coverage ||= createCoverage(this.$root.querySelector(".k-cover-sheet"), covers());
        coverage.load();
        this.readLoad();
      } catch (error) {
        if (!error.faults && error.name === "Error") this.loadFailure = error.message;
        else this.loadFailure = notLoadedWord(failureWord(error));
        if (!["Refused", "Unreachable", "Error", "SignInUnanswered"].includes(error.name)) throw error;
      }
    },
    // The weeks before may come later, or not: the sheet is filled in without them.
    async readLoad() {
      try {
        const answer = await api.get(`${path()}/load`, "people");
        const begins = Date.parse(instantOn(dayOf(month, 0), "00:00"));
        const before = (at) => (at ? Math.round((Date.parse(at) - begins) / 60000) : null);
        known.load = { people: new Map(answer.people.map((each) => [each.person_id, { ...each, ended_before: before(each.ended_at) }])) };
        if (grid.editing) return;
        arrange();
        redraw();
        coverage.draw();
      } catch (error) {
        if (!["Refused", "Unreachable"].includes(error.name)) throw error;
      }
    },
    async listen() {
      if (!this.loaded || !draft) return;
      try {
        this.take(await api.get(path(), "rows", "v", "differs"));
      } catch {
        // The frame's bar says that the line is lost; what is typed waits.
      }
    },
    take(answer) {
      // An answer that was on its way while something was saved says less than is known.
      if (answer.v < version || grid.editing || !saving.quiet || !draft.heard(answer.rows)) return;
      const moved = answer.v !== version;
      version = answer.v;
      const news = JSON.stringify(published) !== JSON.stringify(answer.published);
      published = answer.published;
      if (moved || news) coverage.soon();
      this.refresh(news);
    },
    // All anew: the rows may be others by now.
    refresh(anew = false) {
      const before = sheet.lines.map((line) => line.id).join(" ");
      if (anew) arrange();
      else sheet.arrange();
      if (anew || before !== sheet.lines.map((line) => line.id).join(" ")) redraw();
      else this.painted(sheet.lines.map((_, at) => at));
    },
    painted(ats) {
      const middles = view.middles();
      grid.paint(sheet.changed(ats));
      grid.paintTails();
      grid.paintHeads(middles);
      this.sums();
    },
    sums() {
      grid.paintHeads(view.middles());
      this.empty = draft.rows().length === 0;
      this.filled = sheet.lines.length > 0;
      this.many = sheet.lines.length + sheet.sections.length > MANY_LINES;
      this.unpublished = sheet.unpublished();
      this.problems = sheet.problems().length;
      this.conflicts = draft.conflicts().length;
      this.canUndo = steps.canUndo;
      this.canRedo = steps.canRedo;
      this.isPublished = Boolean(published);
      this.publishedWord = published ? t("Published {at} by {name}, from {day} on", { at: atWord(published.at), name: published.by, day: dayWord(published.first_day) }) : t("Not published: patterns count meanwhile");
    },

    // Whose, and when
    agencyName() {
      return this.agencies.find((each) => each.id === this.agency)?.name || "";
    },
    agencyWhole() {
      return this.agencies.find((each) => each.id === this.agency)?.whole || "";
    },
    toAgency() {
      location.assign(address(this.agency, month));
    },
    monthWord: () => monthWord(month),
    titleMonth: () => monthOnly(month),
    startWord: () => t("{month} has no sheet yet. What shall it begin with?", { month: monthWord(month) }),
    fileAddress: () => `roster-file.html?agency=${encodeURIComponent(self.agency)}&month=${month}`,
    monthAway: (away) => address(self.agency, shiftedMonth(month, away)),
    monthAwayWord: (away) => monthShort(shiftedMonth(month, away)),
    over: () => dayOf(month, draft ? draft.days - 1 : 0) <= today,

    // Below the sheet
    gapsWord() {
      return tn("{n} stretch without an answer", "{n} stretches without an answer", this.gaps);
    },
    loadCoverage() {
      coverage.load();
    },

    // Saving
    heardState(state) {
      if (state === "saved" && this.state !== "saved") coverage?.soon();
      this.state = state;
      if (state === "saved") {
        this.lostSince = "";
        this.refusal = [];
        this.savedAt = clock(nowInstant()).slice(0, 5);
      }
      if (state === "lost") this.lostSince ||= clock(nowInstant()).slice(0, 5);
    },
    heardSaved(answer, met) {
      version = Math.max(version, answer.v);
      this.refusal = [];
      this.lostSince = "";
      if (met) {
        this.refresh();
        this.say(tn("{n} cell was written by somebody else meanwhile: look at both.", "{n} cells were written by somebody else meanwhile: look at both.", met));
      } else this.conflicts = draft.conflicts().length;
    },
    heardRefused(error) {
      this.state = "refused";
      this.refusal = [failureWord(error), ...new Set((error.faults || []).map((fault) => faultWord(fault)))];
    },
    stateWord() {
      switch (this.state) {
        case "saved": return this.mayWrite && this.filled ? t("Draft saved {time}", { time: this.savedAt }) : "";
        case "lost": return t("Not saved since {time}: the server cannot be reached. All is kept in this browser and sent again.", { time: this.lostSince });
        case "refused": return t("Not saved: {why}", { why: this.refusal.join(" ") });
        default: return t("Saving…");
      }
    },
    stateClass() {
      return { lost: "k-roster-state k-roster-state-bad", refused: "k-roster-state k-roster-state-bad" }[this.state] || "k-roster-state";
    },

    // Writing. A step is kept with how it is taken back.
    does(step, words = "") {
      if (!step.cells.length && !step.add.length && !step.drop.length) return;
      draft.apply(step);
      steps.did(step);
      this.after(step);
      if (words) this.say(words);
    },
    after(step) {
      if (step.add.length || step.drop.length) this.refresh();
      else {
        const touched = new Set(step.cells.map((cell) => cell.row));
        this.painted(sheet.lines.flatMap((line, at) => (touched.has(line.id) ? [at] : [])));
      }
      saving.soon();
    },
    undo() {
      this.back(steps.undo(), inverse, t("Taken back"));
    },
    redo() {
      this.back(steps.redo(), (step) => step, t("Done again"));
    },
    back(step, turned, words) {
      if (!step || !this.mayWrite) return;
      const done = turned(step);
      const left = draft.apply(done);
      this.after(done);
      this.say(left ? tn("{n} cell stays: somebody wrote it since.", "{n} cells stay: somebody wrote them since.", left) : words);
      const first = done.cells[0];
      const at = first ? sheet.lines.findIndex((line) => line.id === first.row) : -1;
      if (at !== -1) grid.goTo(at, Number(first.day?.slice(8)) - 1 || first.column);
    },
    say(words) {
      // The same words again are to be heard again.
      this.said = this.said === words ? `${words} ` : words;
    },

    // What publishing and filling ask
    path: () => path(),
    version: () => version,
    daysAhead: () => sheet.dates.filter((day) => day > today),
    name: (id) => sheet.name(id),
    unit: (id) => names.unit(id),
    dayOfInstant: (instant) => localDay(instant),
    // "rows.andi.2026-12-04" as people read it
    placeWord(at) {
      const [, id, what] = at.split(".");
      const line = sheet.lines.find((each) => each.id === id);
      if (!line) return "";
      return [sheet.name(line.person_id), /^\d{4}-\d\d-\d\d$/.test(what || "") ? dayWord(what) : ""].filter(Boolean).join(", ");
    },
    tookPublished(answer) {
      version = answer.v;
      published = answer.published;
      this.refresh(true);
    },
    // The sheet may have come to be seen by what was just done.
    focus: () => self.$nextTick(() => grid?.focus()),
    mayPublish() {
      return this.mayWrite && this.filled && !this.over() && this.state === "saved" && !this.conflicts && (this.unpublished > 0 || !this.isPublished);
    },
    publishWord() {
      if (!this.isPublished) return t("Publish {month}…", { month: monthOnly(month) });
      return this.unpublished ? tn("Publish {n} change…", "Publish {n} changes…", this.unpublished) : t("Nothing to publish");
    },
    whyNotPublish() {
      if (!this.mayWrite || !this.filled || this.over()) return "";
      if (this.conflicts) return t("Choose first what counts where two wrote.");
      return "";
    },
    week: () => (grid ? weekOf(sheet, grid.selection) : null),
    failure: (error) => failureWord(error),
    crewHere() {
      return this.here ? sheet.line(this.here.row)?.crew_id || "" : "";
    },
    stands: (id) => sheet.lines.some((line) => line.person_id === id && !line.gone),
    usual(id) {
      const last = dayOf(month, draft.days - 1);
      const crew = known.crews.find((each) => !each.retired && each.members.some((one) => one.person_id === id && one.since <= last && (one.until || "~") >= dayOf(month, 0)));
      const member = crew?.members.find((one) => one.person_id === id);
      return crew ? { crew_id: crew.id, unit_id: member.unit_id || crew.unit_id || null } : null;
    },
    adds(row) {
      const added = { ...row, id: draft.freeId(row.person_id), texts: Array(draft.days).fill("") };
      this.does({ add: [added], drop: [], cells: [] }, t("Row of {name} added", { name: sheet.name(row.person_id) }));
      this.$nextTick(() => grid.goTo(sheet.lines.findIndex((line) => line.id === added.id), 0));
    },
    addCrews() {
      const add = missingRows();
      this.does({ add, drop: [], cells: [] }, tn("{n} row added", "{n} rows added", add.length));
      this.focus();
    },
    async filledBy(kind, over) {
      const columns = sheet.dates.flatMap((_, column) => (sheet.begun(column) ? [] : [column]));
      const lines = () => sheet.lines.filter((line) => !line.gone);
      if (kind === "pattern") return withNewRows(fillStep(sheet, lines(), columns, (line, column) => sheet.pattern(line, column), over), columns);
      previous ||= await before();
      if (kind === "week") {
        return fillStep(sheet, lines(), weekOf(sheet, grid.selection).columns, (line, column) => textOn(line, shiftedDay(sheet.dates[column], -7)), over);
      }
      const inBefore = (line, column) => textOn(line, fourWeeksBefore(sheet.dates[column]));
      const step = fillStep(sheet, lines(), columns, inBefore, over);
      const missing = previous.rows.filter((row) => !draft.row(row.id) && !sheet.isElsewhere(row.person_id) && row.texts.some(Boolean));
      step.add = missing.map((row) => ({ ...row, texts: sheet.dates.map(() => "") }));
      for (const row of step.add) for (const column of columns) if (inBefore(row, column)) step.cells.push({ row: row.id, column, was: "", now: inBefore(row, column) });
      return step;
    },

    ...rosterWriting(of),
    ...rosterHere(of),
    ...rosterFinding(of),
    ...rosterChoices(of),
    ...rosterPublishing(api, { path, version: () => version, daysAhead: () => self.daysAhead(), name: (id) => self.name(id), unit: (id) => self.unit(id), dayOfInstant: (at) => self.dayOfInstant(at), placeWord: (at) => self.placeWord(at), listen: () => self.listen(), tookPublished: (answer) => self.tookPublished(answer), focus: () => self.focus() }),
    ...rosterFilling({ week: () => self.week(), filledBy: (kind, over) => self.filledBy(kind, over), failure: failureWord, does: (step, words) => self.does(step, words), focus: () => self.focus(), crewHere: () => self.crewHere(), usual: (id) => self.usual(id), stands: (id) => self.stands(id), adds: (row) => self.adds(row) }),
  };
}
