// The registry's nouns as far as they are loaded: things by noun and id, names, and the choices of pickers.

import { t } from "./i18n.js";
import { calledWord, naming, valueWord } from "./noun-words.js";
import { partOf } from "./noun-form.js";
import { fold } from "./spelling.js";

// Of so many, only what is typed is looked for.
const QUIET_ABOVE = 300;
// One for all comparisons: a comparison that makes its own takes twenty times as long.
const ORDER = new Intl.Collator(undefined, { numeric: true });

// The nouns whose names a noun's form and list show.
export function namedBy(descriptor) {
  const found = new Set();
  const gather = (fields) => {
    for (const field of fields) {
      if (field.noun) found.add(field.noun);
      gather(field.fields || []);
    }
  };
  gather(descriptor.fields);
  return [...found];
}

export function openNouns(api, nouns) {
  const lists = new Map();
  const choices = new Map();
  const listed = new Map(); // rows, until a thing of theirs or one that they name is another
  const find = (noun, id) => lists.get(noun)?.get(id);
  const name = naming(nouns, find);

  function keep(noun, things) {
    lists.set(noun, things);
    choices.clear();
    for (const each of listed.keys()) if (each === noun || namedBy(nouns[each]).includes(noun)) listed.delete(each);
  }
  return {
    find,
    name,
    known: (noun) => lists.has(noun),
    count: (noun) => [...(lists.get(noun)?.values() || [])].filter((each) => !each.retired && !each.disabled).length,
    ids: (noun) => [...(lists.get(noun)?.keys() || [])],
    async load(noun) {
      const { items } = await api.get(`/api/registry/${noun}`, "items");
      keep(noun, new Map(items.map((each) => [each.id, each])));
    },
    async loadOne(noun, id) {
      const thing = await api.get(`/api/registry/${noun}/${id}`, "id", "v");
      this.put(noun, thing);
      return thing;
    },
    put(noun, thing) {
      keep(noun, new Map(lists.get(noun)).set(thing.id, thing));
    },
    forget(noun, id) {
      const left = new Map(lists.get(noun));
      left.delete(id);
      keep(noun, left);
    },
    rows(noun) {
      if (!listed.has(noun)) listed.set(noun, rowsOf(noun));
      return listed.get(noun);
    },
    // Choices of a picker, null while they are not loaded; of an agency's own where the form says which. One that is picked stays one.
    options(noun, agency = "", picked = "") {
      if (!lists.has(noun)) return null;
      const key = `${noun}/${agency}/${find(noun, picked)?.retired ? picked : ""}`;
      if (!choices.has(key)) choices.set(key, made(noun, agency, picked));
      return choices.get(key);
    },
  };

  function rowsOf(noun) {
    const descriptor = nouns[noun];
    const shown = descriptor.below.map((each) => descriptor.fields.find((field) => field.name === each));
    const row = (thing) => {
      const called = calledWord(descriptor, thing) || thing.id;
      const below = shown.map((field) => valueWord(field, partOf(field, thing), name)).filter(Boolean).join(" · ");
      return { id: thing.id, called, below, words: fold(`${called} ${below}`), agency: thing.agency_id || "", retired: Boolean(thing.retired || thing.disabled) };
    };
    return [...(lists.get(noun)?.values() || [])].map(row).sort((a, b) => ORDER.compare(a.called, b.called));
  }

  function made(noun, agency, picked) {
    const all = [...lists.get(noun).values()];
    const offered = all.filter((each) => each.id === picked || (!each.retired && !(agency && each.agency_id && each.agency_id !== agency)));
    const option = (each) => {
      const more = nouns[noun].below.map((field) => each[field]).filter((value) => typeof value === "string");
      const label = calledWord(nouns[noun], each) || each.id;
      const hint = each.retired ? t("retired") : noun === "agencies" || noun === "units" ? each.name : agency || !each.agency_id ? "" : name("agencies", each.agency_id);
      return { id: each.id, label, words: [...more, each.label?.id, each.label?.en].filter(Boolean), hint, group: "", quiet: offered.length > QUIET_ABOVE };
    };
    return offered.map(option).sort((a, b) => ORDER.compare(a.label, b.label));
  }
}
