// Draws a plan's map as SVG by its model (plan-map.js); the list beside it says the same in words.

const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function hatching() {
  const pattern = shape("pattern", { id: "k-map-gap", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(shape("rect", { width: 6, height: 6, class: "k-map-gap-ground" }), shape("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "k-map-gap-line" }));
  const defs = shape("defs", {});
  defs.append(pattern);
  return defs;
}

const LETTER = 7.5;

// A name stands at the right, or at the left where another district or the picture's edge is in its way.
function labelled(one, of) {
  const length = 15 + one.name.length * LETTER;
  const met = of.districts.some((other) => other.id !== one.id && Math.abs(other.y - one.y) < 14 && other.x > one.x && other.x < one.x + length);
  const left = met || one.x + length > of.width;
  return shape("text", { x: one.x + (left ? -15 : 15), y: one.y + 4, class: "k-map-name", "text-anchor": left ? "end" : "start" }, one.name);
}

// `chosen` is the district whose lines stand out.
export function drawMap(svg, model, chosen) {
  svg.setAttribute("viewBox", `0 0 ${model.width} ${model.height}`);
  const mark = (district) => (district === chosen ? " k-map-chosen" : "");
  const lines = model.lines.map(({ from, to, district }) => shape("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: `k-map-line${mark(district)}` }));
  const places = model.districts.map((one) => shape("circle", { cx: one.x, cy: one.y, r: 10, class: `k-map-district k-map-${one.state}${mark(one.id)}` }));
  const crosses = model.districts.filter((one) => one.state === "none").map((one) => shape("text", { x: one.x, y: one.y + 5, class: "k-map-cross", "text-anchor": "middle" }, "✕"));
  const posts = model.stations.map((one) => shape("rect", { x: one.x - 5, y: one.y - 5, width: 10, height: 10, class: one.answers ? "k-map-station" : "k-map-station k-map-idle" }));
  svg.replaceChildren(hatching(), ...lines, ...places, ...crosses, ...posts, ...model.districts.map((one) => labelled(one, model)));
}
