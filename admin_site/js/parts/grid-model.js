// What a spreadsheet's keys and clipboard do, without a page: where somebody stands, what is selected, what is pasted, what is
// undone. Rows and columns are counted from 0.

const PAGE_ROWS = 10;

// A selection runs from where somebody stands (row, column) to its other corner (toRow, toColumn).
export function standing(row, column) {
  return { row, column, toRow: row, toColumn: column };
}

// Its corners in order: {top, left, bottom, right}, all within it.
export function spanOf({ row, column, toRow, toColumn }) {
  return { top: Math.min(row, toRow), left: Math.min(column, toColumn), bottom: Math.max(row, toRow), right: Math.max(column, toColumn) };
}

export function isOne(selection) {
  return selection.row === selection.toRow && selection.column === selection.toColumn;
}

export function within(selection, size) {
  const row = (at) => Math.max(0, Math.min(at, size.rows - 1));
  const column = (at) => Math.max(0, Math.min(at, size.columns - 1));
  return { row: row(selection.row), column: column(selection.column), toRow: row(selection.toRow), toColumn: column(selection.toColumn) };
}

// Where a key goes from `at` ({row, column}); null for a key that goes nowhere.
function target(at, size, key, ctrl) {
  const [lastRow, lastColumn] = [size.rows - 1, size.columns - 1];
  const { row, column } = at;
  switch (key) {
    case "ArrowUp": return { row: ctrl ? 0 : row - 1, column };
    case "ArrowDown": return { row: ctrl ? lastRow : row + 1, column };
    case "ArrowLeft": return { row, column: ctrl ? 0 : column - 1 };
    case "ArrowRight": return { row, column: ctrl ? lastColumn : column + 1 };
    case "Home": return { row: ctrl ? 0 : row, column: 0 };
    case "End": return { row: ctrl ? lastRow : row, column: lastColumn };
    case "PageUp": return { row: row - PAGE_ROWS, column };
    case "PageDown": return { row: row + PAGE_ROWS, column };
    default: return null;
  }
}

// The selection after a key: with shift its other corner moves, without it who stands there does.
export function moved(selection, size, { key, ctrl = false, shift = false }) {
  const from = shift ? { row: selection.toRow, column: selection.toColumn } : selection;
  const to = target(from, size, key, ctrl);
  if (!to) return null;
  return within(shift ? { ...selection, toRow: to.row, toColumn: to.column } : standing(to.row, to.column), size);
}

export function all(size) {
  return { row: 0, column: 0, toRow: size.rows - 1, toColumn: size.columns - 1 };
}

// Every cell of a selection as [row, column], row by row.
export function cellsOf(selection) {
  const { top, left, bottom, right } = spanOf(selection);
  const found = [];
  for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) found.push([row, column]);
  return found;
}

// What the clipboard holds of a spreadsheet: rows of texts. A cell in quotes may hold tabs, line ends and doubled quotes.
export function readTsv(text) {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "" && closes(source, at)) quoted = true;
    else if (sign === "\t" || sign === "\n") {
      row.push(cell);
      cell = "";
      if (sign === "\n") {
        rows.push(row);
        row = [];
      }
    } else cell += sign;
  }
  // A line end after the last row is none of a row more.
  if (cell !== "" || row.length) rows.push([...row, cell]);
  return rows;
}

// A quotation mark opens a cell only if another one ends it: a single one is what somebody wrote.
function closes(source, from) {
  for (let at = source.indexOf('"', from + 1); at !== -1; at = source.indexOf('"', at + 1)) {
    if (source[at + 1] === '"') at += 1;
    else return source[at + 1] === undefined || source[at + 1] === "\t" || source[at + 1] === "\n";
  }
  return false;
}

export function writeTsv(rows) {
  const cell = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

// Where pasted texts go: {cells: [{row, column, text}], outside: how many that say something found no place}. One text fills all
// that is selected, a block that fits into the selection so many times is repeated in it.
export function placed(selection, rows, size) {
  const { top, left, bottom, right } = spanOf(selection);
  const [height, width] = [rows.length, Math.max(0, ...rows.map((row) => row.length))];
  const [tall, wide] = [bottom - top + 1, right - left + 1];
  const repeats = height > 0 && width > 0 && tall % height === 0 && wide % width === 0;
  const [rowsWanted, columnsWanted] = repeats ? [tall, wide] : [height, width];
  const cells = [];
  let outside = 0;
  for (let down = 0; down < rowsWanted; down += 1) {
    for (let across = 0; across < columnsWanted; across += 1) {
      const text = rows[down % height][across % width] ?? "";
      if (top + down < size.rows && left + across < size.columns) cells.push({ row: top + down, column: left + across, text });
      else if (text.trim()) outside += 1;
    }
  }
  return { cells, outside };
}

// What was done, each with how it is taken back; what is done anew ends what could be done again.
export function createHistory(most = 200) {
  let done = [];
  let undone = [];
  return {
    did(step) {
      done = [...done, step].slice(-most);
      undone = [];
    },
    undo() {
      const step = done.pop() || null;
      if (step) undone.push(step);
      return step;
    },
    redo() {
      const step = undone.pop() || null;
      if (step) done.push(step);
      return step;
    },
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
  };
}

// What dragging a selection's corner to `target` ({row, column}) fills: the selection goes on in the direction that is farther.
export function stretched(selection, target) {
  const { top, left, bottom, right } = spanOf(selection);
  const down = Math.max(0, target.row - bottom, top - target.row);
  const across = Math.max(0, target.column - right, left - target.column);
  if (!down && !across) return { row: top, column: left, toRow: bottom, toColumn: right };
  if (down >= across) return { row: Math.min(top, target.row), column: left, toRow: Math.max(bottom, target.row), toColumn: right };
  return { row: top, column: Math.min(left, target.column), toRow: bottom, toColumn: Math.max(right, target.column) };
}

// The texts of a selection repeated over the larger one around it, without its own cells: [{row, column, text}].
export function repeated(selection, around, textOf) {
  const { top, left, bottom, right } = spanOf(selection);
  const [tall, wide] = [bottom - top + 1, right - left + 1];
  const turn = (at, from, length) => from + ((((at - from) % length) + length) % length);
  return cellsOf(around)
    .filter(([row, column]) => row < top || row > bottom || column < left || column > right)
    .map(([row, column]) => ({ row, column, text: textOf(turn(row, top, tall), turn(column, left, wide)) }));
}
