// A district's boundary as a form holds it: rings as encoded polylines of precision 5 (domain/boundaries.py), drawn and counted.

// [[longitude, latitude]] in whole 1e-5 degrees; what is no such text has no points.
export function ringOf(text) {
  const points = [];
  let [x, y, value, shift, half] = [0, 0, 0, 0, null];
  for (const letter of text) {
    const part = letter.charCodeAt(0) - 63;
    value |= (part & 0x1f) << shift;
    shift += 5;
    if (part >= 0x20) continue;
    const step = value & 1 ? ~(value >> 1) : value >> 1;
    if (half === null) half = step;
    else {
      [x, y] = [x + step, y + half];
      points.push([x, y]);
      half = null;
    }
    [value, shift] = [0, 0];
  }
  return points;
}

export function pointsOf(boundary) {
  return (boundary || []).reduce((sum, text) => sum + ringOf(text).length, 0);
}

// An SVG path in 1e-5 degrees, north at the top; degrees of longitude are as short as they are there.
export function pathOf(boundary, shrunk) {
  return (boundary || []).map((text) => `M${ringOf(text).map(([x, y]) => `${Math.round(x * shrunk)} ${-y}`).join("L")}Z`).join("");
}

// What is drawn: {own, others, box}, "" where there is no boundary.
export function outlineOf(boundary, neighbours) {
  const points = (boundary || []).flatMap(ringOf);
  if (!points.length) return { own: "", others: "", box: "0 0 1 1" };
  const shrunk = Math.cos((points[0][1] / 100000) * (Math.PI / 180));
  const [xs, ys] = [points.map(([x]) => x * shrunk), points.map(([, y]) => -y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const edge = Math.max(width, height) / 8;
  const box = [left - edge, top - edge, width + 2 * edge, height + 2 * edge].map(Math.round).join(" ");
  return { own: pathOf(boundary, shrunk), others: neighbours.map((each) => pathOf(each, shrunk)).join(""), box };
}
