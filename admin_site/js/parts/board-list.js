// Draws the board's sections: each row from its template in the page, by hand, since five hundred rows are too many for bindings.

import { SECTIONS } from "./board-rows.js";
import { alarmedView, compactView } from "./board-view.js";
import { keyed } from "./keyed.js";
import { holdingStill } from "./still.js";

const template = (id) => () => document.getElementById(id).content.firstElementChild.cloneNode(true);

export function rowOf(element) {
  return element?.closest?.("[data-id]") || null;
}

// The links of all rows, in their order.
export function links() {
  return [...document.querySelectorAll("[data-id] [data-open]")];
}

// `names` turn ids into words; `fresh`: ids of rows that have just come.
export function drawBoard(sections, names, mayCommand) {
  holdingStill(() => {
    for (const name of SECTIONS) {
      const list = document.getElementById(`rows-${name}`);
      const alarmed = name === "now";
      const views = sections[name].map((row) => (alarmed ? alarmedView(row, names, mayCommand) : compactView(row, names)));
      keyed(list, views, template(alarmed ? "alarmed-row" : "compact-row"), alarmed ? drawAlarmed : drawCompact);
    }
  }, rowOf, document.getElementById("board-end"));
}

export function markFresh(ids, forMs) {
  const found = ids.map((id) => document.querySelector(`[data-id="${CSS.escape(id)}"]`)).filter(Boolean);
  for (const element of found) element.classList.add("k-row-fresh");
  setTimeout(() => found.forEach((element) => element.classList.remove("k-row-fresh")), forMs);
}

function drawCommon(element, view) {
  for (const node of element.querySelectorAll("[data-text]")) {
    const text = String(view[node.dataset.text] || "");
    if (node.textContent !== text) node.textContent = text;
    node.hidden = !text;
  }
  element.classList.remove(...[1, 2, 3, 4, 5].map((priority) => `k-p${priority}`));
  element.classList.add(`k-p${view.priority}`);
  element.classList.toggle("k-row-drill", view.drill);
  element.querySelector("[data-drill]").hidden = !view.drill;
  element.querySelector("[data-age]").dataset.since = view.received;
  const open = element.querySelector("[data-open]");
  open.href = view.href;
  open.id = `open-${view.id}`;
}

function drawAlarmed(element, view) {
  drawCommon(element, view);
  const act = element.querySelector("[data-act]");
  act.href = view.actHref;
  act.id = `act-${view.id}`;
  act.classList.toggle("btn-danger", view.urgent && !view.drill);
  act.hidden = !view.act;
}

function drawCompact(element, view) {
  drawCommon(element, view);
  element.classList.toggle("k-soon", view.soon);
  const until = element.querySelector("[data-left]");
  until.hidden = !view.until;
  if (view.until) until.dataset.until = view.until;
  else delete until.dataset.until;
  element.querySelector("[data-crews]").replaceChildren(...view.crews.map(crewChip));
}

function crewChip({ callsign, status, word, at }) {
  const chip = template("crew-chip")();
  chip.querySelector("[data-callsign]").textContent = callsign;
  chip.querySelector("[data-status]").className = `k-status k-${status}`;
  chip.querySelector("[data-word]").textContent = word;
  const time = chip.querySelector("time");
  if (at) time.dataset.since = at;
  else time.remove();
  return chip;
}
