import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, hear, lineWord, loudMark, missed, unknownLine, waitsAt } from "../js/parts/line.js";

const BOARD = "/api/incidents?state=open";
const alarmed = { coming: { alarm: true }, drill: false };

function told(...answers) {
  const line = unknownLine();
  follow(line);
  for (const [path, answer] of answers) hear(path, answer);
  return line;
}

test("nobody says that SMS leave who was not told that somebody watches and none waits", () => {
  assert.equal(lineWord(unknownLine()).word, "");
  assert.equal(lineWord(told([BOARD, { silence: null, incidents: [] }])).word, "SMS: not known");
  assert.equal(lineWord(told([BOARD, { silence: null, watched: false, incidents: [] }])).word, "SMS: not known");
  const good = lineWord(told([BOARD, { silence: null, watched: true, incidents: [] }]));
  assert.deepEqual([good.tone, good.word], ["good", "SMS leave"]);
  assert.match(good.title, /^Looked at \d\d:\d\d: no SMS waits\.$/);
});

test("while they do not leave nothing stands beside the clock: the red bar says it", () => {
  const line = told([BOARD, { silence: { code: "unsent", pages: 3, since: "2026-11-23T03:00:00Z" }, watched: true, incidents: [] }]);
  assert.equal(line.silence.pages, 3);
  assert.equal(lineWord(line).word, "");
});

test("an answer that is lost ends what was known, since the first that was lost and until one comes", () => {
  const line = told([BOARD, { silence: null, watched: true, incidents: [] }]);
  missed(BOARD, new Error("gone"));
  const since = line.lostSince;
  missed(BOARD, new Error("gone"));
  assert.equal(line.lostSince, since);
  assert.equal(lineWord(line).word, "No connection");
  hear(BOARD, { silence: null, watched: true, incidents: [] });
  assert.equal(lineWord(line).word, "SMS leave");
});

test("what is asked for besides says nothing of the line", () => {
  const line = told([BOARD, { silence: null, watched: true, incidents: [alarmed] }], ["/api/drills", { drills: [] }]);
  missed("/api/drills", new Error("gone"));
  hear("/api/incidents?date=2026-11-23", { silence: null, watched: true, incidents: [] });
  assert.equal(line.lostSince, "");
  assert.equal(line.loud, 1, "a day's list is not what is open");
});

test("beside the board stands to how many nobody is coming, drills left out, and a question mark when nobody knows", () => {
  const line = told([BOARD, { silence: null, watched: true, incidents: [alarmed, { ...alarmed, drill: true }, { coming: null }] }]);
  assert.equal(loudMark(line), "1");
  missed(BOARD, new Error("gone"));
  assert.equal(loudMark(line), "?");
  hear(BOARD, { silence: null, watched: true, incidents: [] });
  assert.equal(loudMark(line), "");
});

test("beside the clock stands when the last SMS left", () => {
  const { title } = lineWord(told([BOARD, { silence: null, watched: true, left_at: "2026-11-23T03:07:00.000Z", incidents: [] }]));
  assert.match(title, /The last one left: .*\d\d\D\d\d\.$/);
});

test("what waits stands beside the board in words, and nothing where nobody counts or nothing waits", () => {
  const waits = (waiting) => waitsAt("board.html", told([BOARD, { silence: null, watched: true, waiting, incidents: [] }]));
  assert.deepEqual(waits({ corrections: 1, sms: 2 }), { count: 3, word: "1 correction waits, 2 SMS of strangers" });
  assert.equal(waits({ corrections: 0, sms: 0 }), null);
  assert.equal(waits(null), null);
  const line = told([BOARD, { silence: null, watched: true, waiting: { corrections: 1, sms: 0 }, incidents: [] }]);
  assert.equal(waitsAt("past.html", line), null);
  missed(BOARD, new Error("gone"));
  assert.equal(waitsAt("board.html", line), null);
});
