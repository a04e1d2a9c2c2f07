// An account in the reader's words: whether somebody can sign in by it, what can be done about that, what was done last.

import { t } from "./i18n.js";
import { clock, shortDay } from "./time.js";
import { roleWord } from "./words.js";

// How an account stands: {code, word, waits}; `waits`: somebody has to do something before it is of use. `known`: whether the
// sign-in service has said anything; `retired`: whether the account's agency is.
export function standing(account, { known, retired }) {
  if (account.disabled) return { code: "disabled", word: t("Disabled"), waits: false };
  if (retired) return { code: "retired", word: t("Agency retired"), waits: true };
  if (!known) return { code: "unknown", word: t("Sign-in not known"), waits: true };
  const state = account.sign_in?.state || "none";
  const word = {
    own: t("Active"),
    temporary: t("Not signed in yet"),
    closed: t("Sign-in closed"),
    other: t("Needs a new password"),
    none: t("No sign-in"),
  }[state];
  return { code: state, word, waits: state !== "own" };
}

// What that means, and what to do about it, in a sentence; "" where nothing is to be said.
export function standingSentence(code) {
  return {
    disabled: t("It may do nothing, and whoever was signed in by it is out."),
    retired: t("Its agency is retired: it may do nothing. Give it another agency, or disable it."),
    unknown: t("The sign-in service does not answer. Disabling works all the same, at once."),
    temporary: t("Whoever has the temporary password is asked for one of their own at the next sign-in. It is good for 7 days."),
    closed: t("Here it may do what its role says, but nobody can sign in by it: open it again."),
    other: t("Nobody can sign in by it until it gets a new password."),
    none: t("Nobody can sign in by it. Disable it and invite the person anew."),
  }[code] || "";
}

// What an officer may do to it, in the order of the buttons.
export function actsOf(code, { own, mails, email, secondFactor }) {
  if (code === "disabled") return ["enable"];
  const acts = [];
  if (code === "closed") acts.push("enable");
  if (code === "temporary" && mails && email) acts.push("invitation");
  if (["own", "temporary", "other", "retired"].includes(code)) acts.push("password");
  if (secondFactor && code === "own") acts.push("factor");
  if (!own) acts.push("disable");
  return acts;
}

export function actWord(act) {
  return {
    enable: t("Open again"),
    invitation: t("Send the invitation again"),
    password: t("New temporary password"),
    factor: t("Second factor lost"),
    disable: t("Disable"),
  }[act];
}

// What comes of an act, said before it is done.
export function askedWord(act, { demanded }) {
  return {
    enable: t("The account may do again what its role says, by the same sign-in as before."),
    invitation: t("A new temporary password goes by e-mail; one that was sent before is good no longer."),
    password: t("The password that it has now is good no longer, and whoever is signed in by it is signed out. The new one is shown here once; who made it stands in the history."),
    factor: demanded
      ? t("Everybody must have a second factor here, and the sign-in service takes it from nobody. So this account is disabled, and another one with the same name, role and login takes its place, with a temporary password. What was done before stays with this one.")
      : t("The next sign-in asks for the password alone. Whoever is signed in is signed out."),
    disable: t("From the next request on the account may do nothing. Whoever is signed in by it is out. It can be opened again."),
  }[act];
}

// The line below a name: "Agency admin · Damkar".
export function belowWord(account, agencyName) {
  return [roleWord(account.role), account.agency_id ? agencyName(account.agency_id) : ""].filter(Boolean).join(" · ");
}

export function lastActWord(found) {
  if (!found) return "";
  if (!found.at) return t("nothing found since {day}", { day: shortDay(found.searched_to) });
  const where = { incident: t("at an incident"), registry: t("in the master data"), call: t("took a call without an incident") }[found.where];
  return t("{day}, {time}", { day: shortDay(found.at), time: clock(found.at).slice(0, 5) }) + `, ${where}`;
}

export function factorWord(one) {
  if (!one || one.second_factor === undefined) return "";
  if (one.second_factor) return t("set up");
  return one.second_factor_demanded ? t("not set up yet: the next sign-in asks for it") : t("none; it is not asked for here");
}
