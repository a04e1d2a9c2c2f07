// How near a typed word is to a word that is looked for: Indonesian as it is typed in haste, with its affixes, short forms and
// slips of the finger, and Banjar, whose e is a and whose o is u.


const SHORT_FORMS = {
  tdk: "tidak", tak: "tidak", gak: "tidak", ga: "tidak", nggak: "tidak", enggak: "tidak", ndak: "tidak", kada: "tidak", kd: "tidak",
  org: "orang", urang: "orang", jln: "jalan", jl: "jalan", rs: "rumah sakit", sei: "sungai", sdh: "sudah", blm: "belum", balum: "belum",
  krn: "karena", dgn: "dengan", dlm: "dalam", kec: "kecamatan", kel: "kelurahan", ds: "desa",
};

export function fold(text) {
  return String(text || "").normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

// "K.D.R.T. di Jl. Iskandar2" → kdrt, di, jalan, iskandar
export function wordsOf(text) {
  const words = fold(text).replace(/['’`]/g, "").replace(/\b([a-z])[. ](?=[a-z]\b)/g, "$1").split(/[^\p{L}\p{N}]+/u);
  return words.filter(Boolean).flatMap((word) => (SHORT_FORMS[word] || word.replace(/([a-z])2$/, "$1")).split(" "));
}

// The word as it is heard: one letter for what is spelt in several ways.
export function heard(word) {
  return word
    .replace(/oe/g, "u").replace(/dj/g, "j").replace(/tj/g, "c").replace(/kh|q/g, "k").replace(/sy/g, "s").replace(/ph|f|v/g, "p")
    .replace(/x/g, "ks").replace(/z/g, "s").replace(/ai|e/g, "a").replace(/au|o/g, "u").replace(/ngg/g, "ng").replace(/(.)\1+/g, "$1");
}

const PREFIXES = [
  ...["mampar", "mambar", "dipar", "katar", "tar", "ta", "bar", "ba", "par", "pa", "di", "ka", "sa", "ma"].map((prefix) => [new RegExp(`^${prefix}`), [""]]),
  [/^(?:ma|pa)?nga?/, ["", "k", "g"]],
  [/^(?:ma|pa)?ny/, ["s", "c"]],
  [/^(?:ma|pa)?m/, ["p", "b", ""]],
  [/^(?:ma|pa)?n/, ["t", ""]],
];
const SUFFIXES = ["akan", "kan", "an", "in", "i", "nya", "lah", "kah", "ku", "mu"];
const SHORTEST_ROOT = 4;

// All that a word may be built from: "malahirkan" → malahirkan, malahir, lahirkan, lahir …
function roots(said) {
  const found = new Set([said]);
  for (const part of [said, ...unsuffixed(said), ...unsuffixed(said).flatMap(unsuffixed)]) {
    found.add(part);
    for (const once of unprefixed(part)) for (const twice of [once, ...unprefixed(once)]) found.add(twice);
  }
  return [...found].filter((root) => root === said || root.length >= SHORTEST_ROOT);
}

function unsuffixed(word) {
  return SUFFIXES.filter((suffix) => word.endsWith(suffix)).map((suffix) => word.slice(0, -suffix.length));
}

function unprefixed(word) {
  return PREFIXES.flatMap(([prefix, instead]) => (prefix.test(word) ? instead.map((letter) => word.replace(prefix, letter)) : []));
}

// A word with all that is worked out of it once.
export function spelt(word) {
  const said = heard(word);
  return { word, said, roots: roots(said) };
}

// 1 for the same word, then one that is heard alike, the beginning of it, and its root; 0 for another word.
export function nearness(typed, known) {
  if (typed.word === known.word) return 1;
  if (typed.said === known.said && typed.word.length > 3) return 0.9;
  if (known.word.startsWith(typed.word)) return 0.8;
  const [some, others] = [typed.roots, known.roots];
  if (some.some((root) => root.length >= SHORTEST_ROOT && others.includes(root))) return 0.75;
  return typed.word.length > SHORTEST_ROOT && others.some((root) => root.startsWith(typed.said)) ? 0.7 : 0;
}

// What it may be all the same, always less than what is sure: 0.6 for one without its vowels, 0.5 for one slip, and so on.
export function guess(typed, known) {
  const { word } = typed;
  if (word.length < 3) return 0;
  if (abbreviates(word, known.word)) return 0.6;
  if (word.length > 3) {
    const most = word.length < 8 ? 1 : 2;
    const slips = Math.min(distance(word, known.word, most), typed.said.length > 4 ? distance(typed.said, known.said, 1) : Infinity);
    if (slips <= most && (word.length > 5 || word[0] === known.word[0] || swapped(word, known.word))) return slips === 1 && word.length > 4 ? 0.5 : 0.4;
    if (word.length > 4 && word[0] === known.word[0] && begins(word, known.word, most)) return 0.35;
    if (word.length > 6 && typed.roots.some((root) => root.length > 4 && known.roots.some((other) => root[0] === other[0] && distance(root, other, 1) <= 1))) return 0.3;
  }
  return known.word.includes(word) ? 0.2 : 0;
}

const swapped = (one, other) => one[0] === other[1] && one[1] === other[0];

function begins(typed, word, slips) {
  return [0, 1, -1].some((more) => word.length > typed.length + more && distance(typed, word.slice(0, typed.length + more), slips) <= slips);
}

// "kbkran" for "kebakaran": only vowels, h and doubled letters are left out, and no more than half of the word.
function abbreviates(typed, word) {
  if (typed[0] !== word[0] || typed.length * 2 < word.length || typed.length >= word.length) return false;
  let at = 0;
  for (let i = 0; i < word.length; i++) {
    if (typed[at] === word[i]) at++;
    else if (!/[aeiouh]/.test(word[i]) && word[i] !== word[i - 1]) return false;
  }
  return at === typed.length;
}

// Optimal string alignment: letters left out, added, exchanged, or two swapped; Infinity above the limit.
export function distance(one, other, limit) {
  if (Math.abs(one.length - other.length) > limit) return Infinity;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > limit) return Infinity;
    [before, row] = [row, next];
  }
  return row[other.length];
}
