// Loaded before the page is drawn, so that a dark room stays dark.
document.documentElement.dataset.bsTheme =
  localStorage.getItem("kentongan.theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
