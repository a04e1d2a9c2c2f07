// Nothing that is practised may reach anything real: what the list does not turn never leaves.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { practiceApi, turned } from "../js/parts/practice-api.js";

function recorder() {
  const asked = [];
  const note = (method) => async (path) => {
    asked.push([method, path]);
    return { agencies: [{ id: "damkar", phone: "+62811000999" }] };
  };
  return { asked, api: { get: note("GET"), post: note("POST"), postOnce: note("POST"), lookUp: note("POST"), patch: note("PATCH"), put: note("PUT"), postOver: note("POST"), remove: note("DELETE") } };
}

test("what the desk's pages do in practice goes to practice", () => {
  assert.equal(turned("POST", "/api/calls"), "/api/practice/calls");
  assert.equal(turned("GET", "/api/dispatch/preview?type=fire"), "/api/practice/preview?type=fire");
  assert.equal(turned("GET", "/api/incidents/01K"), "/api/practice/incident");
  assert.equal(turned("GET", "/api/incidents/01K/candidates?instead_of=a"), "/api/practice/candidates?instead_of=a");
  assert.equal(turned("POST", "/api/incidents/01K/assignments"), "/api/practice/assignments");
  assert.equal(turned("POST", "/api/incidents/01K/assignments/a1/status"), "/api/practice/assignments/a1/status");
  assert.equal(turned("POST", "/api/incidents/01K/cancel"), "/api/practice/cancel");
});

test("every address that any module writes to is turned to practice or does not leave", async () => {
  const folder = new URL("../js/parts/", import.meta.url);
  const sources = readdirSync(folder).filter((name) => !name.startsWith("practice-")).map((name) => readFileSync(new URL(name, folder), "utf8"));
  const named = new Set(sources.join("\n").match(/\/api\/[\w/${}().-]+/g));
  assert.ok(named.size > 20);
  const { api, asked } = recorder();
  const own = practiceApi(api);
  for (const address of [...named, "/api/incidents/01K/close", "/api/incidents/01K/notes", "/api/incidents/01K/amendments/preview", "/api/drills", "/api/calls?x=1"]) {
    for (const method of ["post", "postOnce", "patch", "put", "postOver", "remove", "lookUp"]) await own[method](address, {}).catch((error) => assert.equal(error.code, "not_in_practice"));
  }
  assert.ok(asked.length > 0);
  for (const [, path] of asked) assert.match(path, /^\/api\/practice\//);
});

test("a question that practice does not know is not asked", async () => {
  const { api, asked } = recorder();
  const own = practiceApi(api);
  for (const path of ["/api/incidents?state=open", "/api/incidents/01K/secret", "/api/handovers", "/api/registry/personnel", "/api/past/calls"]) {
    await assert.rejects(own.get(path), { code: "not_in_practice" });
  }
  assert.deepEqual(asked, []);
});

test("nobody's number is there to be rung or looked up", async () => {
  const { api, asked } = recorder();
  const own = practiceApi(api);
  const { agencies } = await own.get("/api/registry", "agencies");
  assert.deepEqual(agencies, [{ id: "damkar", phone: "" }]);
  assert.equal(await own.lookUp("/api/callers", { number: "0811" }), null);
  assert.deepEqual(asked, [["GET", "/api/registry"]]);
});
