// Sign-in by OIDC with PKCE. The tokens live in sessionStorage, so that closing the tab ends them.
// `oidc` is the global of the npm package's browser build, loaded by the page before the modules.

import { getPublic } from "./api.js";
import { t } from "./i18n.js";
import { SignInUnanswered } from "./outcomes.js";
import { safeReturn } from "./roles.js";
import { askForTokens } from "./tokens.js";

const { User, UserManager, WebStorageStateStore } = globalThis.oidc;

// Whoever throttles us is not asked at every look at the board.
const RENEW_PAUSE_MS = 5000;

export async function openSession() {
  const config = await getPublic("/api/config", "oidc", "utc_offset_hours");
  const { authority, client_id, authorization_endpoint, token_endpoint, end_session_endpoint, jwks_uri } = config.oidc;
  const site = location.origin + (document.documentElement.lang === "en" ? "/en" : "");
  const store = () => new WebStorageStateStore({ store: window.sessionStorage });
  const manager = new UserManager({
    authority,
    client_id,
    metadata: { issuer: authority, authorization_endpoint, token_endpoint, end_session_endpoint, jwks_uri },
    redirect_uri: `${site}/signed-in.html`,
    response_type: "code",
    scope: "openid",
    // Cognito's sign-in page speaks the language that it is asked for, and without it the browser's.
    extraQueryParams: { lang: document.documentElement.lang },
    userStore: store(),
    stateStore: store(),
    // Renewal here is by refresh token only: a hidden frame would need a weaker content security policy.
    automaticSilentRenew: false,
  });

  // By hand: the library refuses a renewed token whose auth_time is another, and not every Cognito keeps the first one's.
  // False: this sign-in is over. SignInUnanswered: nobody knows, and it is kept.
  let renewing = null;
  let restsUntil = 0;
  async function renewOnce() {
    const user = await manager.getUser();
    if (!user?.refresh_token) return false;
    if (Date.now() < restsUntil) throw new SignInUnanswered();
    // Gone by without an answer, it rests; an answer of either kind ends that.
    restsUntil = Date.now() + RENEW_PAUSE_MS;
    const tokens = await askForTokens(token_endpoint, { grant_type: "refresh_token", refresh_token: user.refresh_token, client_id });
    restsUntil = 0;
    if (!tokens) return false;
    await manager.storeUser(new User({ ...user, ...tokens, expires_at: Math.floor(Date.now() / 1000) + tokens.expires_in }));
    return true;
  }
  function renew() {
    renewing ??= renewOnce().finally(() => { renewing = null; });
    return renewing;
  }
  manager.events.addAccessTokenExpiring(() => renew().catch(() => {}));

  async function signIn(returnTo = location.pathname + location.search + location.hash) {
    // Half-typed words are kept while the page still stands: once it is being left, a slow machine's browser waits half a second for it at most.
    window.dispatchEvent(new Event("leaving"));
    await manager.signinRedirect({ state: { returnTo } });
    // The page is being left; whoever waits for an answer need not hear of a failure.
    return new Promise(() => {});
  }

  return {
    config,
    renew,
    signIn,
    async token() {
      let user = await manager.getUser();
      if (user?.expired && (await renew())) user = await manager.getUser();
      return user?.id_token;
    },
    async isSignedIn() {
      const user = await manager.getUser();
      return Boolean(user && (!user.expired || (await renew())));
    },
    async finishSignIn() {
      const user = await manager.signinRedirectCallback().catch((cause) => {
        throw new Error(t("Signing in did not come to its end: try again."), { cause });
      });
      return safeReturn(user.state?.returnTo);
    },
    async signOut() {
      await manager.removeUser();
      // Cognito's sign-out takes these two and no OIDC parameter.
      const query = new URLSearchParams({ client_id, logout_uri: `${site}/index.html` });
      location.assign(`${end_session_endpoint}?${query}`);
    },
  };
}
