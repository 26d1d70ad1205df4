// Setting up: a link or token copied with one press, a role saved as it is chosen, a field asked only what fits its kind of answer.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // without https there is no clipboard but this
  }
  button.querySelector("span").textContent = button.dataset.copied;
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

function askWhatFits() {
  const type = document.getElementById("type");
  for (const part of document.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(type?.value);
}
document.addEventListener("change", (event) => event.target.id === "type" && askWhatFits());
document.addEventListener("DOMContentLoaded", askWhatFits);
