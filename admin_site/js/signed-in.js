import { openSession } from "./session.js";
import { loadWording, showFailure } from "./start.js";

await loadWording();
let session = null;
try {
  session = await openSession();
  location.replace(await session.finishSignIn());
} catch (error) {
  showFailure(error, session);
  throw error;
}
