// The inspector: reads the catalogue, listens to the handshakes, and sets up the panes.

import { ask, Unanswered } from "/static/ask.js";
import { openBench } from "/static/bench.js";
import { openChart } from "/static/chart.js";
import { showCounts } from "/static/counters.js";
import { find, say } from "/static/elements.js";
import { openEvent } from "/static/event.js";
import { nowAndThen } from "/static/frames.js";
import { Ledger } from "/static/ledger.js";
import { listen } from "/static/live.js";
import { openPanel } from "/static/panel.js";
import { openTable } from "/static/table.js";

const ledger = new Ledger();
const chart = openChart(find("#chart"), find("#legend"), ledger);
const table = openTable(find("#rows"), find("#held"), ledger, openEvent);
const pause = find("#pause");

const draw = nowAndThen(() => {
  if (isPaused()) {
    table.reportHeld();
    return;
  }
  showCounts(ledger.counts);
  chart.draw();
  table.draw();
});

pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  table.pause(isPaused());
  draw();
});

listen({
  hello: (reported) => { ledger.restart(reported); draw(); },
  batch: (reported) => { ledger.add(reported); draw(); },
});

// Time goes on in the chart even when nothing happens.
setInterval(draw, 1000);

try {
  openPanel(await ask("/catalogue.json"), openBench());
} catch (fault) {
  if (!(fault instanceof Unanswered)) throw fault;
  say(find("#about"), fault.message);
}

function isPaused() {
  return pause.getAttribute("aria-pressed") === "true";
}
