// Type-ahead: which options match what was typed, best first, in their groups.
// An option: {id, label, words: other texts it is found by, group}.

export function fold(text) {
  return String(text || "").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

// Smaller is better; -1 does not match. Every typed word must begin some word of the option.
export function score(option, query) {
  const wanted = fold(query);
  if (!wanted) return 0;
  const name = fold(option.label);
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  const words = `${name} ${fold(option.words)}`.split(/[^a-z0-9]+/);
  const begins = wanted.split(/\s+/).every((piece) => words.some((word) => word.startsWith(piece)));
  if (begins) return 2;
  return `${name} ${fold(option.words)}`.includes(wanted) ? 3 : -1;
}

export function matching(options, query) {
  return options
    .map((option, index) => ({ option, index, score: score(option, query) }))
    .filter((one) => one.score >= 0)
    .sort((a, b) => a.score - b.score || a.index - b.index)
    .map((one) => one.option);
}

// Rows to draw: a heading where the group changes, each group once, in the order of its best option.
export function grouped(options) {
  const groups = new Map();
  for (const option of options) {
    if (!groups.has(option.group)) groups.set(option.group, []);
    groups.get(option.group).push(option);
  }
  const rows = [];
  for (const [group, members] of groups) {
    if (group) rows.push({ key: `group:${group}`, heading: true, label: group });
    for (const option of members) rows.push({ key: option.id, heading: false, label: option.label, hint: option.hint || "", option });
  }
  return rows;
}
