import assert from "node:assert/strict";
import { test } from "node:test";
import { createApi } from "../js/parts/api.js";

// A server whose answer to each address is what `now` says, with its tag, and 304 for who names that tag.
function server(t, now) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (path, { headers }) => {
    const tag = `"${now[path]}"`;
    const known = headers["If-None-Match"] === tag;
    asked.push([path, known]);
    return new Response(known ? null : JSON.stringify({ at: now[path] }), { status: known ? 304 : 200, headers: { ETag: tag } });
  });
  return { asked, api: createApi({ token: async () => "t" }, () => {}) };
}

test("what did not change is taken from what was read before, each time anew", async (t) => {
  const now = { "/api/x": 1 };
  const { api, asked } = server(t, now);
  const first = await api.get("/api/x", "at");
  first.at = "changed by the page";
  assert.deepEqual(await api.get("/api/x", "at"), { at: 1 });
  now["/api/x"] = 2;
  assert.deepEqual(await api.get("/api/x", "at"), { at: 2 });
  assert.deepEqual(await api.get("/api/x", "at"), { at: 2 });
  assert.deepEqual(asked.map(([, known]) => known), [false, true, false, true]);
});

test("one address's answer is never taken for another's, and only a few are kept", async (t) => {
  const now = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`/api/${n}`, n]));
  const { api, asked } = server(t, now);
  for (const path of Object.keys(now)) assert.deepEqual(await api.get(path, "at"), { at: now[path] });
  for (const path of Object.keys(now)) assert.deepEqual(await api.get(path, "at"), { at: now[path] });
  assert.equal(asked.length, 18);
  assert.ok(asked.filter(([, known]) => known).length <= 6);
});

test("a 304 that nobody asked for is no answer", async (t) => {
  t.mock.method(globalThis, "fetch", async () => new Response(null, { status: 304 }));
  const api = createApi({ token: async () => "t" }, () => {});
  await assert.rejects(api.get("/api/x", "at"));
});
