import { combo } from "../parts/combo.js";
import { deskPage } from "../parts/desk-page.js";
import { practiceApi } from "../parts/practice-api.js";
import { practiceGuide } from "../parts/practice-guide.js";
import { practiceWay } from "../parts/practice-way.js";
import { start } from "../parts/start.js";

// An unsent call of practice must never come back in the real form.
const OWN = { keptAs: "kentongan.practice.draft", incident: "practice-incident.html" };

await start(({ api, me }) => ({
  // Nothing is handed to a colleague, and nothing that was handed shows here.
  desk: () => Object.assign(deskPage(practiceApi(api), me, OWN), { mayHandOver: () => false, recallGiven() {} }),
  practiceGuide: () => practiceGuide(api, me),
  practiceWay: () => practiceWay(api),
  combo,
}));
