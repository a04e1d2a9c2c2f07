// The page of what is over: its filters, which stand in the address, what they find, and a number's, which stands nowhere.

import { failureWord, notLoadedWord, placeErrors, refusals } from "./fields.js";
import { t, tn } from "./i18n.js";
import { keepAddress } from "./languages.js";
import { DAYS_MOST, SPANS, askedAddress, firstDay, isDay, looksLikeNumber, narrowed, readQuery, shiftDay, writeQuery } from "./past-query.js";
import { added, agenciesWord, atWord, placeWord, ringBackWord, toRingBack, tookWord, withDays } from "./past-rows.js";
import { openRegistry } from "./registry.js";
import { mayCommand, mayListCalls } from "./roles.js";
import { localDay, longDay, nowInstant, shortDay } from "./time.js";
import { channelWord, classWord, incidentStatusWord } from "./words.js";

// So much is fetched by itself; then somebody says whether to go on.
const ROWS_AT_ONCE = 100;
const ANSWERS_AT_ONCE = 12;
const TYPED_MS = 350;

export function past(api, me) {
  let registry = openRegistry({});
  let round = 0;
  let typing = 0;
  let naming = null; // ids stand for good in what is drawn before the names came
  const today = () => localDay(nowInstant());

  return {
    filters: readQuery(location.search, today()),
    number: { text: "", reason: "", errors: {} }, // of whom somebody looks for; kept by no address
    ofNumber: false, // whether what is shown is a number's
    incidents: [],
    calls: [],
    known: false,
    busy: false,
    next: null,
    searchedTo: "",
    failure: "",
    namesKnown: false,
    mayCommand: mayCommand(me),
    mayListCalls: mayListCalls(me),

    init() {
      if (!this.mayListCalls) this.filters.tab = "incidents";
      naming = this.readNames();
      this.load();
    },
    async readNames() {
      try {
        registry = openRegistry(await api.get("/api/registry", "agencies", "units"));
        this.namesKnown = true;
      } catch {
        this.namesKnown = false;
      }
    },

    // Filters
    get typed() {
      return looksLikeNumber(this.filters.text);
    },
    changed() {
      if (!isDay(this.filters.to) || this.filters.to > today()) this.filters.to = today();
      this.filters.days = Number(this.filters.days);
      history.replaceState(null, "", location.pathname + writeQuery(this.filters, today()));
      keepAddress();
      this.ofNumber = false;
      this.load();
    },
    // While a number stands in the field, what is listed would be taken for its own.
    waitsForReason() {
      return this.typed && !this.ofNumber && this.filters.tab === "incidents";
    },
    // A number is looked for when somebody says why, and never by itself.
    typedText() {
      clearTimeout(typing);
      typing = setTimeout(() => {
        if (!this.typed) this.changed();
        else if (!this.ofNumber) this.load();
      }, TYPED_MS);
    },
    submitText() {
      clearTimeout(typing);
      // The field shows a moment after the number was typed.
      if (this.typed) this.$nextTick(() => this.$refs.why?.focus());
      else this.changed();
    },
    move(days) {
      this.filters.to = shiftDay(this.filters.to, days * this.filters.days);
      this.changed();
    },
    atToday() {
      return this.filters.to >= today();
    },
    spans() {
      return [...new Set([...SPANS, this.filters.days])].sort((a, b) => a - b).map((days) => ({ days, word: tn("{n} day", "{n} days", days) }));
    },
    today,
    pickTab(tab) {
      this.filters.tab = tab;
      this.changed();
    },
    pickWhich(which) {
      this.filters.which = which;
      this.changed();
    },
    clear() {
      Object.assign(this.filters, { text: "", type: "", agency: "" });
      this.changed();
    },
    widen() {
      this.filters.days = DAYS_MOST;
      this.changed();
    },
    narrowed() {
      return narrowed(this.filters);
    },
    types() {
      return this.namesKnown ? [...registry.typeOptions].sort((a, b) => a.label.localeCompare(b.label)) : [];
    },
    agencies() {
      return this.namesKnown ? registry.agencyList : [];
    },

    // What is found
    load() {
      Object.assign(this, { incidents: [], calls: [], known: false, next: null, searchedTo: "", failure: "" });
      if (!this.waitsForReason()) return this.more();
      round += 1; // whatever is still on its way answers nothing any more
      this.busy = false;
      return null;
    },
    async more() {
      const mine = (round += 1);
      const ask = this.ofNumber ? (after) => this.askNumber(after) : (after) => api.get(askedAddress(this.filters, after), this.filters.tab, "searched_to");
      this.busy = true;
      this.failure = "";
      try {
        let fresh = 0;
        for (let answers = 0; answers < ANSWERS_AT_ONCE && fresh < ROWS_AT_ONCE; answers += 1) {
          const [answer] = await Promise.all([ask(this.next), naming]);
          if (mine !== round) return;
          this.incidents = added(this.incidents, answer.incidents || []);
          this.calls = added(this.calls, answer.calls || []);
          fresh += (answer.incidents || answer.calls).length;
          Object.assign(this, { next: answer.next, searchedTo: answer.searched_to, known: true });
          if (!answer.next) break;
        }
      } catch (error) {
        if (mine === round) this.failed(error);
      } finally {
        if (mine === round) this.busy = false;
      }
    },
    failed(error) {
      const { fields } = placeErrors(error.faults, { number: "text", reason: "reason" });
      this.number.errors = fields;
      if (Object.keys(fields).length) this.ofNumber = false;
      else this.failure = [failureWord(error), ...refusals(error)].join(" ");
    },
    again() {
      return this.known ? this.more() : this.load();
    },
    lostWord() {
      return this.known ? this.failure : notLoadedWord(this.failure);
    },
    askNumber(after) {
      const { text, reason } = this.number;
      const body = { number: text, reason, from: firstDay(this.filters), to: this.filters.to, ...(after ? { after } : {}) };
      return api.lookUp("/api/past/numbers", body, "incidents", "calls");
    },
    lookForNumber() {
      const reason = this.number.reason.trim();
      this.number.errors = reason ? {} : { reason: t("This is needed.") };
      if (!reason) return this.$refs.why?.focus();
      Object.assign(this.number, { text: this.filters.text.trim(), reason });
      this.ofNumber = true;
      return this.load();
    },
    leaveNumber() {
      this.filters.text = "";
      Object.assign(this.number, { text: "", reason: "", errors: {} });
      this.changed();
    },

    // Lines
    get incidentRows() {
      return withDays(this.incidents, "opened_at");
    },
    get callRows() {
      return withDays(this.calls, "received_at");
    },
    showsIncidents() {
      return this.ofNumber || this.filters.tab === "incidents";
    },
    showsCalls() {
      return this.calls.length > 0;
    },
    shownNothing() {
      return this.known && !this.next && !this.busy && !this.incidents.length && !this.calls.length;
    },
    stopped() {
      return Boolean(this.known && this.next && !this.busy);
    },
    busyWord() {
      return this.searchedTo ? t("Searching… down to {day} so far", { day: shortDay(`${this.searchedTo}T05:00:00Z`) }) : t("Searching…");
    },
    stoppedWord() {
      if (!this.searchedTo) return "";
      const day = shortDay(`${this.searchedTo}T12:00:00Z`);
      return this.searchedTo > firstDay(this.filters) ? t("Searched down to {day}. There may be more before it.", { day }) : t("There is more on {day}.", { day });
    },
    countWord() {
      const found = this.incidents.length + this.calls.length;
      return this.known ? `${found}${this.next ? "+" : ""}` : "–";
    },
    daysWord() {
      const [first, last] = [firstDay(this.filters), this.filters.to].map((day) => `${day}T05:00:00Z`);
      return this.filters.days === 1 ? longDay(last) : `${shortDay(first)} – ${shortDay(last)}`;
    },
    dayWord: (row) => longDay(row.opened_at || row.received_at),
    at: (row) => atWord(row.opened_at || row.received_at),
    link: (row) => `incident.html?id=${encodeURIComponent(row.id)}`,
    type(row) {
      return registry.type(row.type);
    },
    district(row) {
      return registry.district(row.district);
    },
    place: placeWord,
    // What is over needs nobody now, however urgent it was.
    rowClass: (row) => (row.status === "open" ? `k-past-row k-p${row.priority}` : "k-past-row"),
    ended: (row) => row.status !== "open",
    state(row) {
      return row.status === "closed" && row.disposition ? registry.disposition(row.disposition) : incidentStatusWord(row.status);
    },
    stateClass: (row) => `k-past-state k-past-${row.status}`,
    agenciesOf(row) {
      return agenciesWord(row.crews, registry.agency);
    },
    took: tookWord,
    className: (call) => classWord(call.class),
    channel: (call) => channelWord(call.channel),
    wholeNumber: (call) => call.number.startsWith("+"),
    numberWord: (call) => call.number || (call.erased ? t("erased") : t("number withheld")),
    ring: (call) => `tel:${call.number}`,
    cameOf: (call) => ringBackWord(call),
    cameClass: (call) => (toRingBack(call) ? "k-past-came k-past-waits" : "k-past-came"),
    became: (call) => call.rung_back.findLast((made) => made.incident)?.incident || "",
    becameLink(call) {
      return `incident.html?id=${encodeURIComponent(this.became(call))}`;
    },
    mayRing(call) {
      return this.mayCommand && !call.erased;
    },

    // Keyboard: / goes to the search, the arrows from line to line; Enter opens, as a link does.
    key(event) {
      const field = event.target.closest?.("input, select, textarea, dialog");
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/" && !field) {
        event.preventDefault();
        this.$refs.search.focus();
        this.$refs.search.select();
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && (!field || field === this.$refs.search)) this.step(event, step);
    },
    step(event, by) {
      const lines = [...document.querySelectorAll("[data-line]")].filter((line) => line.offsetParent);
      const at = lines.indexOf(event.target.closest("[data-line]"));
      const line = at < 0 && by > 0 ? lines[0] : lines[at + by];
      if (!line) return;
      event.preventDefault();
      line.focus();
    },

    // Dialogs stand in parts of their own; what they wrote comes back by an event.
    askReopen(row) {
      this.$dispatch("ask-reopen", { row, title: this.type(row) });
    },
    askRingBack(call) {
      this.$dispatch("ask-ring-back", { call, names: registry });
    },
    rungBack({ id, rung_back }) {
      this.calls = this.calls.map((call) => (call.id === id ? { ...call, rung_back } : call));
    },
  };
}
