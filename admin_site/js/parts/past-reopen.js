// The dialog by which an incident that has ended is opened again from the list of what is over.

import { failureWord, refusals } from "./fields.js";
import { t } from "./i18n.js";

export function reopenDialog(api) {
  return {
    row: null,
    title: "",
    reason: "",
    error: "",
    busy: false,

    open({ row, title }) {
      Object.assign(this, { row, title: `${title} ${row.label}`, reason: "", error: "" });
      this.$refs.dialog.showModal();
      this.$nextTick(() => document.getElementById("reopen-reason")?.focus());
    },
    leave() {
      this.$refs.dialog.close();
    },
    async confirm() {
      this.error = this.reason.trim() ? "" : t("Write the reason.");
      if (this.error || this.busy) return;
      this.busy = true;
      try {
        const id = encodeURIComponent(this.row.id);
        await api.post(`/api/incidents/${id}/reopen`, { reason: this.reason.trim() }, undefined, "id");
        location.assign(`incident.html?id=${id}`);
      } catch (error) {
        this.error = [failureWord(error), ...refusals(error)].join(" ");
      } finally {
        this.busy = false;
      }
    },
  };
}
