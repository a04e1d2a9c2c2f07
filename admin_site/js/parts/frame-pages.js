// Which pages a role finds in the frame, from the site's table (pages.py).

export function pagesOf(pages, role) {
  return pages.filter((page) => page.roles.includes(role));
}

// The address behind a group's name: the first of its pages that there is for this role; null when there is none.
export function firstOf(pages, group) {
  return pages.find((page) => page.group === group)?.address || null;
}
