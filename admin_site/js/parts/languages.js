// The other language shows the same page with the same query and the same place in it.

export function keepAddress() {
  for (const link of document.querySelectorAll(".k-language")) Object.assign(link, { search: location.search, hash: location.hash });
}
