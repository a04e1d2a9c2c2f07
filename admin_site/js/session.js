// Sign-in by OIDC with PKCE. The tokens live in sessionStorage, so that closing the tab ends them.
// `oidc` is the global of the npm package's browser build, loaded by the page before the modules.

import { getPublic } from "./api.js";
import { safeReturn } from "./roles.js";

const { UserManager, WebStorageStateStore } = globalThis.oidc;

export async function openSession() {
  const config = await getPublic("/api/config");
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
    userStore: store(),
    stateStore: store(),
    // Renewal here is by refresh token only: a hidden frame would need a weaker content security policy.
    automaticSilentRenew: false,
  });

  let renewing = null;
  async function renewOnce() {
    const user = await manager.getUser();
    if (!user?.refresh_token) return false;
    try {
      return Boolean(await manager.signinSilent());
    } catch {
      return false;
    }
  }
  function renew() {
    renewing ??= renewOnce().finally(() => { renewing = null; });
    return renewing;
  }
  manager.events.addAccessTokenExpiring(renew);

  async function signIn(returnTo = location.pathname + location.search) {
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
      const user = await manager.signinRedirectCallback();
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
