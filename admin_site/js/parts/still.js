// Changes a page without moving the row that somebody points at or has the focus in.

// `change` draws anew; `row` finds the row of an element, which bears the same id before and after. `spacer` ends the page, and makes
// room to scroll where there is too little.
export function holdingStill(change, row, spacer) {
  const focused = document.activeElement?.id;
  const held = [row(document.activeElement), row(document.querySelector("[data-id]:hover")), firstInSight()].filter(Boolean);
  const before = held.map((element) => ({ element, list: element.parentElement, top: element.getBoundingClientRect().top }));
  change();
  // Moving a row takes the focus from what is in it.
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  // One that went to another section is where it belongs now: nobody expects it where it was.
  const still = before.find(({ element, list }) => element.isConnected && element.parentElement === list);
  if (!still) return;
  const moved = still.element.getBoundingClientRect().top - still.top;
  if (!moved) return;
  const room = document.documentElement.scrollHeight - innerHeight - scrollY;
  if (moved > room) spacer.style.height = `${spacer.offsetHeight + moved - room}px`;
  scrollBy({ top: moved, behavior: "instant" });
}

function firstInSight() {
  return [...document.querySelectorAll("[data-id]")].find((element) => element.getBoundingClientRect().top >= 0);
}
