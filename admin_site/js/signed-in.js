import { failureWord } from "./fields.js";
import { openSession } from "./session.js";
import { loadWording, showFailure } from "./start.js";

await loadWording();
try {
  const session = await openSession();
  location.replace(await session.finishSignIn());
} catch (error) {
  showFailure(failureWord(error));
  throw error;
}
