import assert from "node:assert/strict";
import { test } from "node:test";
import { askForTokens } from "../js/parts/tokens.js";

function answered(t, status, body) {
  t.mock.method(globalThis, "fetch", async () => new Response(body, { status }));
  return askForTokens("https://sign-in.test/oauth2/token", { grant_type: "refresh_token" });
}

const TOKENS = { id_token: "i", access_token: "a", expires_in: 3600 };

test("tokens are what they are", async (t) => {
  assert.deepEqual(await answered(t, 200, JSON.stringify(TOKENS)), TOKENS);
});

for (const [status, body] of [[400, '{"error":"invalid_grant"}'], [401, '{"error":"invalid_client"}'], [400, ""]]) {
  test(`the sign-in is over with ${status} ${body}`, async (t) => assert.equal(await answered(t, status, body), null));
}

for (const [status, body] of [
  [429, '{"error":"too_many_requests"}'], [500, ""], [502, "<html>"], [503, '{"message":"Service Unavailable"}'], [504, ""],
  [403, "<html>Request blocked</html>"], [404, ""], [200, "<html>"], [200, "{}"], [200, '{"id_token":"i"}'],
]) {
  test(`${status} ${body} says nothing of the sign-in`, async (t) => assert.rejects(answered(t, status, body), { name: "SignInUnanswered" }));
}

test("no answer says nothing of the sign-in", async (t) => {
  t.mock.method(globalThis, "fetch", async () => { throw new TypeError("Failed to fetch"); });
  await assert.rejects(askForTokens("https://sign-in.test", {}), { name: "SignInUnanswered" });
});
