// What is held of a number, and what was erased of it, in sentences.

import { t, tn } from "./i18n.js";

export function heldLines(found) {
  const open = found.calls.filter((call) => call.under_legal_hold).length;
  return [
    found.calls.length ? tn("{n} call", "{n} calls", found.calls.length) : "",
    found.messages.length ? tn("{n} SMS from it", "{n} SMS from it", found.messages.length) : "",
    found.pages.length ? tn("{n} SMS sent to it", "{n} SMS sent to it", found.pages.length) : "",
    found.block ? t("It is or was blocked: {reason}", { reason: found.block.reason }) : "",
    found.versions?.length
      ? tn("{n} version in the registry’s history holds it", "{n} versions in the registry’s history hold it", found.versions.length)
      : "",
    ...found.personnel.map((person) => t("Personnel: {name}", { name: person.name })),
    open ? tn("{n} call is under a legal hold", "{n} calls are under a legal hold", open) : "",
    found.mentioned_in.length
      ? tn("{n} incident mentions it in other people’s words: read it first", "{n} incidents mention it in other people’s words: read them first", found.mentioned_in.length)
      : "",
  ].filter(Boolean);
}

export function erasedLines(result) {
  const { incidents, other_calls, versions, block, kept } = result;
  return [
    incidents.length ? tn("Erased in {n} incident", "Erased in {n} incidents", incidents.length) : "",
    other_calls ? tn("{n} other call erased", "{n} other calls erased", other_calls) : "",
    versions ? tn("{n} earlier version in the registry’s history erased", "{n} earlier versions in the registry’s history erased", versions) : "",
    block ? t("The block that had ended is forgotten") : "",
    ...kept.map(keptWord),
  ].filter(Boolean);
}

export function keptWord({ label, reason }) {
  return {
    legal_hold: t("{label} stays: it is under a legal hold.", { label }),
    open: t("{label} stays: it is still open.", { label }),
    mentioned: t("{label} mentions it in other people’s words: read it.", { label }),
    blocked: t("The number is blocked now: ask again when that has ended."),
  }[reason] || reason;
}
