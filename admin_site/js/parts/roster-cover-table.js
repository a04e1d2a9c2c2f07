// Coverage below the sheet: asked for whenever the draft has been saved, and drawn in the sheet's own columns without Alpine.

import { failureWord, notLoadedWord } from "./fields.js";
import { t } from "./i18n.js";
import { gapsOf, joined, placesByDay, sectionsOf } from "./roster-coverage.js";
import { dayOf, shiftedDay } from "./roster-cells.js";
import { atWord, shortDayWord } from "./roster-words.js";

const WEEK = 7;
const SETTLED_MS = 1500;
const AGAIN_MS = 15000;

// `asks`: api, path (of the sheet), agency, month, days, today, sheet (the box in which it scrolls), mayWrite, tone(column), tails (how many columns end a row),
// told({gaps, words, failed}).
export function createCoverage(host, asks) {
  let timer = 0;
  let run = 0;
  let drawn = null;

  // What stands in one column stays in it.
  const along = (one, other) => one.addEventListener("scroll", () => {
    if (other.scrollLeft !== one.scrollLeft) other.scrollLeft = one.scrollLeft;
  });
  along(host, asks.sheet);
  along(asks.sheet, host);

  // A while after what was done last.
  function soon(ms = SETTLED_MS) {
    clearTimeout(timer);
    timer = setTimeout(load, ms);
  }
  async function load() {
    clearTimeout(timer);
    const own = (run += 1);
    const [first, last] = [asks.today > dayOf(asks.month, 0) ? asks.today : dayOf(asks.month, 0), dayOf(asks.month, asks.days - 1)];
    if (first > last) return asks.told({ over: true, gaps: 0, words: t("This month is over."), failed: false });
    asks.told({ gaps: drawn ? gapsOf(drawn) : 0, words: drawn ? t("Being reckoned anew…") : t("Being reckoned…"), failed: false });
    try {
      const found = asks.mayWrite ? await ofDraft(first, last, own) : await kept(first);
      if (!found || own !== run) return;
      drawn = found.whole;
      draw();
      asks.told({ gaps: gapsOf(drawn), words: found.words, failed: false });
      if (found.renewing) soon(AGAIN_MS);
    } catch (error) {
      if (!["Refused", "Unreachable", "SignInUnanswered"].includes(error.name)) throw error;
      if (own === run) asks.told({ gaps: drawn ? gapsOf(drawn) : 0, words: drawn ? t("This is older than the sheet: {why}", { why: failureWord(error) }) : notLoadedWord(failureWord(error)), failed: true });
    }
  }
  // A week at a time; whoever writes meanwhile begins anew.
  async function ofDraft(first, last, own) {
    const parts = [];
    for (let day = first; day <= last; day = shiftedDay(day, WEEK)) {
      parts.push(await asks.api.get(`${asks.path}/coverage?from=${day}&days=${WEEK}`, "stretches", "plans", "answers"));
      if (own !== run) return null;
    }
    return { whole: joined(parts), words: t("As the draft stands, published from tomorrow on."), renewing: false };
  }
  async function kept(first) {
    const answer = await asks.api.get(`/api/duty/coverage?agency_id=${encodeURIComponent(asks.agency)}&from=${first}&days=31`, "stretches", "plans", "answers");
    const until = answer.until_day && answer.until_day < dayOf(asks.month, asks.days - 1) ? t("Reckoned until {day}.", { day: shortDayWord(answer.until_day) }) : "";
    const state = !answer.at ? t("Being reckoned…") : answer.renewing ? t("As of {at}; being reckoned anew.", { at: atWord(answer.at) }) : t("As of {at}.", { at: atWord(answer.at) });
    return { whole: joined([answer]), words: [state, until].filter(Boolean).join(" "), renewing: answer.renewing };
  }

  const make = (tag, className = "", text = "") => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  function draw() {
    if (!drawn) return;
    const dates = Array.from({ length: asks.days }, (_, column) => dayOf(asks.month, column));
    const places = placesByDay(drawn, dates);
    const table = make("table", "k-cover");
    table.append(make("caption", "visually-hidden", t("What the month leaves without an answer")));
    const columns = make("colgroup");
    const end = make("col", "k-cover-end-column");
    end.span = asks.tails;
    columns.append(make("col", "k-cover-names"), ...dates.map(() => make("col")), end);
    const head = make("tr");
    head.append(make("th", "k-cover-corner", t("Day")), ...dates.map((day, column) => headOf(day, column)), wide(make("th", "k-cover-end", t("In all")), asks.tails));
    const thead = make("thead");
    thead.append(head);
    table.append(columns, thead, ...sectionsOf(drawn, shortDayWord).map((section) => sectionBody(section, dates, places)));
    host.replaceChildren(table);
  }
  function headOf(day, column) {
    const cell = make("th", asks.tone(column), String(column + 1));
    cell.scope = "col";
    cell.setAttribute("aria-label", shortDayWord(day));
    return cell;
  }
  const wide = (cell, columns) => Object.assign(cell, { colSpan: columns });
  function sectionBody(section, dates, places) {
    const body = make("tbody");
    const title = make("tr", "k-cover-section");
    const name = make("th", "", section.title);
    name.scope = "rowgroup";
    title.append(name, wide(make("td", "", section.note), dates.length + asks.tails));
    body.append(title);
    for (const row of section.rows) {
      const line = make("tr");
      line.id = `cover-${row.id}`;
      const head = make("th");
      head.scope = "row";
      head.append(make("span", "", row.name), make("small", "", row.aside));
      line.append(head, ...dates.map((_, column) => dayCell(row, places[column], column)), wide(make("td", `k-cover-end ${row.bad ? `k-cover-${row.bad}-word` : ""}`, row.end), asks.tails));
      body.append(line);
      if (row.reasons.length) body.append(reasonsRow(row, dates.length + asks.tails));
    }
    return body;
  }
  function dayCell(row, places, column) {
    const cell = make("td", asks.tone(column));
    const small = places.length > 2 || places.some((at) => row.cells[at]?.sign.length > 1);
    const signs = make("div", small ? "k-cover-many" : "");
    for (const at of places) {
      const known = row.cells[at];
      if (!known) continue;
      const sign = make("span", known.tone, known.sign);
      if (known.tone) {
        sign.title = known.spoken;
        sign.setAttribute("role", "img");
        sign.setAttribute("aria-label", known.spoken);
      }
      signs.append(sign);
    }
    cell.append(signs);
    return cell;
  }
  function reasonsRow(row, columns) {
    const line = make("tr", "k-cover-why");
    const cell = wide(make("td"), columns);
    const box = make("div");
    for (const reason of row.reasons) {
      const words = make("p", ["unanswered", "short"].includes(reason.kind) ? "k-cover-gap-word" : "");
      words.append(make("b", "", `${reason.sign} ${reason.when}`), `: ${reason.words}`);
      box.append(words);
    }
    cell.append(box);
    line.append(make("td", "k-cover-corner"), cell);
    return line;
  }

  return { load, soon, draw };
}
