/* Charts of [data-chart]: the data stands in a JSON script beside, the colours in tokens.css. The table says the same. */
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const language = document.documentElement.lang || "en";
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

  const option = (data) => {
    const colours = [token("--accent"), token("--episodic"), token("--value")];
    const line = token("--line");
    const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: token("--ink-soft") }, splitLine: { lineStyle: { color: line } } };
    const across = data.kind === "curves"
      ? { ...axis, type: "value", min: 0, max: 100, name: data.x, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: token("--ink-soft") } }
      : { ...axis, type: "category", data: data.labels, axisTick: { show: false } };
    return {
      animation: false,
      color: colours,
      textStyle: { fontFamily: token("--font") || "system-ui" },
      grid: { left: 8, right: 12, top: 36, bottom: data.kind === "curves" ? 32 : 8, containLabel: true },
      legend: { top: 0, textStyle: { color: token("--ink-soft") } },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value === undefined ? "" : whole.format(value)) },
      xAxis: across,
      yAxis: { ...axis, type: "value", axisLabel: { color: token("--ink-soft"), formatter: (value) => short.format(value) } },
      series: data.series.map((each) => ({ ...each, showSymbol: each.data.length < 20, barMaxWidth: 36, lineStyle: { width: 2 } })),
    };
  };

  const start = () => {
    if (!window.echarts) return;
    const drawn = [...document.querySelectorAll("[data-chart]")].map((place) => {
      const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
      const chart = window.echarts.init(place, null, { renderer: "canvas" });
      const draw = () => chart.setOption(option(data), true);
      draw();
      return { chart, draw };
    });
    window.addEventListener("resize", () => drawn.forEach(({ chart }) => chart.resize()));
    window.addEventListener("beforeprint", () => drawn.forEach(({ chart }) => chart.resize()));
    new MutationObserver(() => drawn.forEach(({ draw }) => draw()))
      .observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
