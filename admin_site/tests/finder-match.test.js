import assert from "node:assert/strict";
import { test } from "node:test";
import { found, indexOf, marked } from "../js/parts/finder-match.js";

const THINGS = [
  { label: "Kapal Damkar", words: "Dermaga Mentaya Damkar" },
  { label: "Polair 1", words: "kapal patroli sungai Satpolairud" },
  { label: "Abdul Mu'in", words: "Damkar" },
  { label: "Siti Kurniawati", words: "Damkar" },
  { label: "K1JS", words: "Kebakaran rumah, Baamang, Jl. Tjilik Riwut" },
];
const labels = (typed) => found(indexOf(THINGS), typed).map((one) => one.label);

test("a name before other words, a whole word before a part of one", () => {
  assert.deepEqual(labels("kapal"), ["Kapal Damkar", "Polair 1"]);
  assert.deepEqual(labels("pol"), ["Polair 1"]);
  assert.deepEqual(labels("at"), [], "of two letters only a beginning");
  const twice = [{ label: "Polair 1", words: "kapal" }, { label: "Kapal 2", words: "" }];
  assert.deepEqual(found(indexOf(twice), "kapal").map((one) => one.label), ["Kapal 2", "Polair 1"]);
});

test("all that is typed must be meant by one thing", () => {
  assert.deepEqual(labels("siti damkar"), ["Siti Kurniawati"]);
  assert.deepEqual(labels("siti polair"), []);
});

test("case, apostrophes, short forms, old spelling and a slip of the finger are forgiven", () => {
  assert.deepEqual(labels("MUIN"), ["Abdul Mu'in"]);
  assert.deepEqual(labels("jln cilik"), ["K1JS"]);
  assert.deepEqual(labels("kurniwati"), ["Siti Kurniawati"]);
  assert.deepEqual(labels("krunia"), ["Siti Kurniawati"]);
  assert.deepEqual(labels("k1js"), ["K1JS"]);
});

test("what is sure leaves no room for guesses, and short words are not guessed at", () => {
  assert.deepEqual(labels("damkar")[0], "Kapal Damkar");
  assert.deepEqual(labels("xyz"), []);
  assert.deepEqual(labels(""), []);
  assert.deepEqual(labels("  "), []);
});

test("what was typed is marked where a word begins, and a text is never changed by it", () => {
  assert.deepEqual(marked("Kapal Damkar", "dam"), [{ text: "Kapal ", hit: false }, { text: "Dam", hit: true }, { text: "kar", hit: false }]);
  assert.deepEqual(marked("Makam, kamar", "kam"), [{ text: "Makam, ", hit: false }, { text: "kam", hit: true }, { text: "ar", hit: false }]);
  for (const text of ["Café Éluard", "<b>tebal</b>", "", "Mu'in ﬁ 👩‍🚒"]) assert.equal(marked(text, "bal eluard fi").map((piece) => piece.text).join(""), text);
});
