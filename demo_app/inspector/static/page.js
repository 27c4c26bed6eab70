// The page: reads the catalogue, shows one story, and listens to the live stream.

import { openLive } from "/_handshakes/static/live.js";
import { ask } from "/static/ask.js";
import { openEditor } from "/static/editor.js";
import { find } from "/static/elements.js";
import { openStory, showFailure } from "/static/story.js";
import { markTrial, openTrials } from "/static/trials.js";

const FIRST = "proxy_stripped_upgrade";

openLive(find("#handshakes"), { pages: (kind, code) => `/${kind}s/${encodeURIComponent(code)}` });
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
