// The inspector: reads the catalogue, listens to the live stream, and fills the panes.

import { ask, RequestFailed } from "/static/ask.js";
import { openChart } from "/static/chart.js";
import { find, setText } from "/static/elements.js";
import { openEvent } from "/static/event.js";
import { throttled } from "/static/frames.js";
import { listen } from "/static/live.js";
import { openPanel } from "/static/panel.js";
import { Recent } from "/static/recent.js";
import { openTable } from "/static/table.js";
import { openWorkbench } from "/static/workbench.js";

const recent = new Recent();
const chart = openChart(find("#chart"), find("#legend"), recent);
const table = openTable(find("#rows"), find("#held"), recent, openEvent);
const pause = find("#pause");

const draw = throttled(() => {
  if (isPaused()) {
    table.showHeld();
    return;
  }
  showCounts(recent.counts);
  chart.draw();
  table.draw();
});

pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  table.pause(isPaused());
  draw();
});

listen({
  hello: (message) => { recent.restart(message); draw(); },
  batch: (message) => { recent.add(message); draw(); },
});

// Time goes on in the chart even when nothing happens.
setInterval(draw, 1000);

try {
  openPanel(await ask("/catalogue.json"), openWorkbench());
} catch (error) {
  if (!(error instanceof RequestFailed)) throw error;
  setText(find("#about"), error.message);
}

function isPaused() {
  return pause.getAttribute("aria-pressed") === "true";
}

// All of them since the start of the server.
function showCounts({ accepted, rejected, dropped_pages: dropped }) {
  for (const [name, count] of Object.entries({ accepted, rejected, dropped })) {
    setText(find(`#count-${name}`), count.toLocaleString("en"));
  }
}
