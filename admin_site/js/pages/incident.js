import { amendFields } from "../parts/amend-fields.js";
import { combo } from "../parts/combo.js";
import { incidentPage, incidentParts } from "../parts/incident-page.js";
import { start } from "../parts/start.js";
import { unitPicker } from "../parts/unit-picker.js";

await start(({ api, me }) => {
  const page = incidentParts(api, me);
  return { incident: () => incidentPage(api, page), combo, amendFields, unitPicker: unitPicker(api, page) };
});
