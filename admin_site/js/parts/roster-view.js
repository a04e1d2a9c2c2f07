// What the grid draws of a month sheet: heads, sections, the look of each cell, and each cell as a screen reader says it.

import { t, tn, whole } from "./i18n.js";
import { cellOf } from "./roster-cells.js";
import { away, hoursOf } from "./roster-marks.js";
import { cellWord, dayWord, hourCount, markWord, MARK_SIGNS, monthOnly, monthShort, weekdayLetters } from "./roster-words.js";

const WRONG = new Set(["double", "elsewhere", "unknown"]);

export function rosterView({ sheet, today, names, label }) {
  const night = (code) => {
    const own = hoursOf(code);
    return Boolean(own) && own.stationed && own.ends > 1440;
  };
  let middle = sheet.medians();

  function kind(code) {
    if (!code) return "";
    if (!code.starts) return code.off && code.off !== "rest" ? "k-cell-leave" : "k-cell-off";
    if (code.readiness === "on_call") return "k-cell-call";
    return night(code) ? "k-cell-night" : "";
  }
  const tailColumn = (key, words, spoken) => ({ key, label: words, spoken });
  const tails = (part) => [
    tailColumn("minutes", t("Hrs"), part ? t("Hours in 12 weeks") : t("Hours in the month")),
    tailColumn("nights", t("Nts"), part ? t("Nights in 12 weeks") : t("Nights in the month")),
    tailColumn("off", t("W/H"), part ? t("Weekends and holidays in 12 weeks") : t("Weekends and holidays in the month")),
  ];

  return {
    label,
    corner: `${monthShort(sheet.month)} ${sheet.month.slice(0, 4)}`,
    columns: sheet.dates.map((day, column) => ({
      label: String(column + 1),
      above: weekdayLetters(day),
      title: names.holiday(column),
      spoken: [dayWord(day), names.holiday(column), day === today ? t("today") : "", sheet.begun(column) ? t("has begun") : ""].filter(Boolean).join(", "),
      tone: [sheet.isOff(column) && "k-day-off", day === today && "k-day-today", sheet.begun(column) && "k-day-begun"].filter(Boolean).join(" "),
    })),
    get heads() {
      const month = { label: monthOnly(sheet.month), columns: tails(false) };
      return names.hasLoad() ? [month, { label: t("12 weeks"), title: t("The twelve weeks that end with this month; ▲ ▼ lies more than 9% away from the median below the head."), columns: tails(true) }] : [month];
    },
    get sections() {
      return sheet.sections.map(({ crew, rows }) => ({
        title: crew ? crew.name : t("Without a crew"),
        aside: tn("{n} person", "{n} people", new Set(rows.map((row) => row.person_id)).size),
        note: crew?.chief_id ? t("chief {name}", { name: sheet.name(crew.chief_id) }) : "",
        rows,
      }));
    },
    rowHead(at) {
      const line = sheet.line(at);
      const place = line.unit_id ? names.unit(line.unit_id) : t("pool");
      if (sheet.isSecond(at)) return { name: `↳ ${sheet.name(line.person_id)}`, more: t("also"), sub: place, tone: `k-row-head k-row-second ${line.gone ? "k-row-gone" : ""}` };
      const bad = sheet.isElsewhere(line.person_id);
      return { name: sheet.name(line.person_id), more: [bad && t("not of this agency"), line.gone && t("taken out")].filter(Boolean).join(", "), sub: place, tone: `k-row-head ${bad ? "k-row-bad" : ""} ${line.gone ? "k-row-gone" : ""}` };
    },
    cell(at, column) {
      const line = sheet.line(at);
      const { text, by } = sheet.standing(at, column);
      const { code, unit_id: unit } = cellOf(text, line.unit_id);
      const marks = sheet.marksAt(at, column);
      const met = sheet.draft.conflict(line.id, column) !== undefined;
      const wrong = met || marks.some((each) => WRONG.has(each.kind));
      const tone = [
        text && kind(names.code(code)), by === "pattern" && "k-cell-pattern", (by === "gone" || line.gone) && "k-cell-gone",
        sheet.differs(at, column) && "k-cell-diff", wrong ? "k-cell-wrong" : marks.length && "k-cell-warn",
      ].filter(Boolean).join(" ");
      const mark = met ? "≠" : marks.length ? MARK_SIGNS[marks[0].kind] : text && unit !== line.unit_id ? "@" : "";
      return { text: code, tone, mark };
    },
    tail(at) {
      const first = sheet.saysAmount(at);
      const amounts = first ? sheet.amounts(at) : null;
      return ["month", ...(names.hasLoad() ? ["whole"] : [])].flatMap((part) =>
        ["minutes", "nights", "off"].map((what) => {
          const number = amounts?.[part]?.[what];
          if (number === undefined) return { text: "", tone: "" };
          const far = part === "whole" ? away(number, middle.whole[what]) : 0;
          const words = what === "minutes" ? hourCount(number) : whole(number);
          return { text: `${{ 1: "▲", "-1": "▼" }[far] || ""}${words}`, tone: far > 0 ? "k-tail-above" : far < 0 ? "k-tail-below" : "" };
        }),
      );
    },
    // The medians below the heads, reckoned anew.
    middles() {
      middle = sheet.medians();
      return ["month", ...(names.hasLoad() ? ["whole"] : [])].flatMap((part) => ["minutes", "nights", "off"].map((what) => {
        const number = middle[part][what];
        return number === null ? "" : what === "minutes" ? hourCount(number) : whole(number);
      }));
    },
    spoken(at, column) {
      const line = sheet.line(at);
      const { text, by } = sheet.standing(at, column);
      const met = sheet.draft.conflict(line.id, column);
      return [
        sheet.name(line.person_id), dayWord(sheet.dates[column]), cellWord(text, line, names),
        by === "pattern" && text ? t("by the pattern") : "", sheet.differs(at, column) ? t("not published") : "", sheet.open(at, column) ? "" : t("locked"),
        met === undefined ? "" : t("somebody else wrote {what}", { what: cellWord(met, line, names) }),
        ...sheet.marksAt(at, column).map((mark) => markWord(mark, names)),
      ].filter(Boolean).join(", ");
    },
  };
}
