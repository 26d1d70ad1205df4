// Lets the browser open phone links (tel:) of any page here.
(() => {
  const button = document.querySelector("[data-tel-links]");
  if (!button || !navigator.registerProtocolHandler) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.registerProtocolHandler("tel", `${location.origin}${location.pathname}?number=%s`));
})();
