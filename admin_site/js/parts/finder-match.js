// Finding things by words typed in haste: what was typed must all be meant by one thing, as a word of it, its beginning, a part, or,
// where nothing is sure, something that is heard alike or one slip away.

import { distance, fold, heard, wordsOf } from "./spelling.js";

const OTHER_WORDS = 0.6; // of what the same word in the name counts

// `things`: {label, words: other words it is found by}.
export function indexOf(things) {
  const vocabulary = new Map(); // word: how it is heard, and which things have it, each with what it counts there
  for (const thing of things) {
    const own = new Map([...wordsOf(thing.words).map((word) => [word, OTHER_WORDS]), ...wordsOf(thing.label).map((word) => [word, 1])]);
    for (const [word, counts] of own) {
      if (!vocabulary.has(word)) vocabulary.set(word, { word, said: heard(word), places: [] });
      vocabulary.get(word).places.push([thing, counts]);
    }
  }
  return { things, vocabulary: [...vocabulary.values()] };
}

// One of several: what seldom changes is worked out once.
export function joined(...indexes) {
  return { things: indexes.flatMap((one) => one.things), vocabulary: indexes.flatMap((one) => one.vocabulary) };
}

// The things that are meant by all that was typed, best first.
export function found({ things, vocabulary }, typed) {
  const words = wordsOf(typed);
  if (!words.length) return [];
  const scores = words.map((word) => scored(vocabulary, word)).reduce((before, now) => {
    const both = new Map();
    for (const [thing, score] of now) if (before.has(thing)) both.set(thing, before.get(thing) + score);
    return both;
  });
  return things.filter((thing) => scores.has(thing)).sort((a, b) => scores.get(b) - scores.get(a));
}

function scored(vocabulary, word) {
  const sure = placesOf(vocabulary, (known) => plainly(word, known.word));
  const said = heard(word);
  return sure.size ? sure : placesOf(vocabulary, (known) => perhaps(word, said, known));
}

function placesOf(vocabulary, near) {
  const scores = new Map();
  for (const known of vocabulary) {
    const how = near(known);
    if (how) for (const [thing, counts] of known.places) scores.set(thing, Math.max(scores.get(thing) || 0, how * counts));
  }
  return scores;
}

function plainly(typed, known) {
  if (typed === known) return 1;
  if (known.startsWith(typed)) return 0.9;
  return typed.length > 2 && known.includes(typed) ? 0.5 : 0;
}

function perhaps(typed, said, known) {
  if (typed.length < 4) return 0;
  if (said === known.said) return 0.45;
  if (said.length > 2 && known.said.startsWith(said)) return 0.4;
  // A slip is seldom the first letter, unless it is swapped with the second.
  if (known.word[0] !== typed[0] && known.word[1] !== typed[0]) return 0;
  const most = typed.length < 8 ? 1 : 2;
  const beginning = known.word.slice(0, typed.length);
  return Math.min(distance(typed, known.word, most), distance(typed, beginning, most)) <= most ? 0.3 : 0;
}

// A text in pieces {text, hit}: which parts of it were typed.
export function marked(text, typed) {
  const letters = [...text];
  const folded = letters.map((letter) => fold(letter) || letter);
  const hits = new Array(letters.length).fill(false);
  for (const word of wordsOf(typed)) {
    const at = place(folded, word);
    if (at >= 0) hits.fill(true, at, at + word.length);
  }
  const pieces = [];
  letters.forEach((letter, i) => {
    if (pieces.length && pieces.at(-1).hit === hits[i]) pieces.at(-1).text += letter;
    else pieces.push({ text: letter, hit: hits[i] });
  });
  return pieces;
}

// Where a word begins in a text, at the beginning of one of its words if there is such a place; -1 for nowhere.
function place(folded, word) {
  const text = folded.map((each) => each[0]).join("");
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (!at || !/[\p{L}\p{N}]/u.test(text[at - 1])) return at;
  return word.length > 2 ? text.indexOf(word) : -1;
}
