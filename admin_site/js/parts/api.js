// Talks to /api as the person who is signed in.

import { untilKnown } from "./again.js";
import { meaningOf } from "./codes.js";
import { hear, missed } from "./line.js";
import { Refused, Unreachable } from "./outcomes.js";
import { learnServerTime } from "./time.js";

// A screen that waits longer for news shows old news; what writes may take its time, because giving up settles nothing.
const PATIENCE_MS = { GET: 8000, POST: 15000, PUT: 15000, PATCH: 15000, DELETE: 15000 };

// Of how many addresses the last answer is kept, to be taken again when the server says that it is still so.
const KEPT_MOST = 6;

// Half an emoji, cut off by a field's end or a slip of the finger, is no text that a server could read.
function wellFormed(name, value) {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

async function send(method, path, { body, key, token, tag, version } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (tag) headers["If-None-Match"] = tag;
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS[method]) };
  if (body !== undefined) options.body = JSON.stringify(body, wellFormed);
  const sentMs = Date.now();
  try {
    const response = await fetch(path, options);
    learnServerTime(response.headers.get("Date"), sentMs, Date.now());
    const text = await response.text();
    return { response, text, answer: response.status === 304 ? {} : parse(text, response.ok) };
  } catch (error) {
    throw new Unreachable({ open: method !== "GET", cause: error });
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
function holding(answer, names, open = false) {
  if (names.every((name) => answer[name] !== undefined)) return answer;
  throw new Unreachable({ open, cause: new TypeError(`an answer without ${names}`) });
}

function outcome(method, { response, answer }) {
  if (response.ok) return answer;
  const meaning = meaningOf(response.status, answer.code);
  if (meaning === "unknown") throw new Unreachable({ open: method !== "GET", code: answer.code });
  throw new Refused(response.status, answer, meaning);
}

export async function getPublic(path, ...names) {
  return holding(outcome("GET", await send("GET", path)), names);
}

// `session` gives tokens, renews them once when the server refuses one, and else sends the person to the sign-in page.
// `told` hears true when it is open whether something was carried out, and false when that ends.
export function createApi(session, told) {
  // The keys of what may have been carried out, by request: whoever wants the very same again means the same.
  const open = new Map();
  // What was last read of an address, with its tag: a page asks for the same every few seconds, and mostly nothing is new.
  const kept = new Map();

  async function read(path) {
    const last = kept.get(path);
    const sent = await authorised("GET", path, { tag: last?.tag });
    if (last && sent.response.status === 304) return JSON.parse(last.text);
    const answer = outcome("GET", sent);
    keep(path, sent);
    return answer;
  }
  function keep(path, { response, text }) {
    kept.delete(path);
    const tag = response.headers.get("ETag");
    if (tag) kept.set(path, { tag, text });
    if (kept.size > KEPT_MOST) kept.delete(kept.keys().next().value);
  }
  async function authorised(method, path, options = {}) {
    let sent = await send(method, path, { ...options, token: await session.token() });
    if (sent.response.status === 401) {
      if (!(await session.renew())) await session.signIn();
      sent = await send(method, path, { ...options, token: await session.token() });
    }
    return sent;
  }
  async function request(method, path, options) {
    try {
      const answer = method === "GET" ? await read(path) : outcome(method, await authorised(method, path, options));
      hear(path, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof Refused)) missed(path, error);
      throw error;
    }
  }
  async function write(method, path, body, names, { key, version } = {}) {
    const wish = `${method} ${path} ${version} ${JSON.stringify(body)}`;
    const own = key || open.get(wish) || newKey();
    try {
      const answer = await untilKnown(async () => holding(await request(method, path, { body, key: own, version }), names, true), told);
      open.delete(wish);
      return answer;
    } catch (error) {
      if (error.open) open.set(wish, own);
      else if (error.meaning === "refused") open.delete(wish);
      throw error;
    }
  }
  async function lookUp(path, body, names) {
    try {
      return holding(await request("POST", path, { body }), names);
    } catch (error) {
      throw error.open ? new Unreachable({ code: error.code, cause: error }) : error;
    }
  }
  return {
    // `names`: what the answer must hold.
    get: async (path, ...names) => holding(await request("GET", path), names),
    // Asks for the same again, under one key, while it is not known whether it was carried out.
    post: (path, body, key, ...names) => write("POST", path, body, names, { key }),
    patch: (path, body, key, ...names) => write("PATCH", path, body, names, { key }),
    // Over the version that was read: the server refuses when somebody else wrote another meanwhile.
    put: (path, body, version, ...names) => write("PUT", path, body, names, { version }),
    postOver: (path, body, version, ...names) => write("POST", path, body, names, { version }),
    // `body` says why, or nothing.
    remove: (path, body, ...names) => write("DELETE", path, body, names),
    // For who asks again by himself.
    postOnce: async (path, body, key, ...names) => holding(await request("POST", path, { body, key }), names, true),
    // A question that no address may hold; nothing is saved by it.
    lookUp: (path, body, ...names) => lookUp(path, body, names),
  };
}

export function newKey() {
  return crypto.randomUUID();
}
