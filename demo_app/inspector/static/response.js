// The responses with ws-handshake and of uvicorn alone, and the events in the log.

import { find, make, setText } from "/static/elements.js";
import { eventView } from "/static/event.js";

const WITH_WS_HANDSHAKE = "with-ws-handshake";
const UVICORN_ALONE = "uvicorn-alone";

const bytes = find("#bytes");
const events = find("#events");

const WAITING = { status: null, text: "", note: null };

const shown = { [WITH_WS_HANDSHAKE]: WAITING, [UVICORN_ALONE]: WAITING, events: [] };

for (const choice of document.querySelectorAll("input[name=server]")) {
  choice.addEventListener("change", showChosen);
}

export function showResponse(withWsHandshake, response) {
  shown[withWsHandshake ? WITH_WS_HANDSHAKE : UVICORN_ALONE] = response;
  showSummary(WITH_WS_HANDSHAKE);
  showSummary(UVICORN_ALONE);
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

// Until the next response is there, the last one is marked as not current.
export function showStale(why) {
  setText(find("#responded"), why);
  for (const part of [bytes, events]) part.classList.add("stale");
}

function showSummary(server) {
  const response = shown[server];
  const badge = find(`#status-${server}`);
  const nothing = response === WAITING || response.never;
  setText(badge, nothing ? "" : String(response.status ?? "none"));
  badge.dataset.outcome = outcomeOf(response);
  setText(find(`#summary-${server}`), summaryOf(response));
}

function showChosen() {
  const { status, text, note } = shown[chosen()];
  const parts = [readable(text), note].filter(Boolean);
  bytes.classList.remove("stale");
  bytes.textContent = parts.join("\n\n");
  bytes.scrollTop = 0;
  const who = chosen() === WITH_WS_HANDSHAKE ? "with ws-handshake" : "from uvicorn alone";
  setText(find("#responded"), status === null ? "" : `${status} ${who}`);
  showLogged();
}

function showLogged() {
  const some = chosen() === WITH_WS_HANDSHAKE ? shown.events : [];
  events.classList.remove("stale");
  events.replaceChildren(...some.map(eventView));
  if (some.length === 0) events.append(make("p", { class: "note" }, whyEmpty()));
  setText(find("#logged"), some.length === 1 ? "1 event" : `${some.length} events`);
}

function whyEmpty() {
  return chosen() === WITH_WS_HANDSHAKE ? "No event yet." : "uvicorn alone writes no event.";
}

function chosen() {
  return find("input[name=server]:checked").value;
}

function outcomeOf({ status }) {
  if (status === null) return "none";
  return status < 400 ? "accepted" : "rejected";
}

function summaryOf(response) {
  const { status, text, note } = response;
  if (response.never) return "Nothing was sent.";
  if (status === null) return note ?? "";
  if (status < 400) {
    return shown[WITH_WS_HANDSHAKE].status < 400 ? "Accepted." : "Accepted, as if nothing were wrong.";
  }
  const problem = problemOf(text);
  if (problem?.title) return problem.title;
  const body = problem?.problem ?? bodyOf(text).trim();
  if (body.startsWith("<")) return "A page for the person at the browser.";
  return body ? `“${body}”, and no reason.` : "An empty response, and no reason.";
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

// The head as it came, and a JSON body over several lines.
function readable(text) {
  const problem = problemOf(text);
  if (problem === null) return text;
  return `${text.slice(0, text.indexOf("\n\n"))}\n\n${JSON.stringify(problem, null, 2)}`;
}
