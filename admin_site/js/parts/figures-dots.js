// The minutes of a group's cases as marks on one scale: a dot a case while they are few, columns where they would pile up too high.

const TALLEST = 12; // dots in one minute
const WIDE = 10; // of a minute
const TALL = 6; // of a dot
const SVG = "http://www.w3.org/2000/svg";

// {height, marks: [{late, kind: "dot"|"bar", x, y, height}]} of [[in time, late], …] by minute.
export function marksOf(minutes) {
  const tallest = Math.max(1, ...minutes.map(([inTime, late]) => inTime + late));
  const height = Math.min(tallest, TALLEST) * TALL;
  const marks = [];
  minutes.forEach(([inTime, late], minute) => {
    const x = minute * WIDE;
    if (tallest <= TALLEST) {
      for (let n = 0; n < inTime + late; n += 1) marks.push({ late: n >= inTime, kind: "dot", x: x + WIDE / 2, y: height - (n + 0.5) * TALL, height: TALL });
      return;
    }
    const scale = height / tallest;
    if (inTime) marks.push({ late: false, kind: "bar", x: x + 1, y: height - inTime * scale, height: inTime * scale });
    if (late) marks.push({ late: true, kind: "bar", x: x + 1, y: height - (inTime + late) * scale, height: late * scale });
  });
  return { height, marks };
}

// Where a number of seconds lies on that scale, at its end what is beyond.
export function placeOf(seconds, minutes) {
  return Math.min(seconds / 60, minutes - 0.5) * WIDE;
}

// Draws a group's cases with its target; `few` have no percentile.
export function drawDots(host, { minutes, target_s: target, p50_s: half, p90_s: most }, few) {
  const { height, marks } = marksOf(minutes);
  const width = minutes.length * WIDE;
  const svg = node("svg", { viewBox: `0 -2 ${width} ${height + 8}`, "aria-hidden": "true", class: "k-dots-svg" });
  svg.append(node("line", { x1: 0, x2: width, y1: height + 1, y2: height + 1, class: "k-dots-ground" }));
  for (let minute = 0; minute < minutes.length; minute += 10) svg.append(node("line", { x1: minute * WIDE, x2: minute * WIDE, y1: height + 1, y2: height + 4, class: "k-dots-ground" }));
  for (const mark of marks) {
    const name = mark.late ? "k-dots-late" : "k-dots-in";
    svg.append(mark.kind === "dot"
      ? node("circle", { cx: mark.x, cy: mark.y, r: 2.4, class: name })
      : node("rect", { x: mark.x, y: mark.y, width: WIDE - 2, height: Math.max(mark.height, 0.8), class: name }));
  }
  if (target) svg.append(node("line", { x1: placeOf(target, minutes.length), x2: placeOf(target, minutes.length), y1: -2, y2: height + 4, class: "k-dots-target" }));
  if (!few) {
    const x = placeOf(half, minutes.length);
    svg.append(node("path", { d: `M${x} ${height + 1}l-4 6h8z`, class: "k-dots-half" }));
    svg.append(node("line", { x1: placeOf(most, minutes.length), x2: placeOf(most, minutes.length), y1: height - 8, y2: height + 5, class: "k-dots-most" }));
  }
  host.replaceChildren(svg);
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
