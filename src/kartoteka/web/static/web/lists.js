// Lists: ticking many, choosing columns, marking filters that are set.
document.addEventListener("alpine:init", () => {
  Alpine.data("ticks", () => ({
    some: false,
    words: "",
    boxes() {
      return [...this.$root.querySelectorAll("input[name='customer']")];
    },
    all(event) {
      for (const box of this.boxes()) box.checked = event.target.checked;
      this.count();
    },
    count() {
      const ticked = this.boxes().filter((box) => box.checked).length;
      const words = this.$root.querySelector("[data-many]");
      this.some = ticked > 0;
      this.words = ticked === 1 ? words.dataset.one : words.dataset.many.replace("#", ticked);
      words.closest(".many").hidden = !this.some;
    },
  }));
});
document.addEventListener("DOMContentLoaded", () => {
  for (const list of document.querySelectorAll("[data-sortable]")) Sortable.create(list, { animation: 120 });
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-marks]")) event.target.classList.toggle("set", Boolean(event.target.value));
});
