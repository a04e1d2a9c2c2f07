// The frame around every page: the pages of this role, who it is, and to how many incidents nobody is coming.

import { firstOf, pagesOf } from "./frame-pages.js";
import { t } from "./i18n.js";
import { lineWord, loudMark, waitsAt } from "./line.js";
import { jumper } from "./jump.js";
import { poll } from "./poll.js";
import { zoneName } from "./time.js";
import { roleWord } from "./words.js";

const LOUD_EVERY_MS = 10000;
const LOUD_HIDDEN_MS = 30000;

// `site`: {PAGES, HOMES} as pages.py has them; `line`: what is known of it (line.js).
export function shell({ session, me, api, site, line }) {
  // The board asks by itself, an agency is not told who comes to others, and one incident's page has a title of its own.
  const asks = !document.body.classList.contains("k-board");
  const watches = me.role !== "agency_admin";
  const title = document.body.classList.contains("k-incident") ? "" : document.title;
  const mine = pagesOf(site.PAGES, me.role);
  const jump = jumper(mine);
  return {
    whoOpen: false,
    init() {
      if (!asks) return;
      const poller = poll(() => this.lookOut(), LOUD_EVERY_MS, LOUD_HIDDEN_MS);
      addEventListener("look-again", poller.now);
    },
    async lookOut() {
      // What comes of it, or that nothing does, is heard by the line.
      await api.get("/api/incidents?state=open", "incidents").catch(() => {});
      if (title) document.title = this.loud() ? `(${this.loud()}) ${title}` : title;
    },
    loud: () => (watches ? loudMark(line) : ""),
    loudWord() {
      return this.loud() === "?" ? t("It is not known whether nobody is coming anywhere") : t("with nobody coming");
    },

    waits: (address) => waitsAt(address, line)?.count || "",
    waitsWord: (address) => waitsAt(address, line)?.word || "",

    lineWord: () => lineWord(line).word,
    lineTitle: () => lineWord(line).title,
    lineClass: () => `k-leaves k-leaves-${lineWord(line).tone}`,

    // Pages
    home: site.HOMES[me.role],
    sees: (address) => mine.some((page) => page.address === address),
    firstOf: (group) => firstOf(mine, group),

    // Keys, before any page's own
    keyed(event) {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      const typing = Boolean(target.closest?.("input,select,textarea,[contenteditable],dialog,[role=grid]"));
      if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") {
        event.preventDefault();
        this.$dispatch("find");
        return;
      }
      const address = jump({ key, ctrlKey, metaKey, altKey, typing }, event.timeStamp);
      if (address === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (address) location.assign(address);
    },

    // Who
    name: me.name,
    // Of an agency's own admin the agency too: who keeps three of them must see whose this page is.
    role: [roleWord(me.role), me.agency].filter(Boolean).join(" · "),
    zone: zoneName(),
    signOut: () => session.signOut(),
    dark: document.documentElement.dataset.bsTheme === "dark",
    themeWord() {
      return this.dark ? t("Light") : t("Dark");
    },
    switchTheme() {
      this.dark = !this.dark;
      document.documentElement.dataset.bsTheme = this.dark ? "dark" : "light";
      localStorage.setItem("kentongan.theme", document.documentElement.dataset.bsTheme);
    },

    // Menus close by Escape, which gives the focus back, and by whatever is done beside them.
    closeMenus() {
      const { menu, who } = this.$refs;
      const opener = menu.open ? menu.querySelector("summary") : this.whoOpen ? who : null;
      menu.open = this.whoOpen = false;
      opener?.focus();
    },
    doneAt({ target }) {
      const { menu, who } = this.$refs;
      if (!menu.contains(target)) menu.open = false;
      if (!who.parentElement.contains(target)) this.whoOpen = false;
    },
  };
}
