import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { actOf, alarmedView, compactView, searchWords, whyWord } from "../js/parts/board-view.js";
import { setZone } from "../js/parts/time.js";

setZone(7);
const names = { type: (id) => `type ${id}`, district: (id) => `district ${id}`, reason: (id) => `reason ${id}`, unit: (id) => `unit ${id}`, awaited: ({ awaits }) => (awaits ? `unit ${awaits}` : "") };
const crew = (id, status, about = {}) => ({ id, callsign: id.toUpperCase(), agency_id: "damkar", status, at: "2026-11-23T19:00:00.000Z", reason: "", ...about });
const row = (about = {}) => ({
  id: "01A", label: "WTVG", type: "flood", priority: 2, received_at: "2026-11-23T18:00:00.000Z", status: "open", category: "disaster", district: "baamang", village: "", landmark: "Pasar", narrative: "",
  level: 1, calls: 1, attention: [], large: 0, crews: [], drill: false, coming: { state: "nobody", alarm: true, since: "" }, alarm: null, aside: null, being_ordered: null, ...about,
});
const alarmed = (why, act, about = {}, detail = "") => row({ alarm: { why, act, urgent: true, since: "2026-11-23T19:00:00.000Z", detail }, ...about });
const source = readFileSync(new URL("../../chalicelib/domain/alarmed.py", import.meta.url), "utf-8");
const ACTS = [...source.matchAll(/^    "(\w+)": "(\w+)",$/gm)].map(([, why, act]) => ({ why, act }));

test("every reason that the server knows has a mark, words and one next act", () => {
  assert.ok(ACTS.length > 14);
  for (const { why, act } of ACTS) {
    const crews = [crew("a1", "unanswered"), crew("a2", "unable", { reason: "no_fuel" }), crew("a3", "requested")];
    const aside = { by_name: "Sari", until: "2026-11-23T19:40:00.000Z", reason: "no_unit", awaits: "bpbd_1" };
    const view = alarmedView(alarmed(why, act, { crews, aside }, "a1"), names, true);
    assert.ok(view.mark && view.why && view.act, why);
    assert.doesNotMatch(view.why, /undefined|\{|\}/, why);
  }
  assert.equal(whyWord("nobody"), "No crew");
});

test("the act opens what it is about, and is none of who may not command", () => {
  assert.equal(alarmedView(alarmed("nobody", "send"), names, true).actHref, "incident.html?id=01A&ask=unit");
  assert.equal(alarmedView(alarmed("no_acknowledgement", "ring"), names, true).actHref, "incident.html?id=01A&ask=call");
  assert.equal(alarmedView(alarmed("reply", "read"), names, true).actHref, "incident.html?id=01A&ask=reading");
  assert.equal(alarmedView(alarmed("audit", "look"), names, true).actHref, "incident.html?id=01A");
  assert.equal(alarmedView(alarmed("nobody", "send"), names, false).act, "");
  assert.equal(actOf({ why: "no_movement", act: "ring", detail: "a1" }, row({ crews: [crew("a1", "en_route")] })).word, "Ask A1");
});

test("that nobody comes is said with what was tried last", () => {
  const unable = [crew("a1", "unable", { reason: "no_fuel" }), crew("a2", "cancelled", { at: "2026-11-23T18:30:00.000Z" })];
  assert.equal(alarmedView(alarmed("gone", "send", { crews: unable }), names, true).why, "A1: reason no_fuel · 2 crews in all");
  const attention = [{ code: "shortfall", detail: "boat:busy" }];
  assert.equal(alarmedView(alarmed("nobody", "send", { attention }), names, true).why, "busy elsewhere");
  assert.equal(alarmedView(alarmed("nobody", "send"), names, true).why, "no unit was found");
});

test("a review that has passed says who let it wait, until when and for what", () => {
  const aside = { by_name: "Sari", until: "2026-11-23T19:40:00.000Z", reason: "no_unit", awaits: "bpbd_1" };
  assert.match(alarmedView(alarmed("review", "review", { aside }), names, true).why, /^Set aside by Sari until .*02:40: waiting for unit bpbd_1$/);
});

test("a row that needs nobody shows two crews, whoever has come furthest first, and how many more", () => {
  const crews = [crew("a1", "cleared"), crew("a3", "requested"), crew("a4", "requested"), crew("a2", "en_route")];
  const view = compactView(row({ crews, coming: { state: "en_route", alarm: false } }), names);
  assert.deepEqual(view.crews.map((one) => [one.callsign, Boolean(one.at)]), [["A2", true], ["A3", true]]);
  assert.equal(view.more, "+2");
});

test("a row names whoever is there or nearest to it, and not those who were only called", () => {
  const crews = [crew("a1", "requested"), crew("a2", "requested"), crew("a3", "acknowledged"), crew("a4", "on_scene"), crew("a5", "cleared")];
  const view = compactView(row({ crews, coming: { state: "on_scene", alarm: false } }), names);
  assert.deepEqual(view.crews.map((one) => one.callsign), ["A4", "A3"]);
});

test("what is set aside says when it is looked at again, and that it is soon", () => {
  const aside = { by_name: "Sari", until: "2026-11-23T19:40:00.000Z", reason: "help", awaits: "" };
  const view = (now) => compactView(row({ coming: { state: "nobody", alarm: false }, aside }), names, now);
  assert.deepEqual([view("2026-11-23T19:00:00.000Z").soon, view("2026-11-23T19:35:00.000Z").soon], [false, true]);
  assert.equal(view("2026-11-23T19:35:00.000Z").review, "review 02:40");
  assert.equal(view("2026-11-23T19:35:00.000Z").waits, "help from outside is on its way");
});

test("a row is found by place, type, code and unit", () => {
  const found = searchWords(row({ crews: [crew("a1", "en_route")], village: "Bapinang" }), names);
  for (const word of ["pasar", "bapinang", "type flood", "wtvg", "a1", "district baamang"]) assert.ok(found.includes(word), word);
});
