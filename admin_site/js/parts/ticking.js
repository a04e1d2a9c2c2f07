// Moving clocks: <time data-since="instant"> shows how long ago that was, data-until how long it takes, data-now the time of day.

import { clock, nowInstant, since, until } from "./time.js";

export function tick(root = document) {
  for (const element of root.querySelectorAll("[data-since]")) show(element, since(element.dataset.since));
  for (const element of root.querySelectorAll("[data-until]")) show(element, until(element.dataset.until));
  for (const element of root.querySelectorAll("[data-now]")) show(element, clock(nowInstant()));
}

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function startTicking() {
  tick();
  setInterval(tick, 1000);
  // A clock that has just been drawn or changed must not stand empty until the next second.
  new MutationObserver(() => tick()).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-since", "data-until"] });
}
