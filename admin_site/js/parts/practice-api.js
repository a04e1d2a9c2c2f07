// What a practice page asks the server for: the desk's own requests, each turned to the round that is the reader's alone.
// Whatever is not on this list never leaves the browser, so that nothing that is practised can reach anything real.

import { t } from "./i18n.js";
import { Refused } from "./outcomes.js";

const INCIDENT = "/api/incidents/[^/?]+";

// [method, what the page asks for, what is asked instead]
const ROUTES = [
  ["GET", "/api/registry", () => "/api/registry"],
  ["GET", "/api/dispatch/preview(\\?.*)?", (query) => `/api/practice/preview${query || ""}`],
  ["POST", "/api/calls", () => "/api/practice/calls"],
  ["GET", INCIDENT, () => "/api/practice/incident"],
  ["GET", `${INCIDENT}/candidates(\\?.*)?`, (query) => `/api/practice/candidates${query || ""}`],
  ["POST", `${INCIDENT}/assignments`, () => "/api/practice/assignments"],
  ["POST", `${INCIDENT}/assignments/([^/?]+)/status`, (crew) => `/api/practice/assignments/${crew}/status`],
  ["POST", `${INCIDENT}/cancel`, () => "/api/practice/cancel"],
].map(([method, asked, instead]) => [method, new RegExp(`^${asked}$`), instead]);

// The address to ask in practice, "" for what practice leaves out.
export function turned(method, path) {
  for (const [kind, pattern, instead] of ROUTES) {
    const found = kind === method && pattern.exec(path);
    if (found) return instead(...found.slice(1));
  }
  return "";
}

function toward(method, path) {
  const address = turned(method, path);
  if (!address) throw new Refused(409, { code: "not_in_practice", message: t("Practice leaves this out; nothing was done.") }, "refused");
  return address;
}

// Numbers of agencies stand in the registry's answer: nobody is rung from practice.
function withoutNumbers(answer) {
  return answer.agencies ? { ...answer, agencies: answer.agencies.map((each) => ({ ...each, phone: "" })) } : answer;
}

const refused = (method) => async (path) => toward(method, path);

// In the place of a page's own (api.js).
export function practiceApi(api) {
  return {
    get: async (path, ...names) => withoutNumbers(await api.get(toward("GET", path), ...names)),
    post: async (path, body, key, ...names) => api.post(toward("POST", path), body, key, ...names),
    postOnce: async (path, body, key, ...names) => api.postOnce(toward("POST", path), body, key, ...names),
    // Nobody's number is looked up: it would be on record.
    lookUp: async () => null,
    patch: refused("PATCH"),
    put: refused("PUT"),
    postOver: refused("PUT"),
    remove: refused("DELETE"),
  };
}
