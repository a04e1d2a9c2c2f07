import { HOMES } from "../pages.js";
import { createApi } from "../parts/api.js";
import { openSession } from "../parts/session.js";
import { loadWording, showFailure } from "../parts/start.js";

let session = null;
try {
  await loadWording();
  session = await openSession();
  if (await session.isSignedIn()) {
    const me = await createApi(session).get("/api/me", "role");
    location.replace(HOMES[me.role]);
  } else {
    const button = document.getElementById("sign-in");
    button.addEventListener("click", () => {
      button.disabled = true;
      session.signIn();
    });
    button.disabled = false;
    document.getElementById("starting-busy").hidden = true;
  }
} catch (error) {
  showFailure(error, session);
  throw error;
}
