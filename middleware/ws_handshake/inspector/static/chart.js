// The chart: handshakes per second in the last two minutes, by outcome or by reason.

import { find, make, setText } from "./dom.js";
import { byOutcome, reasonLayers, stacked } from "./layers.js";
import { KEPT_SECONDS } from "./recent.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 100;
const LEAST_TOP = 4;
const BAR = 0.86;

export function openChart(place, recent) {
  const layersOf = { outcome: byOutcome, reason: reasonLayers() };
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${KEPT_SECONDS} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("role", "img");
  const top = make("span", { class: "top" });
  const legend = make("ul", { class: "legend" });
  place.append(
    make("div", { class: "chart-bar" }, make("h3", {}, "Per second"), choiceView(draw)),
    make("div", { class: "plot" }, top, drawing),
    make("p", { class: "ages", "aria-hidden": "true" }, make("span", {}, "2 minutes ago"), make("span", {}, "now")),
    legend,
  );

  function draw() {
    const seconds = recent.window();
    const layers = layersOf[find("input:checked", place).value](seconds);
    const sums = stacked(layers);
    const most = Math.max(...sums.at(-1));
    const scale = HEIGHT / topOf(most);
    setText(top, topOf(most).toLocaleString("en"));
    drawing.setAttribute("aria-label", sentence(seconds, most));
    showBars(drawing, layers.map(({ series }, at) => ({ series, path: barsOf(sums[at - 1], sums[at], scale) })));
    showLegend(legend, layers);
  }

  return { draw };
}

// The next of 1, 2, 4 or 5 times a power of ten, so that it does not move all the time.
function topOf(most) {
  const wanted = Math.max(most, LEAST_TOP);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * [1, 2, 4, 5, 10].find((step) => step * power >= wanted);
}

function barsOf(below, above, scale) {
  return above.map((sum, at) => {
    const from = below?.[at] ?? 0;
    if (sum === from) return "";
    const [bottom, height] = [HEIGHT - from * scale, (sum - from) * scale];
    return `M${at + (1 - BAR) / 2} ${bottom.toFixed(2)}v-${height.toFixed(2)}h${BAR}v${height.toFixed(2)}z`;
  }).join("");
}

function showBars(drawing, bars) {
  while (drawing.children.length < bars.length) {
    drawing.append(document.createElementNS(SVG, "path"));
  }
  [...drawing.children].forEach((path, at) => {
    path.setAttribute("d", bars[at]?.path ?? "");
    path.dataset.series = bars[at]?.series ?? "";
  });
}

function choiceView(changed) {
  const choices = ["outcome", "reason"].map((name, at) => {
    const input = make("input", { type: "radio", name: "drawn", value: name, checked: at === 0 ? "" : null });
    input.addEventListener("change", changed);
    return make("label", {}, input, ` by ${name}`);
  });
  return make("fieldset", { class: "choice" }, make("legend", { class: "unseen" }, "Drawn"), ...choices);
}

function sentence(seconds, most) {
  const [accepted, rejected] = byOutcome(seconds);
  return `Handshakes per second in the last two minutes: ${accepted.total} accepted, `
    + `${rejected.total} rejected, at most ${most} in a second.`;
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
    const swatch = make("span", { class: "swatch", "data-series": series });
    entry.replaceChildren(swatch, make("span", { class: "name" }, name), make("span", { class: "total" }));
  }
  setText(entry.lastChild, total.toLocaleString("en"));
}
