import { combo } from "../parts/combo.js";
import { deskPage } from "../parts/desk-page.js";
import { start } from "../parts/start.js";

await start(({ api, me }) => ({ desk: () => deskPage(api, me), combo }));
