// The form of an account: what an officer chooses of it, and of a new one by which login somebody enters.

import { t } from "./i18n.js";

export const NEW = "+";
export const PLACES = { name: "name", role: "role", agency_id: "agency_id", person_id: "person_id", language: "language", login: "login", email: "email", why: "why" };

// Of an agency's admin all accounts are such of the agency; what is not asked is given.
export function formOf(account, me) {
  const bound = me.role === "agency_admin";
  return {
    name: account?.name || "",
    role: account?.role || (bound ? "agency_admin" : "operator"),
    agency_id: account?.agency_id || (bound ? me.agency_id : ""),
    person_id: account?.person_id || "",
    language: account?.language || "id",
    login: "",
    email: account?.sign_in?.email || "",
    why: "",
    typedLogin: false,
  };
}

export function bodyOf(form, fresh) {
  const body = {
    name: form.name.trim(),
    role: form.role,
    agency_id: form.role === "agency_admin" ? form.agency_id || null : null,
    person_id: form.person_id || null,
    language: form.language,
    why: form.why.trim(),
  };
  return fresh ? { ...body, login: form.login.trim(), email: form.email.trim() } : body;
}

// What is missing, by field; the server knows the rest.
export function missing(form, fresh) {
  const wrong = {};
  if (!form.name.trim()) wrong.name = t("This is needed.");
  if (form.role === "agency_admin" && !form.agency_id) wrong.agency_id = t("Choose the agency");
  if (fresh && !form.login.trim()) wrong.login = t("This is needed.");
  return wrong;
}

export function isChanged(form, account, me) {
  const before = bodyOf(formOf(account, me), false);
  const now = bodyOf(form, false);
  return Object.keys(before).some((name) => name !== "why" && before[name] !== now[name]);
}

// The form over what somebody else saved meanwhile: what was not changed here is theirs.
export function over(form, before, after, me) {
  const [was, now] = [formOf(before, me), formOf(after, me)];
  return Object.fromEntries(Object.keys(form).map((name) => [name, form[name] === was[name] ? now[name] : form[name]]));
}

// "Siti Rahma, S.Sos." → "siti.rahma"; only a proposal.
export function loginFrom(name) {
  const words = name.split(",")[0].normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g) || [];
  return words.slice(0, 2).join(".").slice(0, 40);
}
