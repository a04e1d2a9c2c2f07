// Asks the sign-in server for tokens. Only its 400 and 401 end a sign-in (RFC 6749, 5.2): a throttle (429), a fault (5xx), a
// firewall (403), a broken answer or none say nothing of it.

import { SignInUnanswered } from "./outcomes.js";

const PATIENCE_MS = 10000;
const ENDED = [400, 401];

// null: the sign-in is over. SignInUnanswered: nobody knows.
export async function askForTokens(endpoint, grant) {
  try {
    const response = await fetch(endpoint, { method: "POST", body: new URLSearchParams(grant), signal: AbortSignal.timeout(PATIENCE_MS) });
    if (ENDED.includes(response.status)) return null;
    const tokens = await response.json();
    if (response.ok && tokens.id_token && tokens.expires_in > 0) return tokens;
    throw new TypeError(`the sign-in server answered ${response.status}`);
  } catch (error) {
    throw new SignInUnanswered(error);
  }
}
