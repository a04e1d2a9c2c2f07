// A table that is filled in as a spreadsheet is, drawn without Alpine: a month of three hundred people is nine thousand cells.
//
// `asks` tells what stands where, and is told what is to be written:
//   columns: [{label, spoken, tone}], heads: [{label, title, columns: [{key, label, spoken}]}] at the end of each row
//   sections: [{title, note, aside, rows: [row]}]; rows are counted over all sections
//   rowHead(row) → {name, more, sub, tone}, cell(row, column) → {text, tone, mark}, tail(row) → [{text, tone}]
//   spoken(row, column), editing(row, column) → the text to change, or null where nothing may be written
//   write([{row, column, text}], how), paste(selection, rows), taken(selection), stands(selection), undo(), redo(), key(event)

import { createDrawing } from "./grid-drawing.js";
import { all, cellsOf, isOne, moved, placed, readTsv, repeated, spanOf, standing, stretched, within, writeTsv } from "./grid-model.js";

const CORNER_PX = 9;
const GOING = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

export function createGrid(host, asks) {
  const drawing = createDrawing(host, asks);
  let selection = standing(0, 0);
  let painted = [];
  let active = null;
  let editor = null; // {input, row, column, typed}
  let drag = null; // {kind: "select" | "fill", around}

  const { at, make, size } = drawing;
  const any = () => size().rows > 0;

  function draw() {
    const focused = drawing.has(document.activeElement);
    close(false);
    drawing.draw();
    active = null;
    painted = [];
    selection = within(selection, size());
    if (any()) show(focused);
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
      painted = cellsOf(selection).map(([row, column]) => at(row, column));
      for (const cell of painted) cell.setAttribute("aria-selected", "true");
    }
    const corner = at(bottom, right);
    if (corner && asks.mayWrite) {
      corner.classList.add("k-grid-corner-cell");
      painted.push(corner);
    }
    const next = at(selection.row, selection.column);
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
    const cell = at(row, column);
    if (!cell) return;
    const box = host.getBoundingClientRect();
    const place = cell.getBoundingClientRect();
    const { frame } = drawing;
    const [left, top] = [box.left + frame.left, box.top + frame.top];
    if (place.left < left) host.scrollLeft -= left - place.left;
    else if (place.right > box.left + host.clientWidth) host.scrollLeft += place.right - box.left - host.clientWidth;
    if (place.top < top) host.scrollTop -= top - place.top;
    else if (place.bottom > box.top + host.clientHeight) host.scrollTop += place.bottom - box.top - host.clientHeight;
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
    at(row, column).replaceChildren(input);
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
    at(row, column).textContent = "";
    drawing.paintCell(row, column);
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
        asks.write(cellsOf(range).map(([each, day]) => ({ row: each, column: day, text: value })), "filled");
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
    if (!any()) return;
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
    if (editor || !any()) return;
    const { top, left, bottom, right } = spanOf(selection);
    const rows = [];
    for (let row = top; row <= bottom; row += 1) rows.push(Array.from({ length: right - left + 1 }, (_, n) => asks.copies(row, left + n)));
    event.clipboardData.setData("text/plain", writeTsv(rows));
    event.preventDefault();
    if (event.type === "cut") asks.write(cellsOf(selection).map(([row, column]) => ({ row, column, text: "" })), "emptied");
    else asks.copied(cellsOf(selection).length);
  }
  function pasted(event) {
    if (editor || !any()) return;
    event.preventDefault();
    const rows = readTsv(event.clipboardData.getData("text/plain"));
    if (rows.length) asks.paste(rows, () => placed(selection, rows, size()));
  }

  // Pointer
  function pressed(event) {
    const cell = event.target.closest("td");
    if (!cell || cell.column === undefined || event.button !== 0 || event.target === editor?.input) return;
    const place = cell.getBoundingClientRect();
    const atCorner = cell.classList.contains("k-grid-corner-cell") && place.right - event.clientX < CORNER_PX && place.bottom - event.clientY < CORNER_PX;
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
    if (!cell || cell.column === undefined || !drawing.has(cell)) return;
    if (drag.kind === "fill") {
      const around = stretched(selection, cell);
      for (const each of painted) each.classList.remove("k-grid-around");
      painted.push(...cellsOf(around).map(([row, column]) => at(row, column)));
      for (const [row, column] of cellsOf(around)) at(row, column).classList.add("k-grid-around");
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
      for (const row of rows) drawing.paintRow(row);
      // What painting took away of the selection.
      if (any()) show(false, false);
    },
    paintTails: drawing.paintTails,
    paintHeads: drawing.paintHeads,
    goTo(row, column, focus = true) {
      select(standing(row, column ?? selection.column), focus);
    },
    select,
    get selection() {
      return selection;
    },
    focus() {
      if (any()) show();
    },
    get editing() {
      return Boolean(editor);
    },
  };
}
