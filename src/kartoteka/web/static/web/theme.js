// Set before the first paint: light or dark as this person chose, else as the machine has it.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = localStorage.getItem("theme");
    document.documentElement.dataset.bsTheme = chosen || (dark.matches ? "dark" : "light");
  };
  show();
  dark.addEventListener("change", show);
  window.addEventListener("storage", show);
})();
