// From an answer to the rule that decided it: who reads the registry opens it at one click.

import { mayReadRegistry } from "./roles.js";

export function ruleAt(noun, id) {
  return `registry.html#${noun}/${encodeURIComponent(id)}`;
}

// Where a warning of a pick was decided: the person whose certificate has lapsed, or the certificate that nobody of the crew holds.
export function warningAt(code) {
  const [kind, certification, person] = code.split(":");
  if (kind === "certification_expired" && person) return ruleAt("personnel", person);
  return certification ? ruleAt("certifications", certification) : "";
}

// For a page's links: null, which leaves a link's address out and its words plain, for whom the registry is closed, or what has no name
// for the reader, as another agency's unit.
export function ruleLinks(me) {
  const reads = mayReadRegistry(me);
  return {
    ruleHref: (noun, id) => (reads && id ? ruleAt(noun, id) : null),
    warningHref: (at) => (reads && at ? at : null),
  };
}
