// Practice gives way: what is real and new covers the page at once.

import { openRegistry } from "./registry.js";
import { poll } from "./poll.js";
import { t } from "./i18n.js";

const EVERY_MS = 3000;
const HIDDEN_MS = 10000;

// Real incidents that were not there when practice began.
export function newcomers(incidents, known) {
  return incidents.filter((each) => !each.drill && !known.has(each.id));
}

export function practiceWay(api) {
  const known = new Set();
  let registry = openRegistry({});
  let first = true;
  return {
    calls: [],

    async init() {
      poll(() => this.look(), EVERY_MS, HIDDEN_MS);
      try {
        registry = openRegistry(await api.get("/api/registry", "incident_types", "districts"));
      } catch {
        // Ids can be read in need.
      }
    },
    async look() {
      let incidents = [];
      try {
        ({ incidents } = await api.get("/api/incidents?state=open", "incidents"));
      } catch {
        return; // The frame says that the line is lost, on this page as on all.
      }
      const real = newcomers(incidents, known);
      for (const each of incidents) known.add(each.id);
      if (!first && real.length) this.show(real);
      first = false;
    },
    show(real) {
      this.calls = [...this.calls, ...real].map((each) => ({ ...each, href: `incident.html?id=${encodeURIComponent(each.id)}`, what: registry.type(each.type), where: registry.district(each.district) }));
      const word = t("Real call");
      document.title = `(!) ${word} · Kentongan`;
      // Above whatever dialog of the practice is open.
      if (!this.$refs.way.open) this.$refs.way.showModal();
      this.$nextTick(() => this.$refs.way.querySelector("a")?.focus());
    },
    goOn() {
      this.calls = [];
      this.$refs.way.close();
    },
  };
}
