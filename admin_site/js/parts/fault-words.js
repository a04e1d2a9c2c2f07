// What breaks a rule of the registry, by its code (chalicelib/domain/registry_rules.py), in a sentence for people.

import { t } from "./i18n.js";

const WORDS = {
  unknown: ({ id }) => t("“{id}” is not known here.", { id }),
  retired: ({ id }) => t("“{id}” is retired.", { id }),
  other_agency: () => t("This belongs to another agency."),
  agency_missing: () => t("An agency's admin needs an agency."),
  agency_needless: () => t("Only an agency's admin is bound to an agency."),
  phone_unread: () => t("This is not one valid phone number."),
  phone_country: () => t("No SMS is sent to this country; the administrator can allow it."),
  phone_premium: () => t("Calls and SMS to this number cost extra."),
  phone_not_mobile: () => t("An SMS cannot reach this number: give a mobile number."),
  countries_needed: ({ things }) => t("These have numbers of a country that would be left out: {things}.", { things }),
  zone: ({ hours }) => t("This deployment keeps UTC{hours}.", { hours }),
  no_day: () => t("The calendar has no such day."),
  shift_length: () => t("A shift ends after it starts, within 24 hours."),
  shift_over: () => t("This shift is over already."),
  shift_far: ({ days }) => t("A shift begins at most {days} days ahead.", { days }),
  shift_overlaps: ({ id }) => t("This person has the shift “{id}” at that time.", { id }),
  type_or_category: () => t("A plan is for a type or for a category: one of both."),
  need_twice: ({ id }) => t("The need “{id}” stands in this plan twice.", { id }),
  too_many_units: ({ most }) => t("One level asks for at most {most} units.", { most }),
  no_unit: ({ agency, capability }) => t("{agency} has no unit that can do this: {capability}.", { agency, capability }),
  word_taken: ({ word }) => t("“{word}” means something else in a reply.", { word }),
  word_of_another: ({ word, reason }) => t("“{word}” stands for the reason “{reason}”.", { word, reason }),
  word_twice: ({ word }) => t("“{word}” stands here twice.", { word }),
  template_placeholder: ({ name }) => t("There is no placeholder “{name}”.", { name }),
  template_link: () => t("A page needs its link: {link}.", { link: "{link}" }),
  template_filtered: ({ word }) => t("Carriers filter the word “{word}”.", { word }),
  template_long: ({ excess }) => t("{excess} characters too long for one SMS.", { excess }),
  unit_out: () => t("The unit is on an assignment."),
  person_out: ({ unit }) => t("This person is out with the unit “{unit}”.", { unit }),
  last: () => t("This is the last one: add another first."),
  last_admin: () => t("Somebody must stay administrator."),
};

export const FAULT_CODES = Object.keys(WORDS);

// What depends on it, by noun and id, stands before its sentence; a code of a newer server says itself.
export function faultWord(fault) {
  const sentence = WORDS[fault.code]?.(fault.values) || fault.code;
  return fault.about ? `${fault.about}: ${sentence}` : sentence;
}
