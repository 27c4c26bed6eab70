// The workbench: what was picked is sent twice, with the guard and without, and shown.

import { ask, Unanswered } from "/static/ask.js";
import { showResponse, showEvents, showNever, showStale } from "/static/response.js";
import { find, say } from "/static/elements.js";
import { openEditor } from "/static/editor.js";

const about = find("#about");
const response = find("#response");
const copy = find("#copy");
const nginx = find("#nginx");

export function openBench() {
  const editor = openEditor(edited);
  let current = null; // the trial in the editor, or null once it was edited
  let turn = 0;
  let reportEdited = () => {};

  function run(trial) {
    current = trial;
    offer(trial.line);
    if (trial.never) {
      turn += 1;
      delete response.dataset.waiting;
      say(about, "This cannot happen on this server. Why stands beside it.");
      editor.show("");
      showNever(trial.never);
    } else {
      say(about, trial.about);
      send({ trial: trial.id });
    }
  }

  // Responds to what is no longer the question are dropped.
  async function send(question) {
    const mine = ++turn;
    const through = nginx.checked ? "nginx" : "direct";
    showStale("waiting");
    response.dataset.waiting = "";
    for (const guard of [true, false]) {
      const reported = await responseTo({ ...question, through, guard });
      if (mine !== turn) return;
      if (guard && reported.sent && question.trial !== "own") editor.show(reported.sent);
      if (guard) showEvents(reported.events);
      showResponse(guard, reported.response);
    }
    delete response.dataset.waiting;
  }

  function edited() {
    turn += 1;
    delete response.dataset.waiting;
    current = null;
    offer(null);
    say(about, "Your own request. Send it, and see what comes back.");
    showStale("from before your edit");
    reportEdited();
  }

  function again() {
    if (current) run(current);
  }

  editor.whenSent(() => (current ? again() : send({ trial: "own", head: editor.text() })));
  nginx.addEventListener("change", again);
  return { run, whenEdited: (tell) => { reportEdited = tell; } };
}

async function responseTo(question) {
  try {
    return await ask("/trials", question);
  } catch (fault) {
    if (!(fault instanceof Unanswered)) throw fault;
    return { sent: "", events: [], response: { status: null, text: "", note: fault.message } };
  }
}

// The line for a terminal, where there is one.
function offer(line) {
  copy.hidden = !line;
  copy.onclick = () => copyLine(line);
}

async function copyLine(line) {
  try {
    await navigator.clipboard.writeText(line);
    copy.textContent = "Copied";
  } catch {
    // not every page may write there
    copy.textContent = "Not allowed";
  }
  setTimeout(() => { copy.textContent = "Copy curl"; }, 2000);
}
