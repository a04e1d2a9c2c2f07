// The dialog of an incident's page: what is asked before something is done, and the request that does it.

import { withPlaceWords, withWords } from "./call-form.js";
import { splitDefault, splitIncident } from "./caller-says.js";
import { isActive, nextSteps } from "./crew-steps.js";
import { stillOutWord } from "./fault-words.js";
import { t } from "./i18n.js";
import { instantOfClock } from "./time.js";

export function dialogsPart({ path, registry }) {
  return {
    dialog: null, // what is being asked: {kind, title, crew, call, choice, text, when, insist, held, error, unit, type, district, village, landmark, lat, lng, point}

    ask(kind, title, about = {}) {
      this.dialog = { kind, title, choice: "", text: "", when: "", insist: false, held: "", error: "", crew: null, call: null, unit: "", type: "", district: "", village: "", landmark: "", lat: null, lng: null, point: "", ...about };
      this.failure = "";
      this.$nextTick(() => {
        this.$refs.dialog.showModal();
        this.$refs.dialog.querySelector("input,select,textarea")?.focus();
      });
    },
    askReport(crew) {
      this.ask("report", t("Enter a report of {crew}", { crew: crew.callsign }), { crew, choice: nextSteps(crew)[0] });
    },
    askUnable(crew) {
      this.ask("unable", t("{crew} cannot come", { crew: crew.callsign }), { crew });
    },
    askCallOff(crew) {
      this.ask("call_off", t("Call off {crew}?", { crew: crew.callsign }), { crew });
    },
    askSwap(crew) {
      this.ask("swap", t("Another unit instead of {crew}", { crew: crew.callsign }), { crew });
    },
    askUnit() {
      this.ask("unit", t("Send another unit"));
    },
    askAlarm() {
      this.ask("alarm", t("Raise to alarm {level}?", { level: this.one.level + 1 }));
    },
    askClose() {
      this.ask("close", t("Close the incident"));
    },
    askCancel() {
      this.ask("cancel", t("Cancel the incident"));
    },
    askReopen() {
      this.ask("reopen", t("Reopen the incident"), { again: "nobody", ticked: [] });
    },
    askHold() {
      this.ask("hold", t("Put the incident under a legal hold"));
    },
    askLift() {
      this.ask("lift", t("Lift the legal hold"));
    },
    askSplit(call) {
      this.ask("split", t("What is this call really about?"), { call, ...splitDefault(call, this.one) });
    },
    leaveDialog() {
      this.$refs.dialog.close();
    },
    dialogClosed() {
      this.dialog = null;
    },
    invalid: () => "",
    dialogIs(...kinds) {
      return kinds.includes(this.dialog?.kind);
    },
    comboOptions(name) {
      if (!this.namesKnown) return null;
      const village = registry().villageOptions(this.dialog?.district);
      return { type: registry().typeOptions, district: registry().districtOptions, village }[name];
    },
    comboValue(name) {
      return this.dialog?.[name] || "";
    },
    comboText(name, text) {
      if (this.dialog) this.dialog[name] = text;
    },
    comboPick(name, id, typed) {
      if (!this.dialog) return;
      if (name === "type") this.dialog.text = withWords(this.dialog.text, typed);
      if (name === "district") this.dialog.landmark = withPlaceWords(this.dialog.landmark, typed);
      Object.assign(this.dialog, ["district", "village"].includes(name) ? registry().place(id, this.dialog) : { [name]: id });
    },
    reasons() {
      return registry().reasonsOf(this.dialog?.crew?.unit_id);
    },
    dispositions() {
      const { fitting, others } = registry().dispositionsOf(this.one.type);
      return this.dialog?.all ? [...fitting, ...others] : fitting;
    },
    moreDispositions() {
      return this.dialogIs("close") && !this.dialog.all && registry().dispositionsOf(this.one.type).others.length > 0;
    },
    showAllDispositions() {
      this.dialog.all = true;
    },
    stillOut() {
      const units = this.one.assignments.filter(isActive).map((crew) => crew.callsign).join(", ");
      return units && stillOutWord(units);
    },
    okWord() {
      return {
        call_off: t("Call off"), alarm: t("Raise the alarm"), close: t("Close"), cancel: t("Cancel the incident"),
        reopen: t("Reopen"), hold: t("Put under a hold"), lift: t("Lift"), split: t("Split off"), unit: this.sendWord(), swap: this.sendWord(),
      }[this.dialog?.kind] || t("Enter");
    },
    // Who goes is named where it is sent from.
    sendWord() {
      return this.dialog.unit ? t("Send {unit}", { unit: registry().unit(this.dialog.unit) }) : t("Send");
    },
    okClass() {
      return this.dialogIs("cancel", "call_off", "unable") ? "btn btn-danger" : "btn btn-primary";
    },
    missingChoice() {
      const { kind, choice, unit, text, type, held, insist } = this.dialog;
      if (["unable", "close"].includes(kind) && !choice) return t("Choose one.");
      if (["unit", "swap"].includes(kind) && !unit) return t("Choose a unit.");
      if (["unit", "swap"].includes(kind) && held && !insist) return t("{why}. If it is to go all the same, tick that.", { why: held });
      if (kind === "split" && !type) return t("Choose what happened.");
      if (["cancel", "reopen", "hold", "lift"].includes(kind) && !text.trim()) return t("Write the reason.");
      return "";
    },
    async confirm() {
      const { kind, crew, call, choice, unit, text, when, insist, again, ticked } = this.dialog;
      const at = when ? instantOfClock(when) : null;
      this.dialog.error = when && !at ? t("Write the time as 14:05 or 14:05:30.") : this.missingChoice();
      if (this.dialog.error) return;
      const status = { report: choice, unable: "unable", call_off: "cancelled" }[kind];
      const [suffix, body] = status
        ? [`/assignments/${encodeURIComponent(crew.id)}/status`, { status, reason: kind === "unable" ? choice : "", occurred_at: at }]
        : {
            unit: ["/assignments", { unit_id: unit, insist }],
            swap: ["/assignments", { unit_id: unit, instead_of: crew?.id, insist }],
            alarm: ["/assignments", { alarm: this.one.level + 1 }],
            close: ["/close", { disposition: choice }],
            cancel: ["/cancel", { reason: text.trim() }],
            reopen: ["/reopen", { reason: text.trim(), crews: again === "crews" ? [...ticked] : [], plan: again === "plan" }],
            hold: ["/legal-hold", { reason: text.trim() }],
            lift: ["/legal-hold/lift", { reason: text.trim() }],
            split: [`/calls/${encodeURIComponent(call?.id)}/split`, { incident: call && splitIncident(this.dialog, this.one.drill) }],
          }[kind];
      const answer = await this.act(path + suffix, body, kind === "split" ? { names: ["incident"] } : {});
      if (!answer) return;
      this.$refs.dialog.close();
      if (kind === "split") location.assign(`incident.html?id=${encodeURIComponent(answer.incident.id)}`);
    },
    // Of the call that is split off
    splitPoint() {
      const { lat, lng, point } = this.dialog;
      return lat === null ? point : `${lat}, ${lng}`;
    },
    dropPoint() {
      Object.assign(this.dialog, { lat: null, lng: null, point: "" });
    },
  };
}
