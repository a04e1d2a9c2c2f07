// A long list in the page: elements of rows that stay are kept where they stand, and drawn again only where their view differs.

const drawn = new WeakMap();

// `views`: [{id, …}]; `make` returns a row's element, `draw(element, view)` fills it.
export function keyed(list, views, make, draw) {
  const wanted = new Set(views.map((view) => view.id));
  const kept = new Map();
  for (const element of [...list.children]) {
    if (wanted.has(element.dataset.id)) kept.set(element.dataset.id, element);
    else element.remove();
  }
  let at = list.firstElementChild;
  for (const view of views) {
    const element = kept.get(view.id) || made(view, make);
    const text = JSON.stringify(view);
    if (drawn.get(element) !== text) {
      draw(element, view);
      drawn.set(element, text);
    }
    // One that moves far down is taken out, rather than moving all that stand between.
    while (at && at !== element && at.nextElementSibling === element) {
      const misplaced = at;
      at = element;
      misplaced.remove();
    }
    if (at === element) at = at.nextElementSibling;
    else list.insertBefore(element, at);
  }
}

function made(view, make) {
  const element = make();
  element.dataset.id = view.id;
  return element;
}
