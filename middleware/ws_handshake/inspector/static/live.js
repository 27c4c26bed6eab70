// The live part of a page: counts, chart, list, and the details of one handshake.
//
// openLive(place) fills an element, and connects to the inspector that this file is from.
// The page has live.css, views.css, and theme.css or its own colours under the same names.

import { openChart } from "./chart.js";
import { configView } from "./details.js";
import { make, setText } from "./dom.js";
import { throttled } from "./frames.js";
import { openPane } from "./pane.js";
import { Recent } from "./recent.js";
import { clockAt, outcomeOf } from "./record.js";
import { listen } from "./stream.js";
import { openTable } from "./table.js";

const TRY = `curl -i ${location.origin}/ws -H 'Sec-WebSocket-Key: AAAA'`;

export function openLive(place, { pages = undefined, connected = () => {} } = {}) {
  const parts = partsOf();
  const recent = new Recent();
  const chart = openChart(parts.chart, recent);
  const pane = openPane(parts.details, pages, (number) => table.choose(number));
  const table = openTable(parts.list, recent, {
    opened: pane.open,
    focused: pane.follow,
    wanted: (record) => !parts.only.checked || outcomeOf(record) === "rejected",
    released: () => draw(),
  });
  let isPaused = false;

  const draw = throttled(() => {
    if (!isPaused) {
      showCounts(parts, recent);
      chart.draw();
      table.draw();
      pane.showNewest(recent.records);
    }
    place.dataset.empty = String(recent.records.length === 0);
    setText(parts.held, heldSentence(table.held()));
  });

  parts.pause.addEventListener("click", () => {
    isPaused = !isPaused;
    setText(parts.pause, isPaused ? "Resume" : "Pause");
    table.pause(isPaused);
    draw();
  });
  parts.only.addEventListener("change", draw);

  place.classList.add("live");
  place.append(parts.bar, parts.chart, parts.list, parts.empty, parts.details);
  listen({
    received: (fresh, counted) => {
      if (recent.add(fresh, counted)) pane.forget();
      draw();
    },
    stateChanged: (name, sentence) => {
      if (name === "open" && place.dataset.state !== "open") connected();
      place.dataset.state = name;
      setText(parts.state, sentence);
    },
  });
  // Time goes on in the chart even when nothing happens.
  setInterval(draw, 1000);
}

function partsOf() {
  const state = make("p", { class: "state", role: "status" });
  const held = make("p", { class: "held note" });
  const pause = make("button", { type: "button", class: "pause" }, "Pause");
  const only = make("input", { type: "checkbox" });
  const accepted = make("b", { class: "valid" }, "0");
  const rejected = make("b", { class: "rejected" }, "0");
  const since = make("span", {});
  const counts = make("p", { class: "counts" }, accepted, " accepted, ", rejected, " rejected ", since);
  const choice = make("label", { class: "only" }, only, " rejected only");
  return {
    ...{ state, held, pause, only, accepted, rejected, since },
    bar: make("div", { class: "live-bar" }, state, counts, held, choice, pause),
    chart: make("div", { class: "chart" }),
    list: make("div", { class: "list" }),
    empty: emptyView(),
    details: make("dialog", { class: "details", "aria-label": "One handshake" }),
  };
}

function emptyView() {
  return make(
    "div",
    { class: "empty" },
    make("h3", {}, "No handshake has come yet"),
    make("p", {}, "Connect to a WebSocket of this application, or send a broken handshake:"),
    configView({ place: "A terminal", lines: TRY }),
  );
}

// All of them since the start of the server.
function showCounts({ accepted, rejected, since }, { counts, started }) {
  setText(accepted, counts.accepted.toLocaleString("en"));
  setText(rejected, counts.rejected.toLocaleString("en"));
  setText(since, started === null ? "" : `since ${clockAt(started * 1000)}`);
}

function heldSentence({ waiting, why }) {
  const number = waiting.toLocaleString("en");
  if (why === "paused") return `This page is paused, the application is not: ${number} new`;
  return why === "still" ? `Holding still: ${number} new` : "";
}
