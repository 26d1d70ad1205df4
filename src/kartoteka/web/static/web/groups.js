// The builder of groups: a word that is often written goes into its field by a press.
function offer(root) {
  for (const words of root.querySelectorAll(".rule-often")) words.hidden = false;
}

document.addEventListener("click", (event) => {
  const word = event.target.closest("[data-adds]");
  if (!word) return;
  const field = document.getElementById(word.dataset.adds);
  const lines = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const text = word.textContent.trim();
  field.value = (lines.includes(text) ? lines.filter((line) => line !== text) : [...lines, text]).join("\n");
  field.rows = Math.max(1, field.value.split("\n").length);
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
// A button that changed the conditions is gone with them: the keyboard goes on at what is new.
document.addEventListener("shaped", (event) => document.getElementById(event.detail.focus)?.focus());
document.addEventListener("htmx:load", (event) => offer(event.target));
offer(document);
