import assert from "node:assert/strict";
import { test } from "node:test";
import { containing, grouped, matching, saysMore } from "../js/parts/choices.js";

const options = [
  { id: "house_fire", label: "Kebakaran rumah", words: ["House fire", "kebakaran", "si jago merah"], group: "Api" },
  { id: "forest_fire", label: "Kebakaran hutan/lahan", words: ["Forest fire", "karhutla"], group: "Api" },
  { id: "crash", label: "Kecelakaan lalu lintas", words: ["tabrakan", "tabrak lari", "speedboat"], group: "Kecelakaan" },
  { id: "drowning", label: "Orang tenggelam", words: ["Drowning", "hanyut"], group: "Kecelakaan" },
  { id: "birth", label: "Persalinan", words: ["melahirkan", "ketuban pecah"], group: "Kesehatan" },
  { id: "violence", label: "KDRT", words: ["kekerasan dalam rumah tangga"], group: "Keamanan" },
  { id: "cafe", label: "Gangguan kafé", words: [], group: "Keamanan" },
  { id: "other", label: "Darurat lainnya", words: ["lain-lain"], group: "Lain", last: true },
];
const found = (query) => matching(options, query).map((one) => one.id);
const ids = (query) => found(query).filter((id) => id !== "other");

test("nothing typed shows everything in its order", () => {
  assert.deepEqual(found(""), options.map((one) => one.id));
});

test("words match by their beginnings, in either language, without accents or case, in any order", () => {
  assert.deepEqual(ids("hut"), ["forest_fire"]);
  assert.equal(ids("rum keb")[0], "house_fire");
  assert.deepEqual(ids("DROWN"), ["drowning"]);
  assert.deepEqual(ids("kafe"), ["cafe"]);
});

test("an exact label comes first, then an exact word, then a beginning, then a root, then a guess", () => {
  const near = [
    { id: "guess", label: "banjar" }, { id: "root", label: "kebanjiran" }, { id: "beginning", label: "banjiran rob" },
    { id: "word", label: "air", words: ["banjir"] }, { id: "label", label: "Banjir" },
  ];
  assert.deepEqual(matching(near, "banjir").map((one) => one.id), ["label", "word", "beginning", "root"]);
  assert.deepEqual(matching(near.slice(0, 1), "banjir").map((one) => one.id), ["guess"]);
});

test("what begins with the query comes before what merely holds it", () => {
  assert.deepEqual(ids("orang"), ["drowning"]);
  assert.deepEqual(ids("gang"), ["cafe"]);
  assert.deepEqual(ids("ang"), ["drowning", "cafe", "violence"]);
});

test("the more words are meant, the better; words that say nothing do no harm", () => {
  assert.equal(ids("tolong pak ada tabrak lari di jalan besar")[0], "crash");
  assert.equal(ids("kebakaran hutan")[0], "forest_fire");
});

for (const [typed, meant] of [
  ["terbakar", "house_fire"], ["dibakar", "house_fire"], ["kabakaran", "house_fire"], ["kbkran", "house_fire"], ["kebkaran", "house_fire"],
  ["kebbakaran", "house_fire"], ["menabrak", "crash"], ["ketabrak", "crash"], ["tbrakan", "crash"], ["tabarkan", "crash"], ["kecelakan", "crash"],
  ["speed boat", "crash"], ["tabraklari", "crash"], ["tengelam", "drowning"], ["tenggelem", "drowning"], ["hayut", "drowning"], ["lahir", "birth"],
  ["mlahirkn", "birth"], ["k.d.r.t", "violence"], ["k d r t", "violence"], ["karhutal", "forest_fire"], ["hanyoet", "drowning"],
]) {
  test(`"${typed}" is understood`, () => assert.equal(ids(typed)[0], meant));
}

// However a word is built, and whichever of them is the registered one.
for (const family of [
  ["tabrakan", "ketabrak", "menabrak", "nabrak", "tertabrak", "ditabrak", "tatabrak"], ["perampokan", "dirampok", "merampok", "kerampokan", "perampok"],
  ["kebakaran", "terbakar", "dibakar", "membakar", "kabakaran"], ["melahirkan", "lahiran", "kelahiran", "dilahirkan"], ["pemukulan", "dipukuli", "memukul", "mukulin"],
  ["penusukan", "ditusuk", "menusuk", "nusuk"], ["pencurian", "dicuri", "mencuri", "kecurian", "nyuri"], ["terendam", "merendam", "direndam"],
]) {
  test(`${family.join(", ")} are one word`, () => {
    for (const known of family) for (const typed of family) assert.deepEqual(matching([{ id: known, label: known }], typed).map((one) => one.id), [known], typed);
  });
}

test("what is meant by nothing finds nothing but the last option", () => {
  for (const typed of ["zzz", "pizza", "qwerty", "halo selamat pagi", "12345", "???"]) assert.deepEqual(found(typed), ["other"], typed);
});

test("the option for whatever fits no other is offered last, and first only when it is asked for", () => {
  assert.equal(found("tabrakan").at(-1), "other");
  assert.equal(found("darurat lainnya")[0], "other");
  assert.equal(found("lain-lain")[0], "other");
});

test("initials find a proper name", () => {
  const places = [{ id: "mbh", label: "Mentawa Baru Hilir", name: true }, { id: "bh", label: "Baamang Hilir", name: true }];
  assert.deepEqual(matching(places, "mb hilir").map((one) => one.id)[0], "mbh");
});

test("of several words a short one that is only like a part of a name finds none, a long one with a slip and a whole one do", () => {
  const places = ["Cempaka Putih", "Baamang", "Kandan"].map((label) => ({ id: label, label, name: true }));
  const names = (query) => matching(places, query).map((one) => one.id);
  for (const elsewhere of ["terminal patih rumbih", "gang putuh no 4"]) assert.deepEqual(names(elsewhere), [], elsewhere);
  for (const slip of ["jalan melati baamng", "gang bakti baamang", "rt 3 kandan"]) assert.equal(names(slip).length, 1, slip);
  assert.deepEqual(names("patih"), ["Cempaka Putih"]);
});

test("words that nothing in what is chosen is meant by are told from slips and other forms of its words", () => {
  const by = (id) => options.find((one) => one.id === id);
  const more = (id, query) => saysMore(options, by(id), query);
  for (const [id, query] of [["violence", "kdrt bawa parang"], ["crash", "tabrakan di simpang empat"], ["house_fire", "kebakaran, dua anak terjebak"]]) assert.ok(more(id, query), query);
  for (const [id, query] of [["crash", "tbrakan"], ["crash", "speed boat"], ["violence", "k.d.r.t"], ["house_fire", "rumh kebkaran"], ["house_fire", "kebakaran r"]]) assert.ok(!more(id, query), query);
});

test("equal ones stay in their order, also when asked again", () => {
  const same = ["c", "a", "b"].map((id) => ({ id, label: "Sumber Makmur" }));
  for (let i = 0; i < 3; i++) assert.deepEqual(matching(same, "sumber").map((one) => one.id), ["c", "a", "b"]);
});

test("an option that is quiet waits until it is asked for", () => {
  const places = [{ id: "d", label: "Baamang" }, { id: "v", label: "Baamang Hulu", quiet: true }];
  assert.deepEqual(matching(places, "").map((one) => one.id), ["d"]);
  assert.deepEqual(matching(places, "hulu").map((one) => one.id), ["v"]);
});

test("each group has one heading, above its options", () => {
  const rows = grouped(options.slice(0, 3));
  assert.deepEqual(rows.map((row) => [row.heading, row.label]), [
    [true, "Api"], [false, "Kebakaran rumah"], [false, "Kebakaran hutan/lahan"], [true, "Kecelakaan"], [false, "Kecelakaan lalu lintas"],
  ]);
});

test("of thousands of people those are found in whom all that was typed stands, and few are drawn", () => {
  const people = Array.from({ length: 2000 }, (_, n) => ({ id: `p${n}`, label: `Petugas ${n}`, words: ["Damkar"], quiet: true }));
  people.push({ id: "siti", label: "Siti Petugasari", words: [], quiet: true });
  assert.deepEqual(containing(people, "petugas 1999").map((one) => one.id), ["p1999"]);
  assert.deepEqual(containing(people, "SITI").map((one) => one.id), ["siti"]);
  assert.equal(containing(people, "petugas").length, 12);
  assert.deepEqual(containing(people, ""), []);
  assert.deepEqual(containing(people, "nobody"), []);
});
