// What is pasted into a month sheet from a spreadsheet: codes alone go where somebody stands, a list with names to its people.

import { fold } from "./spelling.js";

const name = (text) => fold(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// The column in which most texts are names of people; -1 if none has two of them, or one and nothing else.
function nameColumn(rows, people) {
  const width = Math.max(0, ...rows.map((row) => row.length));
  let [best, most] = [-1, 0];
  for (let column = 0; column < width; column += 1) {
    const count = rows.filter((row) => people.has(name(row[column] ?? ""))).length;
    if (count > most) [best, most] = [column, count];
  }
  return most > 0 ? best : -1;
}

// Of which column of the sheet each pasted column is: by a heading with the days, or since there is one of each day after the names.
function dayColumns(rows, names, days, isCode) {
  const numbers = (row) => row.map((text) => (/^\s*0?\d{1,2}\s*$/.test(text) ? Number(text) : 0));
  for (const row of rows) {
    const found = numbers(row);
    const first = found.findIndex((number, at) => at > names && number >= 1 && found[at + 1] === number + 1);
    if (first === -1) continue;
    return new Map(found.map((number, at) => [at, number - 1]).filter(([at, column]) => at >= first && column >= 0 && column < days && column - (found[first] - 1) === at - first));
  }
  const width = Math.max(...rows.map((row) => row.length));
  // Between the names and the days a spreadsheet may have a unit, a rank, a number.
  const blankOrCode = (at) => rows.every((row) => !row[at]?.trim() || isCode(row[at]));
  for (let first = names + 1; first + days <= width; first += 1) {
    const all = Array.from({ length: days }, (_, n) => first + n);
    if (all.every(blankOrCode)) return new Map(all.map((at, n) => [at, n]));
  }
  return null;
}

// null if no names are in it: then it goes where somebody stands. Else {lines: [{row, cells: [{column, text}]}], unknown: [name],
// twice: [name], noDays}. `rows` are the sheet's, each with its person's name.
export function readNamed(pasted, rows, days, isCode) {
  const people = new Map();
  for (const row of rows) people.set(name(row.name), [...(people.get(name(row.name)) || []), row]);
  people.delete("");
  const names = nameColumn(pasted, people);
  if (names === -1) return null;
  const columns = dayColumns(pasted, names, days, isCode);
  const found = { lines: [], unknown: [], twice: [], noDays: !columns };
  if (!columns) return found;
  const used = new Set();
  for (const line of pasted) {
    const said = name(line[names] ?? "");
    const filled = [...columns.keys()].some((at) => line[at]?.trim() && isCode(line[at]));
    if (!said || !/\p{L}/u.test(said)) continue;
    const known = people.get(said) || [];
    if (!known.length) {
      if (filled) found.unknown.push(line[names].trim());
      continue;
    }
    // The second line of a person is of the person's second row; two people of one name are told apart by nobody.
    const own = known.filter((row) => row.person_id === known[0].person_id);
    const row = own.length === known.length ? own.find((each) => !used.has(each.id)) : null;
    if (!row) {
      found.twice.push(line[names].trim());
      continue;
    }
    used.add(row.id);
    found.lines.push({ row, cells: [...columns].map(([at, column]) => ({ column, text: line[at] ?? "" })) });
  }
  return found;
}
