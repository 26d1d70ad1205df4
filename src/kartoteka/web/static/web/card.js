// The card: tabs, one kind at a time, origins. Delegated, so that it works on the card as it comes back after a change.
(() => {
  const card = () => document.getElementById("card");
  const wish = { kind: "", origins: false, tab: "facts" };

  function show() {
    const here = card();
    if (!here) return;
    here.classList.toggle("origins", wish.origins);
    here.classList.toggle("only", Boolean(wish.kind));
    for (const name of [...here.classList]) if (name.startsWith("only-")) here.classList.remove(name);
    if (wish.kind) here.classList.add(`only-${wish.kind}`);
    for (const value of here.querySelectorAll(".value")) value.toggleAttribute("data-shown", value.dataset.kind === wish.kind);
    for (const button of here.querySelectorAll("[data-show-kind]")) button.setAttribute("aria-pressed", String(button.dataset.showKind === wish.kind));
    here.querySelector(".kinds").hidden = wish.tab !== "facts";
    here.querySelector("[data-origins]").setAttribute("aria-pressed", String(wish.origins));
    for (const tab of here.querySelectorAll("[role='tab']")) {
      const chosen = tab.getAttribute("aria-controls") === wish.tab;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    }
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role='tab']");
    const kind = event.target.closest("[data-show-kind]");
    const mark = event.target.closest(".mark");
    if (tab) wish.tab = wish.tab === tab.getAttribute("aria-controls") && tab.dataset.key ? "facts" : tab.getAttribute("aria-controls");
    else if (kind) wish.kind = wish.kind === kind.dataset.showKind ? "" : kind.dataset.showKind;
    else if (event.target.closest("[data-origins]")) wish.origins = !wish.origins;
    else {
      for (const open of document.querySelectorAll(".value.open")) if (!mark || !open.contains(mark)) open.classList.remove("open");
      if (mark) mark.closest(".value").classList.toggle("open");
      return;
    }
    show();
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role='tab']");
    if (tab && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const all = [...card().querySelectorAll("[role='tab']")];
      const next = all[(all.indexOf(tab) + (event.key === "ArrowRight" ? 1 : all.length - 1)) % all.length];
      next.click();
      next.focus();
    }
    if (event.key === "e" && !event.target.closest("input, textarea, select") && !event.ctrlKey && !event.metaKey) {
      const place = event.target.closest(".fact, .serve") || card();
      place?.querySelector("[data-edit]")?.click();
      event.preventDefault();
    }
  });
  // Who leaves a field's form, with or without saving, stands at that field again.
  let left = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.(".fact-form");
    if (form) left = form.id.slice("form-".length);
  });
  function back() {
    if (!left || document.getElementById(`form-${left}`)) return;
    const ways = [...document.querySelectorAll(`#card [hx-get$="/edit/${CSS.escape(left)}"]`)];
    ways.find((way) => way.checkVisibility())?.focus();
    left = "";
  }
  document.addEventListener("htmx:afterSettle", () => {
    show();
    back();
  });
  document.addEventListener("DOMContentLoaded", show);
})();
