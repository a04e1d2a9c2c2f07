// The field's codes in the reader's words. A code that is not known here is shown as it is, without its underscores.

import { t, tn } from "./i18n.js";
import { clock } from "./time.js";

export function plain(code) {
  return String(code || "").replace(/_/g, " ");
}

function word(table, code) {
  return table[code] || plain(code);
}

export function statusWord(status) {
  return word({
    requested: t("Paged"),
    acknowledged: t("Acknowledged"),
    en_route: t("En route"),
    on_scene: t("On scene"),
    ready: t("Operating"),
    cleared: t("Cleared"),
    unable: t("Unable"),
    cancelled: t("Called off"),
    unanswered: t("No answer"),
  }, status);
}

export function pageStatusWord(page) {
  if (page.acknowledged_at) return t("answered");
  return word({
    pending: t("waiting to be sent"),
    sending: t("being sent"),
    sent: t("sent"),
    delivered: arrivedWord(page),
    failed: t("failed"),
    expired: t("expired"),
  }, page.status);
}

// What its provider says of the phone, which says nothing of the person.
export function arrivedWord(page) {
  return page.delivered_at ? t("reached the phone {time}", { time: clock(page.delivered_at) }) : "";
}

export function incidentStatusWord(status) {
  return word({ open: t("Open"), closed: t("Closed"), cancelled: t("Cancelled") }, status);
}

export function categoryWord(category) {
  return word({
    fire: t("Fire"),
    riot: t("Riot"),
    accident: t("Accident"),
    disaster: t("Natural disaster"),
    health: t("Health"),
    security: t("Security and public order"),
    other: t("Other emergency"),
  }, category);
}

export const CATEGORIES = ["fire", "riot", "accident", "disaster", "health", "security", "other"];

export function classWord(name) {
  return word({
    emergency: t("Emergency"),
    information: t("Information"),
    prank: t("Prank"),
    ghost: t("Silent call"),
    abandoned: t("Hung up"),
    out_of_area: t("Out of area"),
  }, name);
}

export const CLASSES = ["emergency", "information", "prank", "ghost", "abandoned", "out_of_area"];

export function channelWord(channel) {
  return word({
    phone: t("Phone"),
    app: t("App"),
    radio: t("Radio"),
    walk_in: t("Walk-in"),
    province: t("Province"),
    sms: t("SMS"),
    other: t("Other"),
  }, channel);
}

export const CHANNELS = ["phone", "app", "radio", "walk_in", "province", "other"];

export function terrainWord(terrain) {
  return terrain === "water" ? t("Water") : t("Land");
}

export function sourceWord(source) {
  return word({
    web: t("desk"),
    sms: t("SMS reply"),
    link: t("SMS link"),
    radio_entry: t("radio, entered by the desk"),
    timer: t("automatic"),
    webhook: t("another system"),
    import: t("import"),
  }, source);
}

export function attentionWord(mark) {
  return word({
    shortfall: t("Crew missing"),
    unreached: t("Not reached: ring now"),
    page_failed: t("SMS failed"),
    page_expired: t("SMS expired unsent"),
    no_acknowledgement: t("No answer: call now"),
    no_movement: t("No news: ask the crew"),
    audit: t("Please check"),
    large: t("Very large: close it or split it soon"),
    reply: t("SMS to read"),
    reply_unread: t("SMS unread: read it now"),
  }, mark.code);
}

// What the auditor asks the desk to look at.
// What of an incident is decided and not in it yet; "" once all of it is.
export function beingOrderedWord({ being_ordered: rest }) {
  if (!rest) return "";
  const parts = [
    rest.units && tn("{n} more unit is being ordered", "{n} more units are being ordered", rest.units),
    rest.crews_to_call_off && tn("{n} more crew is being called off", "{n} more crews are being called off", rest.crews_to_call_off),
    rest.pages && tn("{n} more SMS is being written", "{n} more SMS are being written", rest.pages),
  ];
  return parts.filter(Boolean).join(" · ");
}

export function findingWord(code) {
  return word({
    chain: t("the audit trail does not hold"),
    idle: t("no crew and not closed"),
    nobody: t("nobody is coming"),
    overdue: t("SMS or escalation late"),
    no_movement: t("no news from a crew"),
    reply_unread: t("an SMS that nobody has read"),
  }, code);
}

// What the auditor put right by itself.
export function repairWord(code) {
  return word({
    page_due: t("an SMS that would have been forgotten"),
    assignment_due: t("an escalation that had stopped"),
    orders_due: t("SMS ordered but not written"),
    board: t("missing from the board"),
    unit_freed: t("a unit that nothing held any more"),
    call_now: t("a crew without an answer that was no longer shown"),
    notice_due: t("word back to a caller that would have been forgotten"),
    reach: t("a crew shown as asked, or as not asked, wrongly"),
  }, code);
}

// What retention or a person's request erased.
export function erasedWord(part) {
  return word({ call: t("callers’ numbers"), note: t("notes"), page: t("crews’ SMS"), narrative: t("what was said and the exact place") }, part);
}

export function stageWord(stage) {
  return word({
    on_duty: t("others on duty"),
    backup: t("on call"),
    head: t("head of the agency"),
    supervisor: t("supervisor"),
  }, stage);
}

export function roleWord(role) {
  return word({
    operator: t("Operator"),
    supervisor: t("Supervisor"),
    agency_admin: t("Agency admin"),
    leader: t("Leader"),
    auditor: t("Auditor"),
    admin: t("Administrator"),
  }, role);
}
