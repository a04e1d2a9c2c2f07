// A long list is drawn a page at a time: which of its rows stand there. Searching goes over all of them.

export const PAGE = 100;

// Where the page begins on which a row stands; for one that is not there the page stays.
export function pageWith(rows, id, from) {
  const place = rows.findIndex((row) => row.id === id);
  return place < 0 ? from : PAGE * Math.floor(place / PAGE);
}

// Where the page begins that was meant, when there are so many rows now.
export function within(from, count) {
  return Math.max(0, Math.min(from, PAGE * Math.floor((count - 1) / PAGE)));
}

// Where the arrow keys lead from a row of the page: {row} on the same one, {from, row} on another, null out of the list.
export function arrowTo({ row, move, from, count }) {
  const [here, last] = [from + row + move, count - 1];
  if (here < 0) return null;
  const there = Math.min(here, last);
  const page = PAGE * Math.floor(there / PAGE);
  return page === from ? { row: there - from } : { from: page, row: there - page };
}
