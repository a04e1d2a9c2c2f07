import { amendFields } from "../parts/amend-fields.js";
import { combo } from "../parts/combo.js";
import { t } from "../parts/i18n.js";
import { incidentPage, incidentParts } from "../parts/incident-page.js";
import { practiceApi } from "../parts/practice-api.js";
import { practiceGuide } from "../parts/practice-guide.js";
import { practiceWay } from "../parts/practice-way.js";
import { start } from "../parts/start.js";
import { unitPicker } from "../parts/unit-picker.js";

await start(({ api, me }) => {
  const own = practiceApi(api);
  const word = t("PRACTICE");
  const page = incidentParts(own, me, { mark: `${word} · ` });
  return {
    incident: () => incidentPage(own, page),
    practiceGuide: () => practiceGuide(api, me),
    practiceWay: () => practiceWay(api),
    combo,
    amendFields,
    unitPicker: unitPicker(own, page),
  };
});
