// Talks to /api as the person who is signed in.

import { hear } from "./silence.js";
import { learnServerTime } from "./time.js";

// A screen that waits longer for news shows old news; what writes may take its time, because giving up settles nothing.
const PATIENCE_MS = { GET: 8000, POST: 15000, DELETE: 15000 };

export class Refused extends Error {
  constructor(status, body) {
    super(body.message || "");
    this.name = "Refused";
    this.status = status;
    this.code = body.code || "";
    this.fields = body.fields || {};
    this.faults = body.faults || [];
  }
}

// No answer came: nobody knows whether the request was carried out.
export class Unreachable extends Error {
  constructor(cause) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

// Half an emoji, cut off by a field's end or a slip of the finger, is no text that a server could read.
function wellFormed(name, value) {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

async function send(method, path, { body, key, token } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS[method]) };
  if (body !== undefined) options.body = JSON.stringify(body, wellFormed);
  const sentMs = Date.now();
  try {
    const response = await fetch(path, options);
    learnServerTime(response.headers.get("Date"), sentMs, Date.now());
    const text = await response.text();
    return { response, answer: parse(text, response.ok) };
  } catch (error) {
    throw new Unreachable(error);
  }
}

// A proxy's error page is no JSON, and its status says enough; of success it says nothing: every answer of ours is an object.
function parse(text, ok) {
  try {
    const answer = JSON.parse(text);
    if (answer && typeof answer === "object") return answer;
  } catch (error) {
    if (ok) throw error;
  }
  if (ok) throw new TypeError("no answer of ours");
  return {};
}

// An answer without what was asked for says nothing either: it is never taken for an empty list.
function holding(answer, names) {
  if (names.every((name) => answer[name] !== undefined)) return answer;
  throw new Unreachable(new TypeError(`an answer without ${names}`));
}

export async function getPublic(path, ...names) {
  const { response, answer } = await send("GET", path);
  if (!response.ok) throw new Refused(response.status, answer);
  return holding(answer, names);
}

// `session` gives tokens, renews them once when the server refuses one, and else sends the person to the sign-in page.
export function createApi(session) {
  async function request(method, path, options = {}) {
    let { response, answer } = await send(method, path, { ...options, token: await session.token() });
    if (response.status === 401 && (await session.renew())) {
      ({ response, answer } = await send(method, path, { ...options, token: await session.token() }));
    }
    if (response.status === 401) await session.signIn();
    // A gateway that gives up on the server leaves the outcome as unknown as a broken line does.
    if (response.status >= 502 && response.status <= 504 && !answer.code) throw new Unreachable();
    if (!response.ok) throw new Refused(response.status, answer);
    hear(answer);
    return answer;
  }
  return {
    // `names`: what the answer must hold.
    get: async (path, ...names) => holding(await request("GET", path), names),
    post: async (path, body, key, ...names) => holding(await request("POST", path, { body, key }), names),
    remove: async (path, ...names) => holding(await request("DELETE", path), names),
  };
}

export function newKey() {
  return crypto.randomUUID();
}
