import assert from "node:assert/strict";
import { test } from "node:test";
import { setWording } from "../js/parts/i18n.js";
import { lateAnswers } from "../js/parts/late-answers.js";

const incident = {
  attention: [
    { code: "reply", detail: "A1", at: "2026-11-23T03:00:00Z" },
    { code: "late_answer", detail: "A1", at: "2026-11-23T03:02:00Z", person: "dewi", said: "acknowledged" },
    { code: "late_answer", detail: "A1", at: "2026-11-23T03:05:00Z", person: "budi", said: "en_route" },
    { code: "late_answer", detail: "gone", at: "2026-11-23T03:01:00Z", person: "left", said: "acknowledged" },
  ],
  crews: [{ id: "A1", callsign: "PSC 1" }],
  pages: [{ person_id: "dewi", also: [], name: "Dewi" }, { person_id: "ana", also: ["budi"], name: "Ana, Budi" }],
};

test("who answered late is named with what was said and for which crew, the newest first", () => {
  setWording({}, "en");
  const said = lateAnswers(incident);
  assert.equal(said.length, 3);
  assert.deepEqual(said.map((each) => each.key), ["gone left", "A1 budi", "A1 dewi"]);
  assert.match(said[1].text, /^Ana, Budi answered “En route” for PSC 1 at .*, and is not needed/);
  assert.match(said[2].text, /^Dewi answered “Acknowledged” for PSC 1/);
  assert.doesNotMatch(said[0].text, /undefined/);
  assert.equal(incident.attention.length, 4);
});
