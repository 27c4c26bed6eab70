// The respond with the guard and the one without, and the log events beside them.

import { eventView } from "/static/event.js";
import { find, make, say } from "/static/elements.js";

const bytes = find("#bytes");
const events = find("#events");

const WAITING = { status: null, text: "", note: null };

const shown = { on: WAITING, off: WAITING, events: [] };

for (const choice of document.querySelectorAll("input[name=guard]")) {
  choice.addEventListener("change", showChosen);
}

export function showResponse(guard, response) {
  shown[guard ? "on" : "off"] = response;
  showGuard("on");
  showGuard("off");
  showChosen();
}

export function showEvents(some) {
  shown.events = some;
  showLogged();
}

export function showNever(why) {
  const nothing = { ...WAITING, note: why, never: true };
  showResponse(true, nothing);
  showResponse(false, nothing);
  showEvents([]);
}

// What is shown belongs to what was there before.
export function showStale(why) {
  say(find("#responded"), why);
  for (const part of [bytes, events]) part.classList.add("stale");
}

function showGuard(name) {
  const response = shown[name];
  const badge = find(`#status-${name}`);
  say(badge, response === WAITING ? "" : String(response.status ?? "none"));
  badge.dataset.outcome = outcomeOf(response);
  say(find(`#said-${name}`), sentenceOf(response));
}

function showChosen() {
  const { status, text, note } = shown[chosen()];
  const parts = [readable(text), note].filter(Boolean);
  bytes.classList.remove("stale");
  bytes.textContent = parts.join("\n\n");
  bytes.scrollTop = 0;
  const who = chosen() === "on" ? "ws-handshake" : "uvicorn alone";
  say(find("#responded"), status === null ? "" : `${status} from ${who}`);
  showLogged();
}

function showLogged() {
  const some = chosen() === "on" ? shown.events : [];
  events.classList.remove("stale");
  events.replaceChildren(...some.map(eventView));
  if (some.length === 0) events.append(make("p", { class: "note" }, silence()));
  say(find("#logged"), some.length === 1 ? "one event" : `${some.length} events`);
}

function silence() {
  return chosen() === "on" ? "Nothing yet." : "Without the guard there is no event.";
}

function chosen() {
  return find("input[name=guard]:checked").value;
}

function outcomeOf({ status }) {
  if (status === null) return "none";
  return status < 400 ? "accepted" : "rejected";
}

function sentenceOf(response) {
  const { status, text, note } = response;
  if (response.never) return "Nothing was sent.";
  if (status === null) return note ?? "";
  if (status < 400) return shown.on.status < 400 ? "Accepted." : "Accepted, as if nothing were wrong.";
  const problem = problemOf(text);
  if (problem?.title) return problem.title;
  const body = problem?.problem ?? bodyOf(text).trim();
  if (body.startsWith("<")) return "A page, for the person at the browser.";
  return body ? `“${body}”, and no reason.` : "An empty response. Nobody learns why.";
}

function bodyOf(text) {
  const end = text.indexOf("\n\n");
  return end < 0 ? "" : text.slice(end);
}

function problemOf(text) {
  try {
    return JSON.parse(bodyOf(text));
  } catch {
    return null;
  }
}

// The head as it came, and JSON set in lines.
function readable(text) {
  const problem = problemOf(text);
  if (problem === null) return text;
  return `${text.slice(0, text.indexOf("\n\n"))}\n\n${JSON.stringify(problem, null, 2)}`;
}
