import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseMs, untilKnown } from "../js/parts/again.js";
import { createApi } from "../js/parts/api.js";
import { failureWord } from "../js/parts/fields.js";
import { Refused, SignInUnanswered, Unreachable } from "../js/parts/outcomes.js";

const open = () => new Unreachable({ open: true });
const refused = () => new Refused(409, { code: "conflict" }, "refused");
const busy = () => new Refused(503, { code: "busy" }, "busy");

// What comes of it when the tries end one after the other as `ends` says, what was told, and how often it waited.
async function after(...ends) {
  const told = [];
  const waited = [];
  const ask = async () => {
    const end = ends.shift();
    if (end instanceof Error) throw end;
    return end;
  };
  const outcome = await untilKnown(ask, (open) => told.push(open), [1, 3], async (ms) => waited.push(ms)).catch((error) => error);
  return { outcome, told, waited, left: ends.length };
}

test("what may have been carried out is asked for again until it is known", async () => {
  assert.deepEqual(await after(open(), open(), "done"), { outcome: "done", told: [true, false], waited: [1, 3], left: 0 });
  assert.deepEqual((await after(open(), refused())).outcome.name, "Refused");
});

test("it ends after so many tries, and says that it is not known", async () => {
  const { outcome, told, waited, left } = await after(open(), open(), open(), "one too many");
  assert.deepEqual([outcome.name, outcome.open, told, waited, left], ["Unreachable", true, [true, false], [1, 3], 1]);
});

test("busy, or a sign-in that does not answer, says nothing of the try before it", async () => {
  assert.equal((await after(open(), busy(), new SignInUnanswered(), "done")).outcome.open, true);
  assert.equal((await after(open(), busy(), "done")).outcome, "done");
});

test("what was not carried out is not asked for again by itself", async () => {
  for (const error of [refused(), busy(), new SignInUnanswered(), new Unreachable()]) {
    const { outcome, told, waited } = await after(error, "done");
    assert.deepEqual([outcome, told, waited], [error, [], []]);
  }
});

test("a call is asked for again less and less often, and never seldom", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 50].map(pauseMs), [1000, 2000, 4000, 8000, 15000, 15000]);
});

test("an open outcome is told as such, with why", () => {
  assert.match(failureWord(new Unreachable({ open: true, code: "internal" })), /^The server made a mistake\. It is not known whether this was saved/);
  assert.equal(failureWord(new Unreachable()), "The server cannot be reached.");
});

// An interface whose server answers with these, one after the other; `sent` is what came to it.
function server(t, ...answers) {
  const sent = [];
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(globalThis, "fetch", async (path, { method, headers, body }) => {
    sent.push({ path, method, body, key: headers["Idempotency-Key"] });
    const { status, body: text } = answers.shift();
    return new Response(text, { status });
  });
  const session = { token: async () => "t", renew: async () => true, signIn: () => assert.fail("signed out") };
  return { sent, api: createApi(session, () => {}) };
}

// Lets the pauses between the tries go by.
async function settled(t, promise) {
  let over = false;
  promise.catch(() => {}).finally(() => { over = true; });
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(20000);
  }
  return promise;
}

// As API Gateway, CloudFront and our own server say that something went wrong.
const ODD = [
  [500, '{"message": "Internal server error"}'],
  [502, '{"message": "Internal server error"}'],
  [503, '{"message": "Service Unavailable"}'],
  [504, '{"message": "Endpoint request timed out"}'],
  [504, '{"code":"internal","message":"","fields":{}}'],
  [502, '{"code":"conflict","message":"","fields":{}}'],
  [503, "<html><h1>503 ERROR</h1></html>"],
  [502, '{"code":"busy","message":"","fields":{}}'],
  [200, "<html>"],
];

for (const [status, body] of ODD) {
  test(`${status} ${body} is asked again under the same key`, async (t) => {
    const { api, sent } = server(t, { status, body }, { status: 200, body: '{"id": 1}' });
    assert.deepEqual(await settled(t, api.post("/api/x", { a: 1 }, undefined, "id")), { id: 1 });
    assert.equal(sent.length, 2);
    assert.ok(sent[0].key && sent[0].key === sent[1].key);
  });
}

test("our own busy is no open outcome, and nor is 429", async (t) => {
  const { api, sent } = server(t, { status: 503, body: '{"code":"busy"}' }, { status: 429, body: '{"code":"too_many_requests"}' });
  for (const status of [503, 429]) await assert.rejects(api.post("/api/x", {}), { name: "Refused", meaning: "busy", status });
  assert.equal(sent.length, 2);
});

test("the same wish keeps its key until its outcome is known, another has its own", async (t) => {
  const lost = Array(4).fill({ status: 502, body: "" });
  const done = { status: 200, body: "{}" };
  const { api, sent } = server(t, ...lost, done, done, done);
  await assert.rejects(settled(t, api.post("/api/x", { a: 1 })), { open: true });
  await api.post("/api/x", { a: 1 });
  await api.post("/api/x", { a: 1 });
  await api.post("/api/x", { a: 2 });
  const keys = sent.map((one) => one.key);
  assert.equal(new Set(keys.slice(0, 5)).size, 1);
  assert.equal(new Set(keys).size, 3);
});

test("what is only read is not asked again by itself, and leaves nothing open", async (t) => {
  const { api, sent } = server(t, { status: 504, body: "" }, { status: 502, body: "" });
  await assert.rejects(api.get("/api/x"), { name: "Unreachable", open: false });
  await assert.rejects(api.lookUp("/api/callers", {}), { name: "Unreachable", open: false });
  assert.equal(sent.length, 2);
});

test("a server that refuses a token that was just renewed signs nobody out", async (t) => {
  const no = { status: 401, body: '{"code":"unauthenticated"}' };
  const { api } = server(t, no, no);
  await assert.rejects(api.get("/api/x"), { name: "Refused", meaning: "sign_in" });
});
