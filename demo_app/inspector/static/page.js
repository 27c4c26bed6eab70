// The page: reads the catalogue, tells one story, and listens to the live stream.

import { ask } from "/static/ask.js";
import { openChart } from "/static/chart.js";
import { openEditor } from "/static/editor.js";
import { find, setText } from "/static/elements.js";
import { openEvent } from "/static/event.js";
import { throttled } from "/static/frames.js";
import { listen } from "/static/live.js";
import { Recent } from "/static/recent.js";
import { openStory, showFailure } from "/static/story.js";
import { openTable } from "/static/table.js";
import { markTrial, openTrials } from "/static/trials.js";

const FIRST = "proxy_stripped_upgrade";

openLive();
const catalogue = await ask("/catalogue.json", null, { failed: showFailure });
if (catalogue !== null) openRest(catalogue);

function openRest({ nginx, ...trials }) {
  const edit = openEditor(sendOwn);
  const run = openStory(nginx, edit);
  const byId = openTrials(trials, choose);

  // This trial is what nginx does, so nginx does it.
  function choose(trial) {
    markTrial(trial.id);
    run({ ...trial, question: { trial: trial.id } }, trial.id === FIRST);
  }

  function sendOwn(head) {
    markTrial(null);
    run({ title: "Your own request", about: "", line: null, question: { head } });
    find("#story").scrollIntoView();
  }

  // The address may name a trial: /#key_missing.
  function chooseNamed() {
    const trial = byId.get(location.hash.slice(1));
    if (trial) choose(trial);
    return trial !== undefined;
  }

  addEventListener("hashchange", chooseNamed);
  if (!chooseNamed()) choose(byId.get(FIRST));
}

function openLive() {
  const recent = new Recent();
  const chart = openChart(find("#chart"), find("#legend"), recent);
  const table = openTable(find("#rows"), find("#held"), recent, openEvent);
  const pause = find("#pause");
  const isPaused = () => pause.getAttribute("aria-pressed") === "true";

  const draw = throttled(() => {
    if (isPaused()) {
      table.showHeld();
      return;
    }
    for (const name of ["accepted", "rejected"]) {
      setText(find(`#count-${name}`), recent.counts[name].toLocaleString("en"));
    }
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
}
