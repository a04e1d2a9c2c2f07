// A table that is filled in as a spreadsheet is, drawn without Alpine: a month of three hundred people is nine thousand cells.
//
// `asks` tells what stands where, and is told what is to be written:
//   columns: [{label, spoken, tone}], heads: [{label, title, columns: [{key, label, spoken}]}] at the end of each row
//   sections: [{title, note, aside, rows: [row]}]; rows are counted over all sections
//   rowHead(row) → {name, more, sub, tone}, cell(row, column) → {text, tone, mark}, tail(row) → [{text, tone}]
//   spoken(row, column), editing(row, column) → the text to change, or null where nothing may be written
//   write([{row, column, text}], how), paste(selection, rows), taken(selection), stands(selection), undo(), redo(), key(event)

import { all, cellsOf, isOne, moved, placed, readTsv, repeated, spanOf, standing, stretched, within, writeTsv } from "./grid-model.js";

const CORNER_PX = 9;
const GOING = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

export function createGrid(host, asks) {
  let table = null;
  let cells = []; // [row][column] → td
  let heads = [];
  let tails = [];
  let lines = []; // rows of all sections
  let columns = [];
  let selection = standing(0, 0);
  let painted = [];
  let active = null;
  let editor = null; // {input, row, column, typed}
  let drag = null; // {kind: "select" | "fill", around}

  const size = () => ({ rows: lines.length, columns: columns.length });
  const make = (tag, className = "", text = "") => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  // Drawing
  function draw() {
    const { sections } = asks;
    const focused = table?.contains(document.activeElement);
    close(false);
    columns = asks.columns;
    lines = sections.flatMap((section) => section.rows);
    const ends = asks.heads.flatMap((head) => head.columns);
    const wide = make("table", "k-grid");
    wide.setAttribute("role", "grid");
    wide.setAttribute("aria-label", asks.label);
    wide.setAttribute("aria-multiselectable", "true");
    wide.setAttribute("aria-readonly", String(!asks.mayWrite));
    wide.setAttribute("aria-rowcount", String(2 + lines.length + sections.length));
    wide.setAttribute("aria-colcount", String(1 + columns.length + ends.length));
    const group = make("colgroup");
    group.append(make("col", "k-grid-names"), ...columns.map(() => make("col", "k-grid-day")), ...ends.map(() => make("col", "k-grid-end-column")));
    wide.append(group, head(ends), body(sections, ends));
    host.replaceChildren(wide);
    table = wide;
    active = null;
    painted = [];
    selection = within(selection, size());
    if (lines.length) show(focused);
  }

  function head(ends) {
    const made = make("thead");
    const [first, second] = [make("tr"), make("tr")];
    first.setAttribute("aria-rowindex", "1");
    second.setAttribute("aria-rowindex", "2");
    const corner = make("th", "k-grid-corner", asks.corner);
    corner.scope = "col";
    corner.rowSpan = 2;
    first.append(corner);
    for (const column of columns) {
      const cell = make("th", `k-grid-head ${column.tone}`);
      cell.scope = "col";
      cell.rowSpan = 2;
      cell.setAttribute("aria-label", column.spoken);
      if (column.title) cell.title = column.title;
      cell.append(make("span", "", column.above), make("b", "", column.label));
      first.append(cell);
    }
    for (const each of asks.heads) {
      const cell = make("th", "k-grid-group", each.label);
      cell.scope = "colgroup";
      cell.colSpan = each.columns.length;
      if (each.title) cell.title = each.title;
      first.append(cell);
    }
    tails = [];
    heads = ends.map((each, n) => {
      const cell = make("th", `k-grid-tail ${startsGroup(n) ? "k-grid-first" : ""}`);
      cell.scope = "col";
      cell.setAttribute("aria-label", each.spoken);
      const below = make("small");
      cell.append(make("span", "", each.label), below);
      second.append(cell);
      return below;
    });
    made.append(first, second);
    return made;
  }
  function startsGroup(n) {
    let at = 0;
    for (const each of asks.heads) {
      if (n === at) return true;
      at += each.columns.length;
    }
    return false;
  }

  function body(sections, ends) {
    const made = make("tbody");
    cells = [];
    let index = 2;
    let row = 0;
    const day = make("td");
    for (const section of sections) {
      const line = make("tr", "k-grid-section");
      line.setAttribute("aria-rowindex", String((index += 1)));
      const title = make("th", "", section.title);
      title.scope = "row";
      if (section.aside) title.append(make("small", "", section.aside));
      const note = make("td", "", section.note);
      note.colSpan = columns.length + ends.length;
      line.append(title, note);
      made.append(line);
      for (let n = 0; n < section.rows.length; n += 1, row += 1) {
        const tr = make("tr");
        tr.setAttribute("aria-rowindex", String((index += 1)));
        const name = make("th");
        name.scope = "row";
        const inside = make("div");
        inside.append(make("b"), make("small"));
        name.append(inside);
        tr.append(name);
        const own = [];
        for (let column = 0; column < columns.length; column += 1) {
          const cell = day.cloneNode();
          cell.row = row;
          cell.column = column;
          own.push(cell);
        }
        const end = ends.map((_, at) => make("td", `k-grid-tail ${startsGroup(at) ? "k-grid-first" : ""}`));
        tr.append(...own, ...end);
        made.append(tr);
        cells.push(own);
        tails.push(end);
        paintRow(row);
      }
    }
    return made;
  }

  function paintCell(row, column) {
    const cell = cells[row][column];
    const { text, tone, mark } = asks.cell(row, column);
    const shown = `${columns[column].tone} ${tone}`;
    if (cell.className !== shown) cell.className = shown;
    if (cell.textContent !== text && editor?.input.parentElement !== cell) cell.textContent = text;
    if (mark) cell.dataset.mark = mark;
    else if (cell.dataset.mark) delete cell.dataset.mark;
  }
  function paintRow(row) {
    for (let column = 0; column < columns.length; column += 1) paintCell(row, column);
    const name = cells[row][0]?.parentElement.firstElementChild;
    if (name) {
      const { name: words, sub, more, tone } = asks.rowHead(row);
      const [bold, small] = name.firstElementChild.children;
      name.className = tone;
      if (bold.textContent !== words) bold.textContent = words;
      const text = [more, sub].filter(Boolean).join(" · ");
      if (small.textContent !== text) small.textContent = text;
    }
    paintTail(row);
  }
  function paintTail(row) {
    asks.tail(row).forEach(({ text, tone }, n) => {
      const cell = tails[row][n];
      if (cell.textContent !== text) cell.textContent = text;
      const shown = `k-grid-tail ${startsGroup(n) ? "k-grid-first" : ""} ${tone}`;
      if (cell.className !== shown) cell.className = shown;
    });
  }

  // Selection
  function show(focus = true, reveal = true) {
    for (const cell of painted) {
      cell.removeAttribute("aria-selected");
      cell.classList.remove("k-grid-corner-cell");
    }
    painted = [];
    const { bottom, right } = spanOf(selection);
    if (!isOne(selection)) {
      painted = cellsOf(selection).map(([row, column]) => cells[row][column]);
      for (const cell of painted) cell.setAttribute("aria-selected", "true");
    }
    const corner = cells[bottom]?.[right];
    if (corner && asks.mayWrite) {
      corner.classList.add("k-grid-corner-cell");
      painted.push(corner);
    }
    const next = cells[selection.row][selection.column];
    // A cell that has the focus loses it with its tab stop.
    if (active !== next) {
      active?.removeAttribute("tabindex");
      active?.removeAttribute("aria-label");
      active?.parentElement.classList.remove("k-grid-here");
      active = next;
      active.tabIndex = 0;
    }
    active.parentElement.classList.add("k-grid-here");
    active.setAttribute("aria-label", asks.spoken(selection.row, selection.column));
    if (focus) active.focus({ preventScroll: true });
    if (reveal) bring(selection.toRow, selection.toColumn);
    asks.stands(selection);
  }
  // What is gone to comes to stand beside the names and below the head, which stay.
  function bring(row, column) {
    const cell = cells[row]?.[column];
    const names = table.querySelector(".k-grid-corner");
    if (!cell) return;
    const box = host.getBoundingClientRect();
    const at = cell.getBoundingClientRect();
    const [left, top] = [box.left + names.offsetWidth, box.top + names.offsetHeight];
    if (at.left < left) host.scrollLeft -= left - at.left;
    else if (at.right > box.left + host.clientWidth) host.scrollLeft += at.right - box.left - host.clientWidth;
    if (at.top < top) host.scrollTop -= top - at.top;
    else if (at.bottom > box.top + host.clientHeight) host.scrollTop += at.bottom - box.top - host.clientHeight;
    // The page itself may have scrolled the sheet away.
    const seen = cell.getBoundingClientRect();
    if (seen.top < 0 || seen.bottom > innerHeight) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function select(next, focus = true) {
    selection = within(next, size());
    show(focus);
  }

  // Writing into a cell
  function open(typed) {
    const { row, column } = selection;
    const text = asks.editing(row, column);
    if (text === null) return asks.refuses(row, column);
    const input = make("input", "k-grid-editor");
    input.setAttribute("aria-label", asks.spoken(row, column));
    input.autocomplete = "off";
    input.spellcheck = false;
    input.maxLength = 60;
    input.value = typed ?? text;
    editor = { input, row, column, typed: typed !== null && typed !== undefined };
    cells[row][column].replaceChildren(input);
    input.focus();
    if (!editor.typed) input.select();
    input.addEventListener("input", () => asks.typing(row, column, input.value));
    input.addEventListener("blur", () => close(true));
    if (editor.typed) asks.typing(row, column, input.value);
  }
  function close(keep) {
    if (!editor) return true;
    const { input, row, column } = editor;
    const text = input.value;
    editor = null;
    cells[row][column].textContent = "";
    paintCell(row, column);
    const fits = !keep || asks.write([{ row, column, text }], "typed");
    return fits !== false;
  }
  function editorKey(event) {
    const { key, shiftKey } = event;
    const goes = GOING.has(key) && editor.typed;
    if (key === "Escape") {
      event.stopPropagation();
      close(false);
      show();
    } else if (key === "Enter" || key === "Tab" || goes) {
      event.preventDefault();
      const [{ row, column }, range] = [editor, selection];
      const { value } = editor.input;
      const many = key === "Enter" && event.ctrlKey;
      if (many) {
        close(false);
        asks.write(cellsOf(range).map(([each, at]) => ({ row: each, column: at, text: value })), "filled");
        return show();
      }
      const fits = close(true);
      const way = key === "Enter" ? (shiftKey ? "ArrowUp" : "ArrowDown") : key === "Tab" ? (shiftKey ? "ArrowLeft" : "ArrowRight") : key;
      // What is refused is put right where it stands.
      select(fits ? moved(standing(row, column), size(), { key: way }) : standing(row, column));
    }
  }

  // Keys
  function keyed(event) {
    if (!lines.length) return;
    if (editor) return editorKey(event);
    const { key, shiftKey: shift, altKey } = event;
    const ctrl = event.ctrlKey || event.metaKey;
    if (altKey || event.isComposing) return;
    const letter = key.toLowerCase();
    const acts = {
      z: () => (shift ? asks.redo() : asks.undo()),
      y: () => asks.redo(),
      a: () => select(all(size())),
      d: () => fill("down"),
      r: () => fill("right"),
    };
    if (ctrl && acts[letter]) {
      event.preventDefault();
      return acts[letter]();
    }
    const next = moved(selection, size(), { key, ctrl, shift });
    if (next) {
      event.preventDefault();
      return select(next);
    }
    if (ctrl) return;
    if (key === "Enter") {
      event.preventDefault();
      select(moved(standing(selection.row, selection.column), size(), { key: shift ? "ArrowUp" : "ArrowDown" }));
    } else if (key === "F2") {
      event.preventDefault();
      open();
    } else if (key === "Delete" || key === "Backspace") {
      event.preventDefault();
      asks.write(cellsOf(selection).map(([row, column]) => ({ row, column, text: "" })), "emptied");
    } else if (key === "Escape" && !isOne(selection)) select(standing(selection.row, selection.column));
    else if (key.length === 1 && key !== " ") {
      event.preventDefault();
      open(key);
    }
  }
  // The selection's first row, or column, goes on over the rest of it.
  function fill(way) {
    const { top, left, bottom, right } = spanOf(selection);
    const first = way === "down" ? { row: top, column: left, toRow: top, toColumn: right } : { row: top, column: left, toRow: bottom, toColumn: left };
    asks.write(repeated(first, selection, asks.text), "filled");
  }

  // Clipboard
  function copied(event) {
    if (editor || !lines.length) return;
    const { top, left, bottom, right } = spanOf(selection);
    const rows = [];
    for (let row = top; row <= bottom; row += 1) rows.push(Array.from({ length: right - left + 1 }, (_, n) => asks.copies(row, left + n)));
    event.clipboardData.setData("text/plain", writeTsv(rows));
    event.preventDefault();
    if (event.type === "cut") asks.write(cellsOf(selection).map(([row, column]) => ({ row, column, text: "" })), "emptied");
    else asks.copied(cellsOf(selection).length);
  }
  function pasted(event) {
    if (editor || !lines.length) return;
    event.preventDefault();
    const rows = readTsv(event.clipboardData.getData("text/plain"));
    if (rows.length) asks.paste(rows, () => placed(selection, rows, size()));
  }

  // Pointer
  function pressed(event) {
    const cell = event.target.closest("td");
    if (!cell || cell.column === undefined || event.button !== 0 || event.target === editor?.input) return;
    const at = cell.getBoundingClientRect();
    const atCorner = cell.classList.contains("k-grid-corner-cell") && at.right - event.clientX < CORNER_PX && at.bottom - event.clientY < CORNER_PX;
    if (event.pointerType === "mouse") event.preventDefault(); // no text is selected, and the focus goes where it is sent
    if (atCorner && event.pointerType === "mouse") {
      drag = { kind: "fill", around: selection };
    } else {
      if (editor) close(true);
      selection = event.shiftKey ? { ...selection, toRow: cell.row, toColumn: cell.column } : standing(cell.row, cell.column);
      show(true, false);
      if (event.pointerType === "mouse") drag = { kind: "select" };
    }
  }
  function dragged(event) {
    if (!drag) return;
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("td");
    if (!cell || cell.column === undefined || !table.contains(cell)) return;
    if (drag.kind === "fill") {
      const around = stretched(selection, cell);
      for (const each of painted) each.classList.remove("k-grid-around");
      painted.push(...cellsOf(around).map(([row, column]) => cells[row][column]));
      for (const [row, column] of cellsOf(around)) cells[row][column].classList.add("k-grid-around");
      drag.around = around;
    } else if (selection.toRow !== cell.row || selection.toColumn !== cell.column) {
      selection = { ...selection, toRow: cell.row, toColumn: cell.column };
      show();
    }
  }
  function released() {
    if (drag?.kind === "fill") {
      for (const each of painted) each.classList.remove("k-grid-around");
      const { around } = drag;
      asks.write(repeated(selection, around, asks.text), "filled");
      select(around);
    }
    drag = null;
  }

  host.addEventListener("keydown", keyed);
  host.addEventListener("copy", copied);
  host.addEventListener("cut", copied);
  host.addEventListener("paste", pasted);
  host.addEventListener("pointerdown", pressed);
  host.addEventListener("dblclick", (event) => event.target.closest("td")?.column !== undefined && !editor && open());
  addEventListener("pointermove", dragged);
  addEventListener("pointerup", released);

  return {
    draw,
    paint(rows) {
      for (const row of rows) paintRow(row);
      // What painting took away of the selection.
      if (lines.length) show(false, false);
    },
    paintTails() {
      lines.forEach((_, row) => paintTail(row));
    },
    paintHeads(words) {
      heads.forEach((cell, n) => {
        cell.textContent = words[n];
      });
    },
    goTo(row, column, focus = true) {
      select(standing(row, column ?? selection.column), focus);
    },
    select,
    get selection() {
      return selection;
    },
    focus() {
      if (lines.length) show();
    },
    get editing() {
      return Boolean(editor);
    },
  };
}
