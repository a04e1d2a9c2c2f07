import { answeredWord, peopleRows, percent, secondsWord, stateWord, withNewest } from "../parts/drill-rows.js";
import { failureWord, refusals } from "../parts/fields.js";
import { t, tn } from "../parts/i18n.js";
import { keepAddress } from "../parts/languages.js";
import { poll } from "../parts/poll.js";
import { openRegistry } from "../parts/registry.js";
import { drilledAgency, mayDrill } from "../parts/roles.js";
import { start } from "../parts/start.js";
import { clock, nowInstant, shortDay } from "../parts/time.js";
import { plain } from "../parts/words.js";

const EVERY_MS = 2500;
// Lists change less often than the answers of a drill that runs.
const LISTS_EVERY = 4;
const MINUTES = [5, 10, 15, 30];

await start(({ api, me }) => ({ drills: () => drills(api, me) }));

function drills(api, me) {
  let registry = openRegistry({});
  let poller = null;
  let round = 0;

  return {
    id: "",
    one: null, // the drill that is shown
    missing: false,
    list: [],
    next: null,
    agency: drilledAgency(me),
    minutes: "15",
    present: null, // {people, out} of the agency chosen
    busy: false,
    failure: "",
    lostSince: "",
    lostWhy: "",
    namesKnown: false, // whether the registry's names are known
    listed: false, // whether the list is
    dialog: "", // "start" or "end"

    init() {
      this.id = new URLSearchParams(location.search).get("id") || "";
      addEventListener("popstate", () => this.show(new URLSearchParams(location.search).get("id") || ""));
      poller = poll(() => this.refresh(), EVERY_MS);
    },
    async refresh() {
      const lists = round % LISTS_EVERY === 0;
      // What cannot be read leaves the rest readable.
      const failed = [];
      const read = (one) => one.catch((error) => failed.push(error));
      await Promise.all([this.namesKnown || read(this.readNames()), lists && read(this.readList()), lists && read(this.readPresent())]);
      if (!this.id && this.list.length) this.id = this.list[0].id;
      if (this.id && (lists || this.running())) await read(this.readDrill());
      if (failed.length) {
        this.lostSince ||= nowInstant();
        this.lostWhy = failureWord(failed[0]);
      } else {
        this.lostSince = "";
        round += 1;
      }
    },
    get loaded() {
      return this.listed || Boolean(this.one);
    },
    async readNames() {
      registry = openRegistry(await api.get("/api/registry", "agencies", "units"));
      this.namesKnown = true;
    },
    tryNow() {
      poller.now();
    },
    lostWord() {
      return clock(this.lostSince);
    },

    async readList() {
      const { drills, next } = await api.get("/api/drills", "drills");
      const before = this.list;
      this.list = withNewest(before, drills);
      if (before.length <= drills.length) this.next = next;
      this.listed = true;
    },
    async showMore() {
      this.busy = true;
      try {
        const { drills, next } = await api.get(`/api/drills?before=${encodeURIComponent(this.next)}`, "drills");
        this.list = [...this.list, ...drills];
        this.next = next;
      } catch (error) {
        this.failure = failureWord(error);
      } finally {
        this.busy = false;
      }
    },
    async readPresent() {
      const agency = this.agency;
      if (!agency || !this.mayDrill()) return;
      const present = await api.get(`/api/drills/on-duty?agency_id=${encodeURIComponent(agency)}`, "people", "out");
      if (agency === this.agency) this.present = present;
    },
    async readDrill() {
      const id = this.id;
      try {
        const drill = await api.get(`/api/drills/${encodeURIComponent(id)}`, "people", "tally", "chain");
        if (id === this.id) this.take(drill);
      } catch (error) {
        if (error.status !== 404) throw error;
        this.missing = id === this.id;
        this.one = null;
      }
    },
    take(drill) {
      this.one = drill;
      this.missing = false;
      this.list = this.list.map((each) => (each.id === drill.id ? { ...each, status: drill.status, ended_at: drill.ended_at, tally: drill.status === "ended" ? drill.tally : each.tally } : each));
    },

    // Start
    mayDrill: () => mayDrill(me),
    fixedAgency: () => Boolean(drilledAgency(me)),
    agencies() {
      // The registry is no part of the page's state: without asking for `loaded` nobody would look here again.
      return this.namesKnown ? registry.agencyList.filter((agency) => [agency.id, ""].includes(drilledAgency(me))) : [];
    },
    agencyName(id) {
      return this.namesKnown ? registry.agency(id) : plain(id);
    },
    minuteChoices: () => MINUTES.map((minutes) => ({ id: String(minutes), word: minutes })),
    async chooseAgency() {
      this.present = null;
      this.failure = "";
      try {
        await this.readPresent();
      } catch (error) {
        this.failure = [failureWord(error), ...refusals(error)].join(" ");
      }
    },
    presentUnknown() {
      return Boolean(this.agency && this.lostSince && !this.present);
    },
    nothingKnown() {
      return Boolean(this.lostSince) && !this.listed && !this.one;
    },
    noneYet() {
      return this.listed && !this.id;
    },
    unitWord: (person) => (person.unit_id ? registry.unit(person.unit_id) : t("on call")),
    outWord() {
      return this.present?.out.map((person) => person.name).join(", ") || "";
    },
    runsThere() {
      return this.list.some((drill) => drill.agency_id === this.agency && drill.status === "running");
    },
    mayStart() {
      return this.listed && this.present?.people.length > 0 && !this.runsThere() && !this.busy;
    },
    startWord() {
      const n = this.present?.people.length || 0;
      return tn("Send the drill SMS to {n} person", "Send the drill SMS to {n} people", n);
    },
    async begin() {
      const body = { agency_id: this.agency, minutes: Number(this.minutes) };
      await this.write(async () => {
        const drill = await api.post("/api/drills", body, undefined, "people", "tally", "chain");
        this.list = withNewest(this.list, [drill, ...this.list.filter((each) => each.id > drill.id)]);
        this.show(drill.id, true);
        this.take(drill);
        this.$nextTick(() => this.$refs.drill.scrollIntoView({ block: "nearest" }));
      });
    },

    // One drill
    show(id, push = false) {
      if (id === this.id) return;
      this.id = id;
      this.one = null;
      this.missing = false;
      this.failure = "";
      if (push) history.pushState(null, "", `?id=${encodeURIComponent(id)}`);
      keepAddress();
      round = 0;
      poller.now();
    },
    open(drill) {
      this.show(drill.id, true);
      this.$nextTick(() => this.$refs.drill.scrollIntoView({ block: "nearest" }));
    },
    link: (drill) => `drills.html?id=${encodeURIComponent(drill.id)}`,
    isOpen(drill) {
      return drill.id === this.id;
    },
    waiting() {
      return !this.one && !this.missing && !this.lostSince && (!this.listed || Boolean(this.id));
    },
    running() {
      return this.one?.status === "running";
    },
    mayEnd() {
      return this.running() && this.mayDrill();
    },
    rows() {
      return this.one ? peopleRows(this.one) : [];
    },
    rowUnit(row) {
      return row.unit_id ? registry.unit(row.unit_id) : t("on call");
    },
    stateClass: (row) => `k-answer k-answer-${row.state}`,
    stateWord,
    share: (tally) => percent(tally.share),
    answeredWord,
    secondsWord,
    lateWord: (tally) => tn("{n} answer came too late", "{n} answers came too late", tally.late),
    unsentWord(tally) {
      return tn("{n} page has not left", "{n} pages have not left", tally.people - tally.sent);
    },
    outNames() {
      return this.one?.out.map((person) => person.name).join(", ") || "";
    },
    startedWord: (drill) => `${shortDay(drill.started_at)}, ${clock(drill.started_at).slice(0, 5)}`,
    async end() {
      await this.write(async () => {
        this.take(await api.post(`/api/drills/${encodeURIComponent(this.id)}/end`, {}, undefined, "people", "tally", "chain"));
      });
    },

    // Dialog
    ask(what) {
      this.failure = "";
      this.dialog = what;
      this.$refs.dialog.showModal();
    },
    leaveDialog() {
      this.$refs.dialog.close();
    },
    dialogClosed() {
      this.dialog = "";
    },
    async confirm() {
      await (this.dialog === "start" ? this.begin() : this.end());
      if (!this.failure) this.$refs.dialog.close();
    },
    async write(work) {
      if (this.busy) return;
      this.busy = true;
      this.failure = "";
      try {
        await work();
      } catch (error) {
        this.failure = [failureWord(error), ...refusals(error)].join(" ");
        round = 0;
      } finally {
        this.busy = false;
      }
    },
  };
}
