// The audit trail in sentences.

import { asideWhy } from "./aside-words.js";
import { t, tn } from "./i18n.js";
import { standDownWords } from "./late-answers.js";
import { passedOver } from "./plan-words.js";
import { clock, when } from "./time.js";
import { channelWord, classWord, erasedWord, findingWord, repairWord, stageWord, statusWord } from "./words.js";

// `names` turns ids into what people call them: type, district, unit, reason, disposition, and crew for an assignment.
export function sentence(event, names) {
  const { type, data } = event;
  const crew = data.unit ? names.unit(data.unit) : "";
  // A reason's id in these two alone: elsewhere it is a digest, or a code of its own.
  const reason = () => (data.reason ? names.reason(data.reason) : "");
  const pages = data.pages?.length ?? 1;
  switch (type) {
    case "IncidentOpened":
      if (data.insisted) return t("Incident opened although the number is blocked: {type}, {place}", { type: names.type(data.type), place: names.district(data.district) });
      return data.split_from
        ? t("Incident opened for a call split off from another: {type}, {place}", { type: names.type(data.type), place: names.district(data.district) })
        : t("Incident opened: {type}, {place}", { type: names.type(data.type), place: names.district(data.district) });
    case "CallJoined":
      return data.insisted
        ? t("Another call joined ({channel}), although its number is blocked", { channel: channelWord(data.channel) })
        : t("Another call joined ({channel})", { channel: channelWord(data.channel) });
    case "CallSplitOff":
      return t("A call was split off");
    case "IncidentAmended":
      return t("Amended: {what}", { what: amended(data, names).join(", ") });
    case "DetailsRecorded":
      return tn("What was said to {n} question written down", "What was said to {n} questions written down", data.questions?.length ?? 1);
    case "UnitAssigned":
      return assigned(data, crew, names);
    case "DispatchShortfall":
      if (data.because === "silence") return t("No other unit can be asked beside a silent crew: {why}", { why: passedOver(data.reason) });
      return t("The plan falls short: {why}", { why: passedOver(data.reason) });
    case "UnitsBeingOrdered":
      return data.owed?.length
        ? tn("{n} more unit is being ordered", "{n} more units are being ordered", data.owed.reduce((sum, each) => sum + each.units, 0))
        : t("All units of the plan are ordered");
    case "PagesRequested": {
      const others = standDownWords(data.pages || []);
      const called = (data.pages || []).filter((page) => !page.because).length;
      return others.length ? [called && tn("{n} SMS ordered", "{n} SMS ordered", called), ...others].filter(Boolean).join(" · ") : tn("{n} SMS ordered", "{n} SMS ordered", pages);
    }
    case "PagesSent":
      return tn("{n} SMS sent", "{n} SMS sent", pages);
    case "PagesFailed":
      return tn("{n} SMS failed", "{n} SMS failed", pages) + nobodyLeft(data);
    case "PagesExpired":
      return tn("{n} SMS expired unsent", "{n} SMS expired unsent", pages) + nobodyLeft(data);
    case "PageAcknowledged":
      if (data.late) return t("{who} answered for {crew} when others went already", { who: names.person(data.person), crew });
      return event.source === "sms" ? t("{crew} acknowledged by SMS", { crew }) : t("{crew} acknowledged by SMS link", { crew });
    case "PageDeclined":
      return t("Somebody asked to help {crew} cannot: {reason}", { crew, reason: reason() });
    case "UnitAcknowledged":
      return t("{crew} acknowledged", { crew });
    case "UnitEnRoute":
      return t("{crew} is en route", { crew });
    case "UnitOnScene":
      return t("{crew} is on scene", { crew });
    case "UnitReady":
      return t("{crew} is operating", { crew });
    case "UnitCleared":
      return t("{crew} is done and free again", { crew });
    case "UnitUnable":
      return t("{crew} cannot come: {reason}", { crew, reason: reason() });
    case "UnitCancelled":
      return data.because === "taken"
        ? t("{crew} called off: it had not answered, and goes to another incident", { crew })
        : t("{crew} called off", { crew });
    case "AssignmentEscalated":
      return data.to === "desk"
        ? t("Nobody of {crew} has answered: the desk must call", { crew })
        : tn("No answer from {crew}: {n} more person paged ({stage})", "No answer from {crew}: {n} more people paged ({stage})", data.people?.length ?? 1, { crew, stage: stageWord(data.to) });
    case "CrewHeard":
      return data.sign === "link"
        ? t("{crew} has opened the link and not answered: nobody is asked beside it yet", { crew })
        : t("{crew} has sent an SMS that must be read: nobody is asked beside it yet", { crew });
    case "LateReportReceived":
      if (data.stood_down) return t("{who}, who is not needed for {crew}, has read it", { who: names.person(data.person), crew });
      return data.repeated
        ? t("{crew} reported again: {status}", { crew, status: statusWord(data.reported) })
        : t("{crew} reported “{status}” too late; it changed nothing", { crew, status: statusWord(data.reported) });
    case "SmsReplyReceived": {
      const said = data.proposal
        ? t("SMS about {crew} for the desk to read; perhaps “{status}”", { crew: names.crew(data.assignment), status: statusWord(data.proposal) })
        : t("SMS about {crew} for the desk to read", { crew: names.crew(data.assignment) });
      return data.paused_s ? t("{said}; the next stage waits a minute", { said }) : said;
    }
    case "SmsReplyDismissed":
      return t("SMS about {crew} read; it needed no step", { crew: names.crew(data.assignment) });
    case "CallNotAnswered":
      if (data.times > 3) return rangAgain(data, crew, names);
      return data.person
        ? t("{crew}: rang {who}, nobody picked up", { crew, who: names.person(data.person) })
        : t("{crew}: rang the agency, nobody picked up", { crew });
    case "CallerNoticeRequested":
      return t("A caller is to be told by SMS that help is being sent");
    case "CallerNoticeSettled":
      return told(data);
    case "NoteAdded":
      return t("Note added");
    case "AlarmRaised":
      return t("Alarm raised to level {level}", { level: data.level });
    case "IncidentSetAside":
      return t("Set aside until {time}: {why}", { time: when(data.until, event.occurred_at), why: asideWhy(data, data.awaits ? names.unit(data.awaits) : "") });
    case "IncidentTakenUp":
      return t("Taken up again");
    case "IncidentClosed":
      return t("Incident closed: {disposition}", { disposition: names.disposition(data.disposition) });
    case "IncidentCancelled":
      return data.duplicate_of ? t("Ended as a duplicate of another incident") : t("Incident cancelled");
    case "IncidentReopened":
      return t("Incident reopened");
    case "CallTakenBack":
      return t("A call that was split off is back: its incident was the same");
    case "DuplicateLinked":
      return t("Another incident ended as a duplicate of this one");
    case "DuplicateParted":
      return t("The other incident is a duplicate of this one no longer");
    case "StepTimeCorrected":
      return data.was
        ? t("{crew}, “{step}” put right: {now}, was {was}", { crew, step: statusWord(data.step), now: clock(data.now), was: clock(data.was) })
        : t("{crew}, “{step}” added: {now}", { crew, step: statusWord(data.step), now: clock(data.now) });
    case "ReasonCorrected":
      return t("{crew}, the reason put right: {now}, was {was}", { crew, now: names.reason(data.now), was: names.reason(data.was) });
    case "CorrectionRequested":
      return data.what === "reason"
        ? t("Asked that the reason of {crew} be put right: {now} and not {was}", { crew, now: names.reason(data.now), was: names.reason(data.was) })
        : t("Asked that “{step}” of {crew} be put right: {now}", { crew, step: statusWord(data.what), now: clock(data.now) });
    case "CorrectionDeclined":
      return t("{crew}: what was asked to be put right stays as it was", { crew });
    case "CallTimeCorrected":
      return data.what === "received_at"
        ? t("When the call came put right: {now}, was {was}", { now: clock(data.now), was: clock(data.was) })
        : t("When the call was answered put right: {now}, was {was}", { now: clock(data.now), was: data.was ? clock(data.was) : "–" });
    case "CallClassCorrected":
      return t("The class of a call put right: {now}, was {was}", { now: classWord(data.now), was: classWord(data.was) });
    case "DispositionCorrected":
      return t("How it ended put right: {now}, was {was}", { now: names.disposition(data.now), was: names.disposition(data.was) });
    case "NoteCorrected":
      return t("A note was put right; what it said before stays");
    case "AuditRepaired":
      return t("The check put right: {what}", { what: listed(data.repaired, (code) => repairWord(code.split(":")[0])) });
    case "AuditMarked":
      return data.raised?.length
        ? t("The check found: {what}", { what: listed(data.raised, (code) => findingWord(code.replace("audit:", "").split(":")[0])) })
        : t("What the check had found is settled");
    case "DrillStarted":
      return tn("Paging drill started for {n} person", "Paging drill started for {n} people", data.people?.length ?? 1);
    case "DrillAnswered":
      return data.late ? t("A page of the drill was answered too late") : t("A page of the drill was answered");
    case "DrillEnded":
      return t("Paging drill ended: {n} of {all} answered", { n: data.answered ?? 0, all: data.people ?? 0 });
    case "LegalHoldPlaced":
      return t("Put under a legal hold: nothing is erased");
    case "LegalHoldLifted":
      return t("Legal hold lifted");
    case "NumbersRevealed":
      return t("Looked at the callers’ numbers");
    case "PersonalDataErased":
      return data.because === "request"
        ? t("Personal data erased on request: {what}", { what: erasedParts(data) })
        : t("Personal data erased after its period: {what}", { what: erasedParts(data) });
    default:
      return type;
  }
}

// What became of the word back to a caller.
function told(data) {
  if (data.outcome === "sent") return t("A caller was told by SMS that help is being sent");
  if (data.may_have_left) return t("It is not known whether the word back to a caller left; it is not sent again");
  return data.outcome === "failed" ? t("The word back to a caller failed") : t("The word back to a caller was not sent");
}

function erasedParts(data) {
  return listed(data.erased, (name) => erasedWord(name.split(":")[0])) || t("nothing was left");
}

function nobodyLeft(data) {
  return data.nobody_left ? t(": nobody left to wait for, the next are asked at once") : "";
}

// What was and is; of personal data that it changed, as events hold none.
function amended(data, names) {
  const { fields = [], was = {}, now = {} } = data;
  const has = (...wanted) => wanted.some((field) => fields.includes(field));
  return [
    has("type") && t("{now} instead of {was}", { was: names.type(was.type), now: names.type(now.type) }),
    has("priority") && t("priority {now} instead of {was}", { was: was.priority, now: now.priority }),
    has("terrain") && (now.terrain === "water" ? t("on the water") : t("on land")),
    has("district") && (now.district ? t("district {now}", { now: names.district(now.district) }) : t("district not known")),
    has("village", "landmark") && t("place"),
    has("lat", "lng") && t("map point"),
    has("narrative") && t("what the caller says"),
  ].filter(Boolean);
}

// Each kind once: ids of pages and crews say nothing to people.
function listed(codes, wording) {
  return [...new Set((codes || []).map(wording))].join(", ");
}

// Why a unit was sent besides the plan: the assignment it stands in for.
function rangAgain(data, crew, names) {
  const agency = t("the agency");
  return t("{crew}: rang {who} {n} times, nobody picked up", { crew, who: data.person ? names.person(data.person) : agency, n: data.times });
}

function assigned(data, crew, names) {
  if (data.because === "silence") return besides(crew, names.crew(data.beside || ""));
  const other = names.crew(String(data.because || "").replace("instead_of:", ""));
  if (String(data.because).startsWith("again:")) return t("{crew} called out again: it stands", { crew });
  if (String(data.because).startsWith("merged:")) return t("{crew} comes over from the incident that was the same", { crew });
  if (other) return t("{crew} called out instead of {other}", { crew, other });
  return data.level > 1 ? t("{crew} called out, alarm {level}", { crew, level: data.level }) : t("{crew} called out", { crew });
}

// An agency does not learn whose crew is silent.
function besides(crew, silent) {
  return silent ? t("{crew} called out beside {silent}, which is silent", { crew, silent }) : t("{crew} called out beside a silent crew", { crew });
}

// What happened some time before it was recorded, to the second that people see.
const LATE_MS = 2000;

// Whoever told when it happened was a person, and no clock.
export function isTold(event) {
  return Boolean(event.data.claimed);
}

export function isLate(event) {
  return Boolean(event.data.late_entry) || Date.parse(event.recorded_at) - Date.parse(event.occurred_at) > LATE_MS;
}
