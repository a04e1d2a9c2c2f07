// What every page does first: wording, sign-in, who it is; then Alpine draws.

import Alpine from "@alpinejs/csp";
import { HOMES, PAGES } from "../pages.js";
import { createApi } from "./api.js";
import { failureWord } from "./fields.js";
import { finder } from "./finder.js";
import { pagesOf } from "./frame-pages.js";
import { handedOver } from "./handed-over.js";
import { setWording, t } from "./i18n.js";
import { keepAddress } from "./languages.js";
import { follow, lostBar, unknownLine } from "./line.js";
import { openSession } from "./session.js";
import { shell } from "./shell.js";
import { silenceBar } from "./silence.js";
import { startTicking } from "./ticking.js";
import { setZone } from "./time.js";

export async function loadWording(language = document.documentElement.lang) {
  const { default: messages } = await import(`../messages.${language}.js`);
  setWording(messages, language);
  keepAddress();
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
    Alpine.data("shell", () => shell({ session, me, api, site: { PAGES, HOMES }, line: Alpine.store("line") }));
    Alpine.store("line", unknownLine());
    follow(Alpine.store("line"));
    Alpine.data("lostBar", () => lostBar(Alpine.store("line")));
    Alpine.data("silenceBar", () => silenceBar(api, Alpine.store("line")));
    Alpine.data("finder", () => finder({ api, me, pages: pagesOf(PAGES, me.role) }));
    Alpine.data("handedOver", () => handedOver(api, me));
    Alpine.store("outcomes", { open: 0 });
    for (const [name, component] of Object.entries(components({ api, me }))) Alpine.data(name, component);
    document.getElementById("starting").remove();
    Alpine.start();
    startTicking();
    Alpine.nextTick(beginAtNamed);
    addEventListener("hashchange", beginAtNamed);
  } catch (error) {
    showFailure(error, session);
    throw error;
  }
}

// An address may name the field that somebody is to begin at.
function beginAtNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named?.matches("input,select,textarea")) named.focus();
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
