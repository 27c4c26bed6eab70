// The workbench: what was picked is sent twice, with the guard and without, and shown.

import { ask, Unanswered } from "/static/ask.js";
import { showAnswer, showEvents, showNever, showStale } from "/static/answer.js";
import { find, say } from "/static/elements.js";
import { openEditor } from "/static/editor.js";

const about = find("#about");
const answer = find("#answer");
const copy = find("#copy");
const nginx = find("#nginx");

export function openBench() {
  const editor = openEditor(edited);
  let current = null; // the trial in the editor, or null once it was edited
  let turn = 0;
  let tellEdited = () => {};

  function run(trial) {
    current = trial;
    offer(trial.line);
    if (trial.never) {
      turn += 1;
      delete answer.dataset.waiting;
      say(about, "This cannot happen on this server. Why stands beside it.");
      editor.show("");
      showNever(trial.never);
    } else {
      say(about, trial.about);
      send({ trial: trial.id });
    }
  }

  // Answers to what is no longer the question are dropped.
  async function send(question) {
    const mine = ++turn;
    const through = nginx.checked ? "nginx" : "direct";
    showStale("waiting");
    answer.dataset.waiting = "";
    for (const guard of [true, false]) {
      const told = await answerTo({ ...question, through, guard });
      if (mine !== turn) return;
      if (guard && told.sent && question.trial !== "own") editor.show(told.sent);
      if (guard) showEvents(told.events);
      showAnswer(guard, told.answer);
    }
    delete answer.dataset.waiting;
  }

  function edited() {
    turn += 1;
    delete answer.dataset.waiting;
    current = null;
    offer(null);
    say(about, "Your own request. Send it, and see what comes back.");
    showStale("from before your edit");
    tellEdited();
  }

  function again() {
    if (current) run(current);
  }

  editor.whenSent(() => (current ? again() : send({ trial: "own", head: editor.text() })));
  nginx.addEventListener("change", again);
  return { run, whenEdited: (tell) => { tellEdited = tell; } };
}

async function answerTo(question) {
  try {
    return await ask("/trials", question);
  } catch (fault) {
    if (!(fault instanceof Unanswered)) throw fault;
    return { sent: "", events: [], answer: { status: null, text: "", note: fault.message } };
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
