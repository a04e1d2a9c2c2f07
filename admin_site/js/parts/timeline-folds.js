// The many events of one ordering of SMS as one row a crew: what a person reads of it, with its events inside.

import { t, tn } from "./i18n.js";
import { plain } from "./words.js";

// A failure stands by itself: somebody may have to ring.
const FOLDED = "PagesSent";

// Rows of events, in their order: {event, inside, crew, kind, pages}; `crew` is an assignment's id, "" for an event that stands by
// itself. `pages` are the incident's, by which a row says what became of them.
export function folds(events, pages) {
  const states = new Map(pages.map((page) => [page.id, page]));
  const ordered = new Map();
  const rows = [];
  for (const event of events) {
    if (event.type !== "PagesRequested") continue;
    for (const row of byCrew(event, states)) {
      for (const page of row.pages) ordered.set(page.id, row);
    }
  }
  for (const event of events) {
    if (event.type === "PagesRequested") {
      const own = [...new Set((event.data.pages || []).map((one) => ordered.get(one.page)).filter(Boolean))];
      rows.push(...(own.length ? own : [alone(event)]));
      for (const row of own) row.inside.push(event);
    } else if (event.type === FOLDED) {
      const own = (event.data.pages || []).map((one) => ordered.get(one.page));
      // Of an order that this reader may not see, it is told as it stands.
      if (own.length && own.every(Boolean)) for (const row of new Set(own)) row.inside.push(event);
      else rows.push(alone(event));
    } else rows.push(alone(event));
  }
  return rows;
}

function alone(event) {
  return { key: String(event.seq), event, inside: [], crew: "", kind: "", pages: [] };
}

function byCrew(event, states) {
  const rows = new Map();
  for (const { page, assignment, kind: written, because } of event.data.pages || []) {
    const kind = because ? "not_needed" : states.get(page)?.amends ? "change" : written;
    const key = `${event.seq} ${assignment} ${kind}`;
    if (!rows.has(key)) rows.set(key, { key, event, inside: [], crew: assignment, kind, pages: [] });
    rows.get(key).pages.push(states.get(page) || { id: page, status: "" });
  }
  return rows.values();
}

const KINDS = ["arrived", "sent", "waiting", "failed", "expired", "unknown"];

function stateOf(page) {
  // Who has answered has had it, whatever its provider says.
  if (page.acknowledged_at || page.delivered_at || page.status === "delivered") return "arrived";
  return { sent: "sent", pending: "waiting", sending: "waiting", failed: "failed", expired: "expired" }[page.status] || "unknown";
}

function countWord(state, n) {
  return {
    arrived: () => tn("{n} arrived", "{n} arrived", n),
    sent: () => tn("{n} sent", "{n} sent", n),
    waiting: () => tn("{n} waiting to be sent", "{n} waiting to be sent", n),
    failed: () => tn("{n} failed", "{n} failed", n),
    expired: () => tn("{n} expired unsent", "{n} expired unsent", n),
    unknown: () => tn("{n} not known", "{n} not known", n),
  }[state]();
}

function becameWord(pages) {
  const states = pages.map(stateOf);
  const found = KINDS.filter((state) => states.includes(state));
  if (found.length > 1) return found.map((state) => countWord(state, states.filter((one) => one === state).length)).join(", ");
  if (pages.length === 1) return countWord(found[0], 1).replace(/^1 /, "");
  return { arrived: t("all arrived"), sent: t("all sent") }[found[0]] || countWord(found[0], pages.length);
}

// "6 SMS to Damkar 2: all arrived"
export function foldWord({ kind, pages }, crew) {
  const what = becameWord(pages);
  const n = pages.length;
  if (kind === "page") return tn("{n} SMS to {crew}: {what}", "{n} SMS to {crew}: {what}", n, { crew, what });
  if (kind === "change") return tn("{n} SMS to {crew} of what has changed: {what}", "{n} SMS to {crew} of what has changed: {what}", n, { crew, what });
  if (kind === "not_needed") return tn("{n} SMS to those asked for {crew} that they are not needed: {what}", "{n} SMS to those asked for {crew} that they are not needed: {what}", n, { crew, what });
  if (kind === "cancelled") return tn("{n} SMS to {crew} that it is called off: {what}", "{n} SMS to {crew} that it is called off: {what}", n, { crew, what });
  return tn("{n} SMS to {crew} ({kind}): {what}", "{n} SMS to {crew} ({kind}): {what}", n, { crew, what, kind: plain(kind) });
}
