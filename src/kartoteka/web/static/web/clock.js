// The clocks of promises count down a second at a time; the server sets them right again every few seconds.
(() => {
  const told = (seconds) => {
    const whole = Math.abs(seconds);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const shown = (parts[0] ? parts : parts.slice(1)).map((part, place) => (place ? String(part).padStart(2, "0") : String(part)));
    return (seconds < 0 ? "−" : "") + shown.join(":");
  };
  setInterval(() => {
    for (const clock of document.querySelectorAll("[data-clock]:not([data-stands])")) {
      const left = Number(clock.dataset.clock) - 1;
      clock.dataset.clock = String(left);
      clock.textContent = told(left);
      clock.classList.toggle("clock-late", left < 0 && clock.classList.contains("clock"));
    }
  }, 1000);
})();
