// The table of the grid as plain DOM: its head, its lines, and painting what has changed in it. What `asks` tells: js/parts/grid.js.

export function createDrawing(host, asks) {
  let table = null;
  let cells = []; // [row][column] → td
  let heads = [];
  let tails = [];
  let lines = []; // rows of all sections
  let columns = [];

  const make = (tag, className = "", text = "") => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  function draw() {
    const { sections } = asks;
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
    // What is being typed into stays.
    if (cell.textContent !== text && !cell.firstElementChild) cell.textContent = text;
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

  return {
    draw,
    make,
    paintCell,
    paintRow,
    paintTails() {
      lines.forEach((_, row) => paintTail(row));
    },
    paintHeads(words) {
      heads.forEach((cell, n) => {
        cell.textContent = words[n];
      });
    },
    // The cell at a place, undefined where there is none.
    at: (row, column) => cells[row]?.[column],
    size: () => ({ rows: lines.length, columns: columns.length }),
    has: (node) => Boolean(table?.contains(node)),
    // How much of the host the names and the head, which stay, lie over.
    get frame() {
      const corner = table.querySelector(".k-grid-corner");
      return { left: corner.offsetWidth, top: corner.offsetHeight };
    },
  };
}
