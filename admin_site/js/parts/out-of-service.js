// The board's line of units that are out of service, and who may change that from it.

import { failureWord, refusals } from "./fields.js";
import { followed } from "./followed.js";
import { t } from "./i18n.js";
import { poll } from "./poll.js";
import { openRegistry } from "./registry.js";
import { mayChangeUnits, mayReport } from "./roles.js";
import { freeUnits, outOfService, withState } from "./unit-rows.js";

const EVERY_MS = 15000;

// `theRegistry` answers with the page's registry, opened.
export function outOfServiceLine(api, me, theRegistry) {
  let registry = openRegistry({});
  let poller = null;
  let writes = 0;

  return {
    ...followed(async function read() {
      const before = writes;
      registry = await theRegistry();
      const { units } = await api.get("/api/units/status", "units");
      // An answer to what was just done is newer than one asked for before it.
      if (writes === before) this.states = units;
    }),
    states: [],
    listed: false,
    busy: false,
    failure: "",
    dialog: null, // {unit, choice, error}

    init() {
      poller = poll(() => this.refresh().then(() => this.askNamed()), EVERY_MS);
      addEventListener("hashchange", () => this.askNamed());
    },
    tryNow() {
      poller.now();
    },
    countWord() {
      return this.known ? this.rows.length : "–";
    },

    get rows() {
      return this.known ? outOfService(this.states, registry.units) : [];
    },
    shown() {
      return !this.known || Boolean(this.lostSince) || this.rows.length > 0 || this.mayChange();
    },
    callsign: (row) => registry.unit(row.id),
    unitName: (row) => registry.unitName(row.id),
    agency: (row) => registry.agency(row.agency_id),
    reason: (row) => (row.reason ? registry.reason(row.reason) : ""),
    mayChange: () => mayChangeUnits(me),
    mayReturn: (row) => mayReport(me, row),
    toggle() {
      this.listed = !this.listed;
      this.failure = "";
    },

    // One request at a time; the answer is the unit's state as it now is.
    async send(unit, status, reason) {
      if (this.busy) return false;
      this.busy = true;
      this.failure = "";
      try {
        const state = await api.post(`/api/units/${encodeURIComponent(unit)}/status`, { status, reason }, undefined, "unit_id", "primary");
        this.states = withState(this.states, state);
        return true;
      } catch (error) {
        this.failure = [failureWord(error), ...refusals(error)].join(" ");
        return false;
      } finally {
        writes += 1;
        this.busy = false;
        // Whoever is refused, or has no answer, sees something that is out of date.
        if (this.failure) poller.now();
      }
    },
    async returnToService(row) {
      // The button goes with its row, and takes along the focus and what it knows of the page.
      const { toggle } = this.$refs;
      if (await this.send(row.id, "Available", "")) toggle.focus();
    },

    // Dialog
    // An address may name the unit that somebody wants to take out; once asked, the address asks no more.
    askNamed() {
      const named = /^#out=(.+)$/.exec(location.hash);
      if (!named || !this.known || !this.mayChange()) return;
      history.replaceState(null, "", location.pathname + location.search);
      this.askOut(decodeURIComponent(named[1]));
    },
    askOut(unit = "") {
      this.dialog = { unit, choice: "", error: "" };
      this.failure = "";
      this.$nextTick(() => {
        this.$refs.dialog.showModal();
        this.$refs.dialog.querySelector("input")?.focus();
      });
    },
    leaveDialog() {
      this.$refs.dialog.close();
    },
    dialogClosed() {
      this.dialog = null;
    },
    invalid: () => "",
    comboOptions() {
      const mine = registry.unitOptions.filter((option) => mayReport(me, registry.units.get(option.id)));
      return freeUnits(mine, this.states);
    },
    comboValue() {
      return this.dialog?.unit || "";
    },
    comboPick(name, id) {
      if (this.dialog) this.dialog.unit = id;
    },
    // What keeps one incident's crew from coming (a blocked road, too far) does not take a unit out of service.
    reasons() {
      return registry.reasonsOf(this.dialog?.unit).filter((reason) => reason.keepsOut);
    },
    async confirm() {
      const { unit, choice } = this.dialog;
      this.dialog.error = (!unit && t("Choose a unit.")) || (!choice && t("Choose one.")) || "";
      if (this.dialog.error) return;
      if (await this.send(unit, "NotAvailable", choice)) {
        this.listed = true;
        this.$refs.dialog.close();
      } else if (this.dialog) {
        this.dialog.error = this.failure;
      }
    },
  };
}
