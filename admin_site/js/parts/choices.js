// Type-ahead: which options are meant by what was typed, best first, and the rows to draw.
// An option: {id, label, words: other words or phrases it is found by, group, hint, last: offered below all others,
// quiet: not shown before something is typed, name: a proper name, found by its initials too, and not by a short word that is only like one}.

import { distance, fold, guess, nearness, spelt, wordsOf } from "./spelling.js";

const WEAKEST = 0.25; // of the best one's score: what is further away is left out
const OF_THE_GROUP = 0.4;
const ENOUGH = 0.5; // of several words, one must come as near as this

const spellings = new Map();
const indexed = new WeakMap();
const vocabularies = new WeakMap();

function spelling(word) {
  if (!spellings.has(word)) spellings.set(word, spelt(word));
  return spellings.get(word);
}

// What is worked out of an option once: its phrases, the label first, each a list of words.
function index(option) {
  if (!indexed.has(option)) {
    const phrase = (text, share = 1) => {
      const words = wordsOf(text);
      const pairs = words.slice(1).map((word, i) => words[i] + word).filter((pair) => pair.length > 6);
      return { text: fold(text), share, words: words.map(spelling), pairs, initials: words.map((word) => word[0]).join("") };
    };
    const others = [option.words || []].flat().map((text) => phrase(text));
    const phrases = [phrase(option.label), ...others, ...(option.group ? [phrase(option.group, OF_THE_GROUP)] : [])];
    indexed.set(option, phrases.filter((one) => one.words.length));
  }
  return indexed.get(option);
}

// All words of the options, each once.
function vocabulary(options) {
  if (!vocabularies.has(options)) vocabularies.set(options, [...new Set(options.flatMap((option) => index(option).flatMap((phrase) => phrase.words)))]);
  return vocabularies.get(options);
}

// The known words that come near to a typed one; a guess counts only where there is nothing sure.
function comparing(options) {
  const known = vocabulary(options);
  const nearby = (near) => new Map(known.map((word) => [word, near(word)]).filter(([, how]) => how > 0));
  return (typed, mayGuess) => {
    const sure = nearby((word) => nearness(typed, word));
    return sure.size || !mayGuess ? sure : nearby((word) => guess(typed, word));
  };
}

// The typed words, and two that may be one ("speed boat"), each with the known words it comes near to.
function evidence(options, query) {
  const compare = comparing(options);
  const typed = wordsOf(query).map(spelling);
  const pairs = typed.slice(1).map((word, i) => spelling(typed[i].word + word.word)).filter((pair) => pair.word.length > 5);
  return [...typed.map((word) => ({ word, near: compare(word, true) })), ...pairs.map((word) => ({ word, near: compare(word, false) }))];
}

// Like a part of a name: "patih" is not "putih". Alone it may be a slip, and in a long word one is plain.
const SURE = 0.7;
const LONG = 6;

// [how near, how many words of the phrase] a typed word comes to a phrase: to one word, to two written as one, or by initials.
function hit({ word, near }, phrase, initials) {
  let best = 0;
  for (const one of phrase.words) best = Math.max(best, near.get(one) || 0);
  if (best > ENOUGH || phrase.words.length < 2) return [best, 1];
  if (initials && word.word.length > 1 && !/[aeiou]/.test(word.word) && phrase.initials.startsWith(word.word)) return [0.8, word.word.length];
  const joined = phrase.pairs.some((pair) => sharesAnEnd(pair, word.word) && distance(pair, word.word, 1) < 2);
  return joined ? [ENOUGH, 2] : [best, 1];
}

// As two words do between which there is one slip at most: it is soon told, and most words are quite others.
const sharesAnEnd = (one, other) => Math.abs(one.length - other.length) < 2 && (one[0] === other[0] || one.at(-1) === other.at(-1));

function scored(options, query) {
  const typed = evidence(options, query);
  const hits = options.map((option) => typed.map((word) => index(option).map((phrase, p) => hit(word, phrase, option.name && p === 0))));
  // A word that names few options says more than one that stands in many.
  const weights = typed.map((_, t) => {
    const named = hits.filter((words) => words[t].some(([near]) => near > 0)).length;
    return Math.max(0.1, Math.log((options.length + 1) / (named + 0.5)));
  });
  const whole = fold(query);
  return options.map((option, order) => {
    const phrases = index(option);
    const near = (t, p) => hits[order][t][p][0] * phrases[p].share;
    const nearest = typed.map((_, t) => Math.max(...phrases.map((_, p) => near(t, p))));
    const scores = phrases.map((phrase, p) => {
      const covered = typed.reduce((n, _, t) => n + (near(t, p) && hits[order][t][p][1]), 0) / phrase.words.length;
      const here = typed.reduce((sum, _, t) => sum + weights[t] * near(t, p), 0);
      const elsewhere = typed.reduce((sum, _, t) => sum + weights[t] * (nearest[t] - near(t, p)), 0);
      return here * (0.6 + 0.4 * Math.min(1, covered)) + elsewhere / 4;
    });
    const equal = phrases.findIndex((phrase) => phrase.text === whole && phrase.share === 1);
    const score = Math.max(...scores) * (phrases[0].text.startsWith(whole) ? 1.5 : 1);
    const meant = typed.length === 1 || nearest.some((how, t) => how >= (option.name && typed[t].word.word.length < LONG ? SURE : ENOUGH));
    return { option, order, score: meant ? score : 0, rank: equal === 0 ? 2 : equal > 0 ? 1 : 0 };
  });
}

export function matching(options, query) {
  if (!fold(query)) return options.filter((one) => !one.quiet).sort((a, b) => Boolean(a.last) - Boolean(b.last));
  const all = scored(options, query);
  const best = Math.max(...all.map((one) => one.score));
  const found = all.filter((one) => one.score > 0 && one.score >= best * WEAKEST && (!one.option.last || one.rank > 0));
  found.sort((a, b) => b.rank - a.rank || b.score - a.score || a.order - b.order);
  return [...found.map((one) => one.option), ...options.filter((one) => one.last && !found.some((each) => each.option === one))];
}

const CONTAINING_MOST = 12;
const texts = new WeakMap();

function textOf(option) {
  if (!texts.has(option)) texts.set(option, fold([option.label, ...[option.words || []].flat()].join(" ")));
  return texts.get(option);
}

// Of thousands: those in which all that was typed stands as it was typed, whose name begins with it first.
export function containing(options, query) {
  const parts = fold(query).split(/\s+/).filter(Boolean);
  if (!parts.length) return options.filter((one) => !one.quiet).slice(0, CONTAINING_MOST);
  const found = options.filter((one) => parts.every((part) => textOf(one).includes(part)));
  const first = found.filter((one) => textOf(one).startsWith(parts[0]));
  return [...first, ...found.filter((one) => !textOf(one).startsWith(parts[0]))].slice(0, CONTAINING_MOST);
}

// Whether words were typed that nothing in the option is meant by: "orang gila bawa parang" says more than its type does.
export function saysMore(options, option, query) {
  const typed = evidence(options, query);
  const named = typed.filter((word) => index(option).some((phrase, p) => hit(word, phrase, option.name && p === 0)[0] > 0)).map(({ word }) => word.word);
  return wordsOf(query).some((word) => !named.some((one) => one.includes(word)));
}

export function foundNothing(found) {
  return found.every((option) => option.last);
}

// Rows to draw of what was found by typing: the best first, whatever its group, which stands beside it.
export function ranked(found) {
  return found.map((option) => row(option, option.hint || option.group));
}

function row(option, hint) {
  return { key: option.id, heading: false, label: option.label, hint: hint || "", option };
}

// Rows to draw: a heading where the group changes, each group once, in the order of its best option.
export function grouped(options) {
  const groups = new Map();
  for (const option of options) {
    if (!groups.has(option.group)) groups.set(option.group, []);
    groups.get(option.group).push(option);
  }
  const rows = [];
  for (const [group, members] of groups) {
    if (group) rows.push({ key: `group:${group}`, heading: true, label: group });
    for (const option of members) rows.push(row(option, option.hint));
  }
  return rows;
}
