import { failureWord, notLoadedWord } from "../parts/fields.js";
import { drawDots } from "../parts/figures-dots.js";
import { askedFigures, BY, CLOCKS, monthsUpTo, narrows, readFigures, WHENS, writeFigures } from "../parts/figures-query.js";
import { byWord, caseTime, clockWord, columnOf, groupRow, groupWord, leftOut, marksWord, monthWord, reasonWord, restWord, spanWord, time, whenWord, REASONS } from "../parts/figures-words.js";
import { t, tn, whole } from "../parts/i18n.js";
import { keepAddress } from "../parts/languages.js";
import { openRegistry } from "../parts/registry.js";
import { start } from "../parts/start.js";
import { localDay, nowInstant, shortDay } from "../parts/time.js";

const MONTHS = 24;

await start(({ api, me }) => ({ responseTimes: () => responseTimes(api, me) }));

function responseTimes(api, me) {
  let registry = openRegistry({});
  let round = 0;
  let naming = null; // ids stand for good in what is drawn before the names came
  const today = () => localDay(nowInstant());

  return {
    filters: readFigures(location.search, today()),
    bound: me.role === "agency_admin",
    found: null,
    asked: null, // the filters of what is shown
    named: false,
    busy: false,
    failure: "",
    cases: [],
    more: 0,
    casesFailure: "",
    casesBusy: false,

    async init() {
      naming = this.readNames();
      await this.load();
    },
    async readNames() {
      try {
        registry = openRegistry(await api.get("/api/registry", "agencies", "incident_types"));
        this.named = true;
      } catch {
        this.named = false;
      }
    },
    async load() {
      const mine = (round += 1);
      const filters = { ...this.filters };
      this.busy = true;
      this.failure = "";
      try {
        const [found] = await Promise.all([api.get(`/api/reports/figures?${askedFigures(filters, today())}`, "groups"), naming]);
        if (mine !== round) return;
        Object.assign(this, { found, asked: filters });
        this.showOpen();
      } catch (error) {
        if (mine !== round) return;
        // Figures of other filters would be taken for these.
        Object.assign(this, { found: null, failure: notLoadedWord(failureWord(error)) });
      } finally {
        if (mine === round) this.busy = false;
      }
    },

    // Filters
    changed() {
      this.filters.open = "";
      this.keep();
      this.load();
    },
    keep() {
      history.replaceState(null, "", location.pathname + writeFigures(this.filters, today()));
      keepAddress();
    },
    pickClock(clock) {
      this.filters.clock = clock;
      this.changed();
    },
    narrowed() {
      return narrows(this.filters).length > 0;
    },
    clear() {
      for (const name of narrows(this.filters)) this.filters[name] = "";
      this.changed();
    },
    months: () => monthsUpTo(today(), MONTHS).map((id) => ({ id, word: monthWord(id) })),
    agencies() {
      return this.named ? registry.agencyList : [];
    },
    types() {
      return this.named ? [...registry.typeOptions].sort((a, b) => a.label.localeCompare(b.label)) : [];
    },
    districts() {
      return this.named ? registry.districtOptions : [];
    },
    priorities: () => [1, 2, 3, 4, 5].map((n) => ({ id: String(n), word: t("Priority {n}", { n }) })),
    whens: () => WHENS.map((id) => ({ id, word: whenWord(id) })),
    bys: () => BY.map((id) => ({ id, word: byWord(id) })),
    clocks: () => CLOCKS.map((id) => ({ id, word: clockWord(id) })),
    span() {
      return spanWord(this.filters.clock);
    },

    // Rows
    titleWord() {
      const day = this.filters.month === today().slice(0, 7) ? t("up to {day}", { day: shortDay(nowInstant()) }) : "";
      return [monthWord(this.filters.month), day].filter(Boolean).join(" · ");
    },
    byHead() {
      return this.asked ? byWord(this.asked.by) : "";
    },
    rows() {
      if (!this.found) return [];
      const { few } = this.found;
      const name = (key) => groupWord(this.asked.by, key, registry);
      const rows = this.found.groups.map((group) => ({ ...group, ...groupRow(group, few), name: name(group.key), below: group.clocks.map(clockBelow).join(", ") }));
      // Hours, weekdays, months and priorities have their own order; of the others the most come first.
      return ["hour", "weekday", "month", "priority"].includes(this.asked.by) ? rows : rows.sort((a, b) => b.called - a.called || a.name.localeCompare(b.name));
    },
    draw(host, row) {
      drawDots(host, row, row.small);
    },
    dotsWord(row) {
      return row.with_target ? t("{n} in time, {late} late, longest {time}", { n: row.with_target - row.late, late: row.late, time: time(row.longest_s) }) : row.longest;
    },
    emptyWord() {
      if (!this.found || this.found.all.called) return "";
      return this.narrowed() ? t("No incident that has ended fits these filters.") : t("No incident of this month has ended yet.");
    },
    sumWord() {
      const { called, counted } = this.found.all;
      return t("All that were called: {called} = {counted} counted + {out} left out", { called: whole(called), counted: whole(counted), out: whole(called - counted) });
    },
    columns() {
      if (!this.found) return [];
      const whole = leftOut(this.found.all);
      return REASONS.filter((reason) => whole.get(reason)).map((reason) => ({ reason, word: reasonWord(reason) }));
    },
    sumRows() {
      if (!this.found) return [];
      return [...this.rows(), { ...this.found.all, key: "", name: t("All"), whole: true }];
    },
    cell(row, reason) {
      return leftOut(row).get(reason) || 0;
    },
    rest() {
      return this.found ? restWord(this.found.all, this.found) : "";
    },

    // The cases behind one number
    isOpen(row, number) {
      return this.filters.open === `${row.key}.${number}`;
    },
    opensBelow(row) {
      return this.filters.open.split(".")[0] === row.key && this.filters.open !== "";
    },
    openTitle(row) {
      const number = this.filters.open.split(".")[1] || "";
      const count = tn("{n} incident", "{n} incidents", this.cases.length + this.more);
      return `${row.name}, ${reasonWord(number)}: ${count}`;
    },
    toggle(row, number) {
      this.filters.open = this.isOpen(row, number) ? "" : `${row.key}.${number}`;
      this.keep();
      this.showOpen();
    },
    close() {
      const cell = document.querySelector("[data-cell][aria-expanded=true]");
      this.filters.open = "";
      this.keep();
      cell?.focus();
    },
    async showOpen() {
      const { open } = this.filters;
      if (!open) return;
      Object.assign(this, { cases: [], more: 0, casesFailure: "", casesBusy: true });
      try {
        const [key, number] = open.split(".");
        const found = await this.askCases(key, number);
        if (open === this.filters.open) Object.assign(this, found);
      } catch (error) {
        if (open === this.filters.open) this.casesFailure = failureWord(error);
      } finally {
        if (open === this.filters.open) this.casesBusy = false;
      }
    },
    // A column of the table may be several of the server's reasons.
    async askCases(key, number) {
      const group = key ? this.found.groups.find((each) => each.key === key) : this.found.all;
      const reasons = number === "unrecorded" ? Object.keys(group?.left_out || {}).filter((each) => columnOf(each) === number) : [number];
      const all = await Promise.all(reasons.map((each) => {
        const query = askedFigures(this.asked, today());
        query.set("key", key);
        query.set("number", each);
        return api.get(`/api/reports/cases?${query}`, "cases");
      }));
      return { cases: all.flatMap((each) => each.cases).map((one) => this.caseRow(one)), more: all.reduce((sum, each) => sum + each.more, 0) };
    },
    caseRow(one) {
      return {
        id: `${one.incident_id} ${one.agency_id}`,
        link: `incident.html?id=${encodeURIComponent(one.incident_id)}`,
        at: caseTime(one),
        type: registry.type(one.type),
        label: one.label,
        district: registry.district(one.district),
        unit: registry.unit(one.unit_id),
        agency: registry.agency(one.agency_id),
        what: one.seconds === null ? (one.reason ? registry.reason(one.reason) : reasonWord(columnOf(one.out))) : time(one.seconds),
        late: one.late,
        marks: marksWord(one.marks),
      };
    },
    moreWord() {
      return this.more ? tn("and {n} more: narrow the filters to see them", "and {n} more: narrow the filters to see them", this.more) : "";
    },
    // The arrows go from number to number, as in a spreadsheet; Escape closes what is open.
    gridKey(event) {
      if (event.key === "Escape" && this.filters.open) return this.close();
      const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      const here = event.target.closest("[data-cell]");
      if (!move || !here) return;
      event.preventDefault();
      const table = [...document.querySelectorAll("[data-cells]")].map((row) => [...row.querySelectorAll("[data-column]")]);
      let [row, column] = [table.findIndex((cells) => cells.some((cell) => cell.contains(here))), Number(here.closest("[data-column]").dataset.column)];
      for (let next = true; next; ) {
        row += move[0];
        column += move[1];
        const cell = table[row]?.find((each) => Number(each.dataset.column) === column);
        if (!cell) return;
        const button = cell.querySelector("[data-cell]");
        button?.focus();
        next = !button;
      }
    },
  };
}

// The end of a clock, below an agency's name.
function clockBelow(clock) {
  return { response: t("until arrival"), ready: t("until ready to act") }[clock] || clockWord(clock);
}
