// What still needs a thing that an officer would retire, remove or move: told before it is saved, each with where it is put right.

import { faultWord } from "./fault-words.js";
import { t } from "./i18n.js";
import { named, placeOf } from "./noun-faults.js";

// {key, name, href, away, path, text} each once; `away`: on a page of its own. `fieldsOf(noun)`: its fields, undefined for what is
// no noun of this reader; `keeps(noun)`: whether this reader may change it; `incidents`: the open ones, {id, label, word}.
export function hinderingRows(faults, { fieldsOf, keeps, name, incidents }) {
  const rows = new Map();
  for (const fault of faults) {
    const text = wordOf(fault, fieldsOf, name);
    const known = rows.get(fault.about);
    if (known && !known.text.includes(text)) known.text += ` ${text}`;
    if (!known) rows.set(fault.about, { key: fault.about, path: fault.path, text, ...whereOf(fault.about, name, incidents) });
  }
  const others = t("An administrator changes this.");
  for (const row of rows.values()) {
    const [noun] = row.key.split("/");
    if (fieldsOf(noun) && !keeps(noun)) row.text += ` ${others}`;
  }
  return [...rows.values()];
}

// What to do there, once for all that say the same.
export function hinderingHint(faults) {
  return faults.some((fault) => fault.code === "no_unit") ? t("In a response plan take the agency out of the need, or give another of its units this capability first.") : "";
}

function whereOf(about, name, incidents) {
  const [noun, id] = about.split("/");
  if (!about) return { name: "", href: "", away: false };
  if (noun === "shifts") return { name: t("a shift"), href: "", away: false };
  if (noun !== "incidents") return { name: name(noun, id), href: `#${about}`, away: false };
  const open = incidents.find((one) => one.label === id);
  return { name: open ? open.word : t("Incident {label}", { label: id }), href: open ? `incident.html?id=${encodeURIComponent(open.id)}` : "", away: true };
}

function wordOf(fault, fieldsOf, name) {
  const [noun] = fault.about.split("/");
  // Of a need not which of its fields: an agency that cannot answer it is named by the sentence.
  const field = placeOf(fieldsOf(noun) || [], fault.code === "no_unit" ? fault.path.replace(/\.agencies\[\d+\]$/, "") : fault.path)?.title;
  const told = named(fault, name);
  const sentence = faultWord({ ...told, about: "" });
  if (noun === "incidents") return t("{sentence} End it there, or send another one.", { sentence });
  if (!field || noun === "shifts") return sentence;
  if (["retired", "other_agency", "unknown"].includes(fault.code)) return t("“{field}” names it: name another one there, or none.", { field });
  if (fault.code === "no_unit") return t("“{field}”: {agency} would have no unit left for {capability}.", { field, agency: told.values.agency, capability: told.values.capability });
  return t("“{field}”: {sentence}", { field, sentence });
}
