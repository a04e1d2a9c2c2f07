import { openSession } from "../parts/session.js";
import { loadWording, showFailure } from "../parts/start.js";

let session = null;
try {
  await loadWording();
  session = await openSession();
  location.replace(await session.finishSignIn());
} catch (error) {
  showFailure(error, session);
  throw error;
}
