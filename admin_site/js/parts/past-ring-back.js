// The dialog that asks what came of ringing a caller back; for a call that became an incident, which one.

import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";
import { shiftDay } from "./past-query.js";
import { atWord, placeWord } from "./past-rows.js";
import { localDay, nowInstant } from "./time.js";

export function ringBackDialog(api) {
  return {
    call: null,
    result: "",
    incident: "",
    incidents: [], // of the call's day and the next, one of which it may have become
    failure: "",
    error: "",
    busy: false,

    open({ call, names }) {
      Object.assign(this, { call, result: "", incident: "", incidents: [], failure: "", error: "" });
      this.$refs.dialog.showModal();
      this.$nextTick(() => this.$refs.dialog.querySelector("input")?.focus());
      this.readIncidents(call, names);
    },
    async readIncidents(call, names) {
      const next = shiftDay(call.day, 1);
      const today = localDay(nowInstant());
      try {
        const { incidents } = await api.get(`/api/past/incidents?from=${call.day}&to=${next < today ? next : today}`, "incidents");
        if (this.call === call) this.incidents = incidents.map((row) => ({ id: row.id, word: [atWord(row.opened_at), names.type(row.type), row.label, names.district(row.district), placeWord(row)].filter(Boolean).join(" · ") }));
      } catch (error) {
        if (this.call === call) this.failure = failureWord(error);
      }
    },
    leave() {
      this.$refs.dialog.close();
    },
    chosen() {
      this.error = "";
    },
    number() {
      return this.call?.number || "";
    },
    missing() {
      if (!this.result) return t("Choose one.");
      return this.result === "incident" && !this.incident ? t("Choose the incident.") : "";
    },
    async confirm() {
      this.error = this.missing();
      if (this.error || this.busy) return;
      this.busy = true;
      try {
        const body = { day: this.call.day, result: this.result, ...(this.result === "incident" ? { incident_id: this.incident } : {}) };
        const { rung_back } = await api.post(`/api/calls/${encodeURIComponent(this.call.id)}/ring-backs`, body, undefined, "rung_back");
        this.$dispatch("rung-back", { id: this.call.id, rung_back });
        this.leave();
      } catch (error) {
        this.error = [failureWord(error), ...refusals(error)].join(" ");
      } finally {
        this.busy = false;
      }
    },
  };
}
