// `g` and a letter opens a page, unless somebody is typing.

const PATIENCE_MS = 2000;

// Says of each key pressed: the address to go to, "" when it is the first of two, null when it means something else.
export function jumper(pages) {
  let since = -Infinity;
  return ({ key, ctrlKey, metaKey, altKey, typing }, now) => {
    const second = now - since < PATIENCE_MS;
    since = -Infinity;
    if (ctrlKey || metaKey || altKey || typing) return null;
    if (second) return pages.find((page) => page.key === key.toLowerCase())?.address || null;
    if (key !== "g") return null;
    since = now;
    return "";
  };
}
