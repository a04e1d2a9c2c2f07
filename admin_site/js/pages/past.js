import { past } from "../parts/past.js";
import { ringBackDialog } from "../parts/past-ring-back.js";
import { reopenDialog } from "../parts/past-reopen.js";
import { start } from "../parts/start.js";

await start(({ api, me }) => ({
  past: () => past(api, me),
  ringBackDialog: () => ringBackDialog(api),
  reopenDialog: () => reopenDialog(api),
}));
