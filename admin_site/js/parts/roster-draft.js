// A month's draft in one browser: what the server holds, what was written over it here and not saved yet, and what of that met
// something else. No page, no network.

import { cellsText, dayOf, daysOf, textsOf } from "./roster-cells.js";

// So many cells and rows go at once.
const CELLS_MOST = 4000;
const ROWS_MOST = 200;

const rowOf = (row, days) => ({ id: row.id, person_id: row.person_id, unit_id: row.unit_id ?? null, crew_id: row.crew_id ?? null, texts: textsOf(row.cells || "", days) });
const copied = (row) => ({ ...row, texts: [...row.texts] });

export function createDraft(month, rows = []) {
  const days = daysOf(month);
  const given = rows.map((row) => rowOf(row, days));
  let base = new Map(given.map((row) => [row.id, copied(row)]));
  const own = new Map(given.map((row) => [row.id, row]));
  // "row column" → what stands on the server where something else was written here
  const conflicts = new Map();
  let sent = null; // what was sent and not answered yet, as it was sent
  const key = (id, column) => `${id} ${column}`;

  function pending() {
    if (sent) return sent;
    const found = { add: [], cells: [], drop: [] };
    for (const row of own.values()) {
      const known = base.get(row.id);
      if (!known) found.add.push({ id: row.id, person_id: row.person_id, unit_id: row.unit_id, crew_id: row.crew_id });
      if (!known && found.add.length > ROWS_MOST) {
        found.add.pop();
        continue;
      }
      for (let column = 0; column < days && found.cells.length < CELLS_MOST; column += 1) {
        const was = known ? known.texts[column] : "";
        if (was !== row.texts[column] && !conflicts.has(key(row.id, column))) found.cells.push({ row: row.id, day: dayOf(month, column), was, now: row.texts[column] });
      }
    }
    for (const [id, row] of base) if (!own.has(id) && found.drop.length < ROWS_MOST) found.drop.push({ row: id, was: cellsText(row.texts) });
    return found;
  }
  const columnOf = (day) => Number(day.slice(8)) - 1;

  function settle(id, column, stands) {
    const before = base.get(id)?.texts[column];
    if (before === undefined) return;
    base.get(id).texts[column] = stands;
    const row = own.get(id);
    if (!row) return;
    const mine = row.texts[column];
    if (mine === stands) conflicts.delete(key(id, column));
    // Whoever wrote nothing here sees what the other wrote; whoever did is asked.
    else if (mine === before && !conflicts.has(key(id, column))) row.texts[column] = stands;
    else if (before !== stands || conflicts.has(key(id, column))) conflicts.set(key(id, column), stands);
  }

  return {
    month,
    days,
    rows: () => [...own.values()],
    row: (id) => own.get(id),
    text: (id, column) => own.get(id)?.texts[column] ?? "",
    conflict: (id, column) => conflicts.get(key(id, column)),
    conflicts: () => [...conflicts].map(([name, stands]) => {
      const at = name.lastIndexOf(" ");
      return { row: name.slice(0, at), column: Number(name.slice(at + 1)), stands };
    }),

    // A step is {add: [row with texts], drop: [row with texts], cells: [{row, column, was, now}]}; what stands otherwise than
    // `was` by now is left. It gives how many cells were.
    apply(step) {
      let left = 0;
      for (const row of step.add) if (!own.has(row.id)) own.set(row.id, copied(row));
      for (const { row: id, column, was, now } of step.cells) {
        const row = own.get(id);
        if (row?.texts[column] !== was) left += 1;
        else {
          row.texts[column] = now;
          // What is written over what the other wrote is meant.
          if (conflicts.has(key(id, column)) && base.get(id)?.texts[column] === now) conflicts.delete(key(id, column));
        }
      }
      for (const row of step.drop) own.delete(row.id);
      return left;
    },
    // The next free id of a person: a first row is called as the person is, others are numbered.
    freeId(person) {
      let id = person;
      for (let number = 2; own.has(id) || base.has(id); number += 1) id = `${person}~${number}`;
      return id;
    },
    keepMine(id, column) {
      conflicts.delete(key(id, column));
    },
    takeTheirs(id, column) {
      const stands = conflicts.get(key(id, column));
      conflicts.delete(key(id, column));
      if (stands !== undefined && own.has(id)) own.get(id).texts[column] = stands;
    },

    unsaved() {
      const { add, cells, drop } = pending();
      return add.length + cells.length + drop.length;
    },
    // What is to be sent next: the very same until it is answered, whatever is typed meanwhile.
    toSend() {
      sent = pending();
      return sent;
    },
    saved(answer) {
      const met = new Map(answer.conflicts.map((each) => [`${each.row} ${each.day}`, each]));
      const done = sent || { add: [], cells: [], drop: [] };
      sent = null;
      for (const row of done.add) if (!base.has(row.id)) base.set(row.id, rowOf({ ...row, cells: "" }, days));
      for (const cell of done.cells) {
        const other = met.get(`${cell.row} ${cell.day}`);
        const column = columnOf(cell.day);
        if (!other) {
          if (base.has(cell.row)) base.get(cell.row).texts[column] = cell.now;
        } else if (base.has(cell.row)) settle(cell.row, column, other.stands);
      }
      for (const row of done.drop) {
        const other = met.get(`${row.row} `);
        if (!other) base.delete(row.row);
        else {
          // Somebody wrote into a row that was taken out here: it is back, with what stands in it.
          const back = { ...base.get(row.row), texts: textsOf(other.stands, days) };
          base.set(row.row, back);
          own.set(row.row, copied(back));
        }
      }
      return answer.conflicts.length;
    },
    refused() {
      sent = null;
    },
    // What the server holds by now, with what others wrote; what is on its way is not judged before it is answered.
    heard(fresh) {
      if (sent) return false;
      const theirs = new Map(fresh.map((row) => [row.id, rowOf(row, days)]));
      for (const [id, row] of theirs) {
        if (!base.has(id)) {
          base.set(id, copied(row));
          if (!own.has(id)) own.set(id, copied(row));
          else row.texts.forEach((stands, column) => stands !== "" && own.get(id).texts[column] !== stands && (own.get(id).texts[column] === "" ? (own.get(id).texts[column] = stands) : conflicts.set(key(id, column), stands)));
        } else row.texts.forEach((stands, column) => settle(id, column, stands));
      }
      for (const id of [...base.keys()]) {
        if (theirs.has(id)) continue;
        const unsaved = own.has(id) && own.get(id).texts.some((text, column) => text !== base.get(id).texts[column]);
        base.delete(id);
        // A row in which something is not saved yet is put back rather than lost.
        if (!unsaved) own.delete(id);
      }
      return true;
    },

    // As it is kept in the browser: only what is not saved, null for nothing.
    kept() {
      const unanswered = new Map((sent?.cells || []).map((cell) => [`${cell.row} ${cell.day}`, cell.now]));
      const before = sent;
      sent = null;
      const { add, cells, drop } = pending();
      sent = before;
      const met = [...conflicts].map(([name, stands]) => ({ name, stands }));
      if (!add.length && !cells.length && !drop.length && !met.length) return null;
      return {
        add, drop,
        cells: [...cells, ...met.map(({ name, stands }) => {
          const at = name.lastIndexOf(" ");
          const [row, column] = [name.slice(0, at), Number(name.slice(at + 1))];
          return { row, day: dayOf(month, column), was: base.get(row)?.texts[column] ?? stands, now: own.get(row)?.texts[column] ?? "", met: true };
        })].map((cell) => (unanswered.has(`${cell.row} ${cell.day}`) ? { ...cell, sent: unanswered.get(`${cell.row} ${cell.day}`) } : cell)),
      };
    },
    // Takes up what was kept, over what the server holds now.
    takeUp(given) {
      for (const row of given.add || []) if (!own.has(row.id)) own.set(row.id, rowOf({ ...row, cells: "" }, days));
      for (const { row: id, day, was, now, sent: before, met } of given.cells || []) {
        const row = own.get(id);
        const column = columnOf(day);
        if (!row || row.texts[column] === now) continue;
        const stands = row.texts[column];
        row.texts[column] = now;
        if (met || (stands !== was && stands !== before)) conflicts.set(key(id, column), stands);
      }
      for (const row of given.drop || []) if (own.has(row.row) && cellsText(base.get(row.row)?.texts || []) === row.was) own.delete(row.row);
    },
  };
}

// How a step is taken back.
export function inverse(step) {
  return { add: step.drop, drop: step.add, cells: step.cells.map(({ row, column, was, now }) => ({ row, column, was: now, now: was })) };
}
