// Plots: data from a json_script, drawn by ECharts on canvas. The tooltip is drawn too (richText):
// its HTML form would need inline styles, which the content policy refuses.

const root = getComputedStyle(document.documentElement);
const tone = (name) => root.getPropertyValue(`--${name}`).trim();
const TONES = {
  ok: "#2f8f5d", late: "#d69a2d", bad: "#c5393b", exempt: "#b5aca1", draft: "#8a8178",
  info: "#3d78b3", wait: "#7d63b0", gold: "#c8963e", red: "#b3191f",
};
// Distinct in lightness as well as in hue, for eyes that do not tell red from green.
// Red is left to what went wrong.
const CYCLE = ["#4a6d8c", "#c8963e", "#8a5a77", "#5b8f7b", "#7d63b0", "#8a8178", "#c07a5a", "#4f9a9a"];
const INK = tone("ink") || "#26221e";
const SOFT = tone("ink-3") || "#6f675f";
const LINE = tone("line") || "#e7e2db";
const FONT = tone("font") || "sans-serif";
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

let loading = null;
function library(url) {
  loading ??= new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

const show = (value, unit) =>
  value === null || value === undefined ? "—" : `${Math.round(value * 10) / 10}${unit}`;

function common(figure) {
  return {
    animation: !calm,
    animationDuration: 350,
    color: CYCLE,
    textStyle: { fontFamily: FONT, color: INK },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: "#2b2621",
      borderWidth: 0,
      padding: [8, 12],
      textStyle: { color: "#fff", fontFamily: FONT, fontSize: 13 },
    },
    aria: { enabled: true, label: { description: figure.title } },
  };
}

const HEAT = ["#b8322f", "#d9674f", "#efab66", "#f6e0ac", "#cfe0bb", "#8cbd95", "#4c9a6b"];
const axisText = { color: SOFT, fontSize: 12, fontFamily: FONT };
const legend = (extra) => ({
  bottom: 0, icon: "roundRect", itemWidth: 12, itemHeight: 12, itemGap: 18,
  textStyle: { color: SOFT, fontSize: 13, fontFamily: FONT }, ...extra,
});

function axes(figure, narrow) {
  const names = {
    type: "category", data: figure.labels, axisTick: { show: false },
    axisLine: { lineStyle: { color: LINE } },
    axisLabel: {
      ...axisText, hideOverlap: !figure.lying, interval: figure.lying ? 0 : "auto",
      width: figure.lying ? (narrow ? 96 : 150) : undefined, overflow: "truncate",
    },
    inverse: figure.lying,
  };
  const values = {
    type: "value", max: figure.top ?? undefined, minInterval: 1, scale: figure.kind === "line",
    axisLabel: { ...axisText, formatter: (v) => `${v}${figure.unit}` },
    splitLine: { lineStyle: { color: LINE } },
  };
  return figure.lying ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values };
}

function barOrLine(figure, narrow) {
  const line = figure.kind === "line";
  return {
    ...common(figure),
    grid: { left: 4, right: 16, top: 18, bottom: figure.series.length > 1 ? 36 : 6, containLabel: true },
    legend: figure.series.length > 1 ? legend({ type: "scroll" }) : { show: false },
    tooltip: {
      ...common(figure).tooltip,
      trigger: "axis",
      axisPointer: { type: line ? "line" : "shadow", shadowStyle: { color: "rgba(60,40,20,.06)" } },
      formatter: (marks) =>
        [marks[0].axisValueLabel, ...marks.map((m) => `${m.seriesName}　${show(m.value, figure.unit)}`)].join("\n"),
    },
    ...axes(figure, narrow),
    series: figure.series.map((one, i) => ({
      name: one.name,
      type: figure.kind,
      data: one.values,
      stack: figure.stacked && !line ? "all" : undefined,
      itemStyle: {
        color: TONES[one.tone] ?? CYCLE[i % CYCLE.length],
        borderRadius: figure.stacked || line ? 0 : figure.lying ? [0, 3, 3, 0] : [3, 3, 0, 0],
      },
      lineStyle: { width: 2.5 },
      symbol: "circle",
      symbolSize: 8,
      barMaxWidth: 30,
      connectNulls: false,
      emphasis: { focus: figure.series.length > 1 ? "series" : "none" },
      cursor: one.hrefs.length ? "pointer" : "default",
    })),
  };
}

function heat(figure, narrow) {
  const values = figure.cells.map((cell) => cell[2]).filter((v) => v !== null);
  const top = figure.top ?? Math.max(1, ...values);
  return {
    ...common(figure),
    grid: { left: 4, right: 8, top: 4, bottom: 44, containLabel: true },
    tooltip: {
      ...common(figure).tooltip,
      formatter: ({ data }) =>
        `${figure.rows[data.value[1]]}\n${figure.labels[data.value[0]]}　${show(data.value[2], figure.unit)}`,
    },
    xAxis: { type: "category", data: figure.labels, axisTick: { show: false }, axisLine: { show: false }, axisLabel: axisText },
    yAxis: {
      type: "category", data: figure.rows, inverse: true, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { ...axisText, width: narrow ? 84 : 170, overflow: "truncate", interval: 0 },
    },
    visualMap: {
      min: 0, max: top, calculable: false, orient: "horizontal", left: "center", bottom: 0,
      itemWidth: 12, itemHeight: 120, text: [`${top}${figure.unit}`, `0${figure.unit}`],
      textStyle: axisText,
      inRange: { color: HEAT },
    },
    series: [{
      type: "heatmap",
      data: figure.cells.filter((cell) => cell[2] !== null).map((cell) => ({
        value: cell.slice(0, 3), href: cell[3],
        label: { color: cell[2] / top < 0.25 || cell[2] / top > 0.95 ? "#fff" : INK },
      })),
      label: {
        show: !narrow || figure.labels.length <= 6,
        fontSize: 12,
        formatter: ({ data }) => String(Math.round(data.value[2])),
      },
      itemStyle: { borderColor: "#fff", borderWidth: 2, borderRadius: 4 },
      emphasis: { itemStyle: { borderColor: INK, borderWidth: 1.5 } },
      cursor: "pointer",
    }],
  };
}

function donut(figure, narrow) {
  const total = figure.cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0);
  return {
    ...common(figure),
    title: {
      text: show(total, ""), subtext: figure.unit ? `合计（${figure.unit}）` : "合计",
      left: narrow ? "center" : "29%", top: narrow ? "30%" : "38%", textAlign: narrow ? undefined : "center",
      textStyle: { fontSize: 26, fontWeight: 600, color: INK, fontFamily: FONT },
      subtextStyle: { fontSize: 12, color: SOFT, fontFamily: FONT },
    },
    tooltip: {
      ...common(figure).tooltip,
      formatter: (m) => `${m.name}　${show(m.value, figure.unit)}（${m.percent}%）`,
    },
    legend: narrow
      ? legend({ type: "scroll" })
      : legend({
          orient: "vertical", left: "60%", top: "middle", bottom: undefined,
          formatter: (name) => {
            const cell = figure.cells.find((one) => figure.labels[one[0]] === name);
            return `${name}　${show(cell?.[2] ?? 0, figure.unit)}`;
          },
        }),
    series: [{
      type: "pie",
      radius: ["56%", "80%"],
      center: narrow ? ["50%", "44%"] : ["30%", "50%"],
      padAngle: 1.5,
      itemStyle: { borderRadius: 4 },
      label: { show: false },
      data: figure.cells.map(([x, , value, href, name], i) => ({
        name: figure.labels[x], value, href,
        itemStyle: { color: TONES[name] ?? CYCLE[i % CYCLE.length] },
      })),
      cursor: "pointer",
    }],
  };
}

function gauge(figure) {
  const [cell] = figure.cells;
  const value = cell?.[2] ?? null;
  const top = figure.top ?? 100;
  const share = (value ?? 0) / top;
  const name = cell?.[4] || (share >= 0.9 ? "ok" : share >= 0.6 ? "late" : "bad");
  return {
    ...common(figure),
    tooltip: { show: false },
    series: [{
      type: "gauge",
      startAngle: 210, endAngle: -30, min: 0, max: top, radius: "92%", center: ["50%", "56%"],
      progress: { show: true, width: 14, roundCap: true, itemStyle: { color: TONES[name] } },
      axisLine: { roundCap: true, lineStyle: { width: 14, color: [[1, "#efebe5"]] } },
      pointer: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { show: false },
      anchor: { show: false },
      detail: {
        formatter: () => show(value, figure.unit), offsetCenter: [0, "2%"],
        fontSize: 28, fontWeight: 600, color: INK, fontFamily: FONT,
      },
      title: { offsetCenter: [0, "34%"], color: SOFT, fontSize: 13, fontFamily: FONT },
      data: [{ value: value ?? 0, name: figure.labels[0] ?? "", href: cell?.[3] }],
      cursor: cell?.[3] ? "pointer" : "default",
    }],
  };
}

const MAKE = { bar: barOrLine, line: barOrLine, heat, donut, gauge };

function hrefOf(figure, mark) {
  if (mark.data && mark.data.href) return mark.data.href;
  if (mark.seriesIndex === undefined) return "";
  return figure.series[mark.seriesIndex]?.hrefs[mark.dataIndex] ?? "";
}

async function draw(node) {
  if (node.dataset.drawn) return;
  node.dataset.drawn = "1";
  const canvas = node.querySelector(".plot-canvas");
  const figure = JSON.parse(document.getElementById(node.dataset.source).textContent);
  try {
    const echarts = await library(node.dataset.lib);
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    const paint = () => {
      const narrow = canvas.clientWidth < 480;
      chart.setOption(MAKE[figure.kind](figure, narrow), true);
    };
    paint();
    chart.on("click", (mark) => {
      const href = hrefOf(figure, mark);
      if (href) window.location.assign(href);
    });
    let width = canvas.clientWidth;
    new ResizeObserver(() => {
      if (canvas.clientWidth === width || !canvas.clientWidth) return;
      width = canvas.clientWidth;
      chart.resize();
      paint();
    }).observe(canvas);
    node.dataset.ready = "1";
  } catch {
    // No library, no picture: the table says the same.
    node.classList.add("is-plain");
    node.querySelector("details").open = true;
  }
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watcher.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "200px" });

function scan() {
  document.querySelectorAll("[data-plot]:not([data-seen])").forEach((node) => {
    node.dataset.seen = "1";
    watcher.observe(node);
  });
}

scan();
document.addEventListener("htmx:load", scan);
window.addEventListener("beforeprint", () => document.querySelectorAll("[data-plot]").forEach(draw));
