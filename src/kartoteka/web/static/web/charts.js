/* Charts of [data-chart]: the data stands in a JSON script beside, the colours in tokens.css. The table says the same. */
(() => {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const language = document.documentElement.lang || "en";
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

  // Paths: from the left to the right, a column a step. Nodes are named by step and page, and shown by their page.
  const paths = (data) => ({
    animation: false,
    textStyle: { fontFamily: token("--font") || "system-ui" },
    tooltip: { trigger: "item", renderMode: "richText", formatter: ({ dataType, data: each, value, name }) =>
      `${dataType === "edge" ? [each.source, each.target].map(page).join(" → ") : page(name)}: ${whole.format(value)}` },
    series: [{
      type: "sankey", left: 0, right: innerWidth < 600 ? 90 : 150, top: 8, bottom: 8, nodeGap: 10, nodeWidth: 10, draggable: false, layoutIterations: 0,
      data: data.nodes.map((each) => ({ name: each.name, depth: each.depth, itemStyle: { color: token("--accent") } })),
      links: data.links,
      lineStyle: { color: token("--accent"), opacity: 0.2 },
      label: { color: token("--ink"), textBorderWidth: 0, formatter: ({ name }) => shortened(page(name)) },
    }],
  });
  const page = (name) => name.slice(name.indexOf("\n") + 1);
  const shortened = (text, most = 24) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  // A list of bars, the longest on top, with room for what they are called.
  const list = (data) => {
    const ink = token("--ink-soft"), line = token("--line");
    return {
      animation: false,
      color: [token("--accent")],
      textStyle: { fontFamily: token("--font") || "system-ui" },
      grid: { left: 8, right: 24, top: 8, bottom: 28, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, valueFormatter: (value) => whole.format(value) },
      xAxis: { type: "value", name: data.series[0].name, nameLocation: "middle", nameGap: 24, nameTextStyle: { color: ink },
        axisLabel: { color: ink, formatter: (value) => short.format(value), hideOverlap: true }, splitLine: { lineStyle: { color: line } } },
      yAxis: { type: "category", inverse: true, data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
        axisLabel: { color: ink, interval: 0, formatter: (label) => shortened(label, innerWidth < 600 ? 18 : 40) } },
      series: data.series.map((each) => ({ ...each, barMaxWidth: 22 })),
    };
  };

  const option = (data) => {
    if (data.kind === "paths") return paths(data);
    if (data.kind === "list") return list(data);
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
      yAxis: { ...axis, type: "value", ...(data.kind === "curves" ? { max: ({ max }) => Math.max(100, max) } : {}), axisLabel: { color: token("--ink-soft"), formatter: (value) => short.format(value) } },
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
