// One trial as a story: what was sent, what arrived, what came back, and the fix.

import { ask } from "/static/ask.js";
import { codeBlock, copy, plain } from "/static/code.js";
import { find, make, setText } from "/static/elements.js";
import { fixView, headlineOf, leadOf, violationsView } from "/static/verdict.js";
import { showWire } from "/static/wire.js";

const story = find("#story");
const nginx = find("#nginx");

const PHONE = matchMedia("(max-width: 47.99rem)");

// `edit` gets the bytes that arrived.
export function openStory(install, edit) {
  let current = null;
  let arrived = "";
  let turn = 0;
  nginx.disabled = install !== null;
  if (install !== null) setText(find("#nginx-note"), `${install}.`);

  // A reply to a question that is no longer the current one is dropped.
  async function run(trial, throughNginx = false) {
    const mine = ++turn;
    current = trial;
    nginx.checked = throughNginx && install === null;
    story.ariaBusy = "true";
    const question = { ...trial.question, nginx: nginx.checked };
    const wanted = () => mine === turn;
    const tried = await ask("/trials", question, { failed: showFailure, wanted });
    if (!wanted()) return;
    story.ariaBusy = "false";
    if (tried === null) return;
    arrived = tried.arrived;
    show(trial, tried);
  }

  nginx.addEventListener("change", () => run(current, nginx.checked));
  find("#edit").addEventListener("click", () => edit(arrived));
  find("#copy").addEventListener("click", ({ target }) => copy(current.line, target));
  return run;
}

// Nothing of the trial before stays beside the sentence.
export function showFailure(sentence) {
  find("#outcome").hidden = true;
  setText(find("#trial"), "no response yet");
  setText(find("#cause"), sentence);
  setText(find("#announced"), sentence);
  setText(find("#lead"), "");
}

function show(trial, tried) {
  const { verdict, responses: [ours, ...alone], events } = tried;
  const sentence = headlineOf(verdict);
  find("#outcome").hidden = false;
  find("#copy").hidden = !trial.line;
  setText(find("#trial"), trial.title);
  setText(find("#cause"), sentence);
  setText(find("#lead"), leadOf(verdict, trial.about));
  setText(find("#announced"), `${trial.title}: ${ours.status ?? "no response"}. ${sentence}`);
  showWire(tried);
  find("#alone").replaceChildren(...together(alone).map((one) => responseView(one, ours)));
  find("#ours").replaceChildren(
    responseView(ours, ours),
    ...(events.length ? events.flatMap(eventView) : [make("p", { class: "note" }, "Nothing is logged: this is no handshake.")]),
    violationsView(verdict),
  );
  find("#fixes").replaceChildren(...fixView(verdict));
}

// Two servers that respond alike are one.
function together(responses) {
  const [one, other] = responses;
  const same = one.status === other.status && undated(one) === undated(other);
  return same ? [{ ...one, server: "uvicorn, with wsproto or websockets" }] : responses;
}

function undated({ text, note }) {
  return `${bodyOf(text)}${note ?? ""}`;
}

function responseView(response, ours) {
  const { server, status, text, note } = response;
  return make(
    "div",
    { class: "response" },
    make("p", {}, make("b", { class: "status", "data-outcome": outcomeOf(response, ours) }, String(status ?? "none")), ` ${summaryOf(response, ours)}`),
    make(
      "details",
      response === ours || PHONE.matches ? {} : { open: "" },
      make("summary", {}, response === ours ? "The whole response" : server),
      make("pre", {}, [readable(text), note].filter(Boolean).join("\n")),
    ),
  );
}

// An acceptance of what is broken is no good news.
function outcomeOf({ status }, ours) {
  if (status === null) return "none";
  if (status >= 400) return "rejected";
  return ours.status < 400 ? "accepted" : "none";
}

function summaryOf({ server, status, text, note }, ours) {
  if (status === null) return note ?? "";
  const body = bodyOf(text).trim();
  const problem = problemOf(body);
  if (status < 400) return ours.status < 400 ? "Accepted." : "Accepted, as if nothing were wrong.";
  if (problem?.title) return problem.cause ? problem.detail : problem.title;
  if (body.startsWith("<")) return "A page for the person at the browser.";
  if (body.startsWith("Failed to open")) return body;
  return body ? `${problem?.problem ?? body}, and no reason.` : "No body, and no reason.";
}

function bodyOf(text) {
  const end = text.indexOf("\n\n");
  return end < 0 ? "" : text.slice(end + 2);
}

function problemOf(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

// The head as it came, and a JSON body over several lines.
function readable(text) {
  const problem = problemOf(bodyOf(text));
  if (problem === null) return text.trimEnd();
  return `${text.slice(0, text.indexOf("\n\n"))}\n\n${JSON.stringify(problem, null, 2)}`;
}

function eventView({ line, fields }) {
  return [
    line === null
      ? make("p", { class: "note" }, "Logged at debug, for it is no news.")
      : codeBlock("Your log says", line, { colour: plain }),
    make(
      "details",
      {},
      make("summary", {}, "The event, with all fields"),
      make("pre", {}, Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join("\n")),
    ),
  ];
}
