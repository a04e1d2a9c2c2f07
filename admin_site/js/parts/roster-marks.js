// What must be said at a cell of a month sheet, and what a month amounts to: hours, nights, duties on days that others have off.

import { cellOf, dayOf, shiftedDay } from "./roster-cells.js";

const DAY_MIN = 1440;
// A night is a shift that covers this hour: nobody argues about when a night begins.
const NIGHT_AT_MIN = 2 * 60;

const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

// The hours of a code in minutes from the midnight at which its day begins; null of one that says that somebody is off.
export function hoursOf(code) {
  if (!code?.starts || !code.ends) return null;
  const [starts, ends] = [minutes(code.starts), minutes(code.ends)];
  return { starts, ends: ends > starts ? ends : ends + DAY_MIN, stationed: code.readiness !== "on_call" };
}

function isNight({ starts, ends }) {
  return [NIGHT_AT_MIN, NIGHT_AT_MIN + DAY_MIN].some((at) => starts <= at && at < ends);
}

// A person's duties of a month in order: {column, row, starts, ends, stationed}, in minutes from the month's beginning.
export function dutiesOf(rows, codes) {
  const hours = new Map(codes.map((code) => [code.code, hoursOf(code)]));
  const found = [];
  for (const row of rows) {
    row.texts.forEach((text, column) => {
      const own = text && hours.get(cellOf(text, row.unit_id).code);
      if (own) found.push({ column, row: row.id, starts: column * DAY_MIN + own.starts, ends: column * DAY_MIN + own.ends, stationed: own.stationed });
    });
  }
  return found.sort((a, b) => a.starts - b.starts || a.ends - b.ends);
}

// {minutes, nights, off}: `off` are duties that start on a day that others have off.
export function amountOf(duties, isOff) {
  const found = { minutes: 0, nights: 0, off: 0 };
  for (const duty of duties) {
    found.minutes += duty.ends - duty.starts;
    const begins = duty.column * DAY_MIN;
    if (isNight({ starts: duty.starts - begins, ends: duty.ends - begins })) found.nights += 1;
    if (isOff(duty.column)) found.off += 1;
  }
  return found;
}

// Marks by row and column of one person: double duty, too little rest, a certificate that has ended. `endedBefore`: when the last
// duty before the month ends, in minutes from its beginning.
export function marksOf(rows, codes, { month, restHours, certificates = [], endedBefore = null }) {
  const duties = dutiesOf(rows, codes);
  const marks = new Map();
  const mark = (duty, kind, more) => {
    const key = `${duty.row} ${duty.column}`;
    marks.set(key, [...(marks.get(key) || []), { kind, ...more }]);
  };
  let last = endedBefore === null ? null : { ends: endedBefore, stationed: true };
  duties.forEach((duty, at) => {
    const double = duties.filter((other, n) => n !== at && other.starts < duty.ends && duty.starts < other.ends);
    if (double.length) mark(duty, "double", { columns: double.map((other) => other.column) });
    // Whoever is at home on call rests.
    else if (duty.stationed && last?.stationed && duty.starts - last.ends < restHours * 60) mark(duty, "rest", { hours: Math.max(0, Math.floor((duty.starts - last.ends) / 60)) });
    if (duty.stationed && (!last || duty.ends > last.ends)) last = duty;
    const ended = certificates.filter((each) => each.expires_on && each.expires_on < dayOf(month, duty.column) && each.expires_on >= shiftedDay(dayOf(month, 0), -1));
    if (ended.length) mark(duty, "certificate", { certificates: ended });
  });
  return marks;
}

// The middle of some numbers, the lower of two; null of none.
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)] : null;
}

// Where something lies more than nine per cent away from the median: 1 above, -1 below, else 0.
export function away(number, middle) {
  if (middle === null || Math.abs(number - middle) <= middle * 0.09) return 0;
  return number > middle ? 1 : -1;
}
