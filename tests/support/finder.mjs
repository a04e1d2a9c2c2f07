// Reads {registry, options, typed: [text]} from standard input and writes, for each text, the ids that the site's finder offers.

import { readFileSync } from "node:fs";
import { matching } from "../../admin_site/js/parts/choices.js";
import { openRegistry } from "../../admin_site/js/parts/registry.js";

const { registry, options, typed } = JSON.parse(readFileSync(0, "utf8"));
const all = openRegistry(registry)[options];
process.stdout.write(JSON.stringify(typed.map((text) => matching(all, text).map((one) => one.id))));
