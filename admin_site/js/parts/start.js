// What every page does first: wording, sign-in, who it is; then Alpine draws.

import Alpine from "@alpinejs/csp";
import { createApi } from "./api.js";
import { isLoud } from "./coming-words.js";
import { failureWord } from "./fields.js";
import { handedOver } from "./handed-over.js";
import { setWording, t } from "./i18n.js";
import { homePage, mayCommand, mayReadRecords, maySupervise } from "./roles.js";
import { poll } from "./poll.js";
import { openSession } from "./session.js";
import { silenceBar } from "./silence.js";
import { startTicking } from "./ticking.js";
import { setZone, zoneName } from "./time.js";
import { roleWord } from "./words.js";

const LOUD_EVERY_MS = 10000;
const LOUD_HIDDEN_MS = 30000;

export async function loadWording(language = document.documentElement.lang) {
  const { default: messages } = await import(`../messages.${language}.js`);
  setWording(messages, language);
  // The other language shows the same page with the same query.
  const other = document.getElementById("language");
  if (other) other.search = location.search;
}

// `components` is called with {api, me} and returns the Alpine components of the page by name.
export async function start(components) {
  let session = null;
  try {
    await loadWording();
    session = await openSession();
    setZone(session.config.utc_offset_hours);
    if (!(await session.isSignedIn())) await session.signIn();
    const api = createApi(session, tellOpen);
    const me = await api.get("/api/me", "sub", "role");
    Alpine.data("shell", () => shell(session, me, api));
    Alpine.data("silenceBar", () => silenceBar(api));
    Alpine.data("handedOver", () => handedOver(api, me));
    Alpine.store("outcomes", { open: 0 });
    for (const [name, component] of Object.entries(components({ api, me }))) Alpine.data(name, component);
    document.getElementById("starting").remove();
    Alpine.start();
    startTicking();
  } catch (error) {
    showFailure(error, session);
    throw error;
  }
}

// Every page says so, while it is open whether something was saved.
function tellOpen(open) {
  Alpine.store("outcomes").open += open ? 1 : -1;
}

// Whoever is signed in without an account here needs a way out.
export function showFailure(error, session = null) {
  const noAccount = error.code === "forbidden";
  document.getElementById("starting-busy").hidden = true;
  document.getElementById("starting-failure").textContent = noAccount ? noAccountWord(error) : failureWord(error);
  document.getElementById("starting-failed").hidden = false;
  const leave = document.getElementById("starting-leave");
  leave.hidden = !noAccount || !session;
  leave.addEventListener("click", () => session.signOut());
}

function noAccountWord(error) {
  const retired = error.faults?.some((fault) => fault.code === "agency_retired");
  return retired ? t("Your agency is retired here; ask the administrator.") : t("This sign-in has no account here.");
}

function shell(session, me, api) {
  // The board asks by itself, an agency is not told who comes to others, and one incident's page has a title of its own.
  const asks = !document.body.classList.contains("k-board");
  const watches = me.role !== "agency_admin";
  const title = document.body.classList.contains("k-incident") ? "" : document.title;
  return {
    // To how many open incidents nobody is coming: a word beside the board's link, "?" when it is not known.
    loud: "",
    init() {
      if (asks) poll(() => this.lookOut(), LOUD_EVERY_MS, LOUD_HIDDEN_MS);
    },
    async lookOut() {
      try {
        const { incidents } = await api.get("/api/incidents?state=open", "incidents");
        if (!watches) return;
        const count = incidents.filter(isLoud).length;
        this.loud = count ? String(count) : "";
      } catch {
        if (watches) this.loud = "?";
      }
      if (title) document.title = this.loud ? `(${this.loud}) ${title}` : title;
    },
    loudWord() {
      return this.loud === "?" ? t("It is not known whether nobody is coming anywhere") : t("with nobody coming");
    },
    name: me.name,
    role: roleWord(me.role),
    atDesk: mayCommand(me),
    supervises: maySupervise(me),
    readsRecords: mayReadRecords(me),
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
    home: homePage(me),
    zone: zoneName(),
  };
}
