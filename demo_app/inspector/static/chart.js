// The chart: handshakes per second in the last two minutes, by outcome or by reason.

import uPlot from "/static/vendor/uplot/uPlot.esm.js";

import { make, reasonLink, setText } from "/static/elements.js";
import { byOutcome, reasonLayers, stacked } from "/static/layers.js";
import { KEPT_SECONDS } from "/static/recent.js";

const COLOURS = {
  accepted: "--series-4",
  rejected: "--series-1",
  rest: "--series-rest",
};

const LEAST_TOP = 5;

// Seconds before now, so that the axis does not move.
const AGES = Array.from({ length: KEPT_SECONDS }, (_, index) => index + 1 - KEPT_SECONDS);

export function openChart(place, legend, recent) {
  const layersOf = { outcome: byOutcome, reason: reasonLayers() };
  let plot = null;

  function draw() {
    const layers = layersOf[chosen()](recent.window());
    plot ??= plotted(place, layers);
    // the highest is drawn first, and each of the others over it
    plot.setData([AGES, ...stacked(layers).reverse()]);
    place.setAttribute("aria-label", sentence(recent.window()));
    showLegend(legend, layers);
  }

  function redraw() {
    plot?.destroy();
    plot = null;
    draw();
  }

  new ResizeObserver(() => plot?.setSize(sizeOf(place))).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  for (const choice of choices()) choice.addEventListener("change", redraw);
  return { draw };
}

function choices() {
  return document.querySelectorAll("input[name=drawn]");
}

function chosen() {
  return document.querySelector("input[name=drawn]:checked").value;
}

function plotted(place, layers) {
  const colour = colours();
  const bars = uPlot.paths.bars({ size: [0.9, 40], gap: 0 });
  const options = {
    ...sizeOf(place),
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [1 - KEPT_SECONDS - 0.5, 0.5] },
      y: { range: (_, __, most) => [0, Math.max(LEAST_TOP, most * 1.1)] },
    },
    axes: [across(colour), upward(colour)],
    series: [
      {},
      ...layers.map(({ series }) => ({
        paths: bars,
        points: { show: false },
        fill: colour(COLOURS[series] ?? `--series-${series}`),
        width: 0,
      })).reverse(),
    ],
  };
  return new uPlot(options, [AGES, ...layers.map(({ values }) => values)], place);
}

function across(colour) {
  return {
    ...axis(colour),
    size: 26,
    splits: () => [-120, -90, -60, -30, 0],
    values: (_, ages) => ages.map((age) => (age === 0 ? "now" : `${-age} s`)),
    grid: { show: false },
  };
}

function upward(colour) {
  return {
    ...axis(colour),
    size: 44,
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
    space: 28,
  };
}

function axis(colour) {
  return {
    stroke: colour("--soft"),
    font: "11px system-ui, sans-serif",
    ticks: { show: false },
    grid: { stroke: colour("--line"), width: 1 },
  };
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

function sizeOf(place) {
  return { width: place.clientWidth, height: place.clientHeight };
}

function sentence(seconds) {
  const [accepted, rejected] = byOutcome(seconds);
  return `Handshakes per second in the last two minutes: ${accepted.total} accepted, `
    + `${rejected.total} rejected.`;
}

function showLegend(legend, layers) {
  const shown = layers.filter(({ name }) => name !== null);
  while (legend.children.length > shown.length) legend.lastChild.remove();
  shown.forEach((layer, index) => showEntry(legend, layer, index));
}

function showEntry(legend, { series, name, total }, index) {
  const entry = legend.children[index] ?? legend.appendChild(make("li"));
  if (entry.dataset.name !== name) {
    entry.dataset.name = name;
    const label = name.includes("_") ? reasonLink(name) : make("span", {}, name);
    label.classList.add("name");
    const swatch = make("span", { class: "swatch", "data-series": series });
    entry.replaceChildren(swatch, label, make("span", { class: "total" }));
  }
  setText(entry.lastChild, total.toLocaleString("en"));
}
