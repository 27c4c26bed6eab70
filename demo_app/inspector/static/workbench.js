// The workbench: sends what was picked twice, with ws-handshake and to uvicorn alone.

import { ask, RequestFailed } from "/static/ask.js";
import { openEditor } from "/static/editor.js";
import { find, setText } from "/static/elements.js";
import { showEvents, showNever, showResponse, showStale } from "/static/response.js";

const about = find("#about");
const response = find("#response");
const copy = find("#copy");
const nginx = find("#nginx");

export function openWorkbench() {
  const editor = openEditor(edited);
  let current = null; // the trial in the editor, or null once it was edited
  let turn = 0;
  let afterEdit = () => {};

  function run(trial) {
    current = trial;
    offer(trial.line);
    if (trial.never) {
      turn += 1;
      delete response.dataset.waiting;
      setText(about, "This cannot happen on this server. The Response pane says why.");
      editor.show("");
      showNever(trial.never);
    } else {
      setText(about, trial.about);
      send({ trial: trial.id });
    }
  }

  // A reply to a question that is no longer the current one is dropped.
  async function send(question) {
    const mine = ++turn;
    const through = nginx.checked ? "nginx" : "direct";
    showStale("waiting");
    response.dataset.waiting = "";
    for (const withWsHandshake of [true, false]) {
      const reply = await replyTo({ ...question, through, with_ws_handshake: withWsHandshake });
      if (mine !== turn) return;
      if (withWsHandshake) {
        if (reply.sent && question.trial !== "own") editor.show(reply.sent);
        showEvents(reply.events);
      }
      showResponse(withWsHandshake, reply.response);
    }
    delete response.dataset.waiting;
  }

  function edited() {
    turn += 1;
    delete response.dataset.waiting;
    current = null;
    offer(null);
    setText(about, "Your own request. Send it, and see what comes back.");
    showStale("from before your edit");
    afterEdit();
  }

  function again() {
    if (current) run(current);
  }

  editor.whenSent(() => (current ? again() : send({ trial: "own", head: editor.text() })));
  nginx.addEventListener("change", again);
  return { run, whenEdited: (listener) => { afterEdit = listener; } };
}

async function replyTo(question) {
  try {
    return await ask("/trials", question);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return { sent: "", events: [], response: { status: null, text: "", note: error.message } };
  }
}

// The command for a terminal, where there is one.
function offer(line) {
  copy.hidden = !line;
  copy.onclick = () => copyLine(line);
}

async function copyLine(line) {
  try {
    await navigator.clipboard.writeText(line);
    copy.textContent = "Copied";
  } catch {
    // not every page may write to the clipboard
    copy.textContent = "Not allowed";
  }
  setTimeout(() => { copy.textContent = "Copy curl"; }, 2000);
}
