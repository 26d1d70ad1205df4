// What every page does: keys, dialogs, menus, toasts. Works on what htmx brings in later too.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]");

  // ---- toasts: the server says `HX-Trigger: {"toast": {"text": "...", "kind": "bad"}}`, or a page holds some
  const LIFE = 6000;
  function toast({ text, kind = "" }) {
    const note = $("#toast-shape").content.firstElementChild.cloneNode(true);
    $("[data-text]", note).textContent = text;
    if (kind) note.classList.add(`toast-${kind}`);
    $("#toasts").append(note);
    if (kind !== "bad") setTimeout(() => note.remove(), LIFE);
  }
  document.addEventListener("toast", (event) => toast(event.detail));
  document.addEventListener("htmx:sendError", () => toast({ text: document.body.dataset.offline, kind: "bad" }));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 422) toast({ text: document.body.dataset.failed, kind: "bad" });
  });
  // A form with something wrong in it comes back with 422 and is shown in its place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // ---- clicks with a meaning
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      open(opener.dataset.opens, opener);
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog, .toast-note, details")?.matches("dialog")
      ? event.target.closest("dialog").close()
      : event.target.closest(".toast-note")?.remove();
    if (event.target.matches("dialog")) event.target.close(); // on the veil
    if (event.target.closest("[data-theme-switch]")) {
      const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
      localStorage.setItem("theme", next);
      document.documentElement.dataset.bsTheme = next;
    }
    for (const menu of $$("details.menu-of[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  // Who closes it stands again at what opened it; where that was in a menu that has folded, at the menu.
  function open(id, opener) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.addEventListener("close", () => {
      (opener?.checkVisibility() ? opener : opener?.closest("details")?.querySelector("summary"))?.focus();
    }, { once: true });
    dialog.dispatchEvent(new CustomEvent("opened"));
  }
  // The list of keys begins with those of the screen it is opened on.
  $("#keys")?.addEventListener("opened", ({ target: dialog }) => {
    for (const line of $$("[data-needs]", dialog)) line.hidden = !$(line.dataset.needs);
    const here = $("[data-keys-here]", dialog);
    const told = new Map();
    for (const each of $$("[data-key]")) {
      const key = each.dataset.key;
      if (key.startsWith("g ") || key === "/" || "[]".includes(key) || told.has(key) || each.closest("dialog") || !each.checkVisibility()) continue;
      const words = (each.labels?.[0] || each).cloneNode(true);
      for (const sign of $$("kbd, .faint", words)) sign.remove();
      told.set(key, each.getAttribute("aria-label") || words.textContent.trim() || each.title);
    }
    $("dl", here).replaceChildren(...[...told].map(([key, words]) => {
      const line = document.createElement("div");
      line.append(document.createElement("dt"), document.createElement("dd"));
      for (const part of key.split(" ")) line.firstChild.append(Object.assign(document.createElement("kbd"), { textContent: part }), " ");
      line.lastChild.textContent = words;
      return line;
    }));
    here.hidden = !told.size;
  });
  // A dialog that the server filled opens by itself; focus goes to where something is wrong, or to the first field.
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.elt;
    attend(target);
  });
  function attend(within) {
    const wanted = $("[aria-invalid='true']", within) || $("[data-focus]", within);
    if (!wanted || wanted.type === "file" || wanted.closest("dialog:not([open]), details:not([open])")) return;
    wanted.focus();
    // What is there is written over, except where words are added to a list.
    if (wanted.hasAttribute("data-adds") && wanted.value) wanted.value = `${wanted.value}, `;
    else if (wanted.select && wanted.type === "text") wanted.select();
  }
  const main = $("main");
  if (main) attend(main);
  for (const here of $$(".rail [aria-current], .worth-tabs [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });

  // ---- tables that fold on a phone: the heading of a figure stands beside it, and empty cells take no room
  function label(within) {
    for (const table of $$("table.folds", within)) {
      const heads = $$("thead th", table);
      for (const row of $$("tbody tr", table))
        [...row.cells].forEach((cell, place) => {
          const head = heads[place];
          cell.classList.toggle("void", !cell.textContent.trim() && !$("input, button, svg", cell));
          if (head && place && (head.matches(".number, .told"))) cell.dataset.label = head.textContent.trim();
        });
    }
  }
  label(document);
  document.addEventListener("htmx:afterSettle", (event) => label(event.detail.target?.parentElement || document));

  // ---- keys
  const LEADS = ["g", "r"]; // g goes to a place, r reveals for a reason
  let waiting = "";
  let waitingSince = 0;
  const rows = () => $$("[data-rows] [data-row]").filter((row) => row.offsetParent);
  function move(step) {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
    ($("[data-row-link]", next) || next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return open("palette");
    }
    if (event.key === "Escape") {
      for (const menu of $$("details.menu-of[open]")) {
        menu.open = false;
        $("summary", menu).focus();
      }
      if (typing(event.target) && !event.target.closest?.("dialog")) {
        const cancel = event.target.closest("form")?.querySelector("[data-cancel]");
        cancel ? cancel.click() : event.target.blur();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    const sequence = LEADS.includes(waiting) && Date.now() - waitingSince < 2000 ? `${waiting} ${event.key}` : event.key;
    waiting = event.key;
    waitingSince = Date.now();
    if (LEADS.includes(event.key) && sequence === event.key) return;
    const target = $(`[data-key="${CSS.escape(sequence)}"]`);
    if (target) {
      event.preventDefault();
      if (target.matches("input, select, textarea")) {
        target.focus();
        target.select?.();
      } else target.click();
    } else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") {
      event.preventDefault();
      open("palette");
    } else if (event.key === "?") open("keys");
  });

  // ---- the palette: pages at once, customers from the server while you type
  const palette = $("#palette");
  if (palette) {
    const field = $("input", palette);
    const options = () => $$("[role='option']", palette).filter((option) => !option.hidden);
    function choose(index) {
      const all = options();
      all.forEach((option, place) => option.setAttribute("aria-selected", place === index ? "true" : "false"));
      if (all[index]) {
        field.setAttribute("aria-activedescendant", all[index].id);
        all[index].scrollIntoView({ block: "nearest" });
      } else field.removeAttribute("aria-activedescendant");
    }
    function sift() {
      const wanted = field.value.trim().toLowerCase();
      for (const option of $$("[data-page]", palette)) option.hidden = !option.textContent.toLowerCase().includes(wanted);
      for (const part of $$(".part[data-pages]", palette)) part.hidden = !$$("[data-page]:not([hidden])", palette).length;
      choose(0);
    }
    palette.addEventListener("opened", () => {
      field.select();
      sift();
    });
    field.addEventListener("input", sift);
    palette.addEventListener("htmx:afterSettle", () => choose(0));
    field.addEventListener("keydown", (event) => {
      const all = options();
      const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown") choose(Math.min(all.length - 1, now + 1));
      else if (event.key === "ArrowUp") choose(Math.max(0, now - 1));
      else if (event.key === "Enter" && all[now]) all[now].click();
      else if (event.key === "Escape") palette.close(); // a search field would only be emptied
      else return;
      event.preventDefault();
    });
  }
})();
