// The verdict on the text in the editor, as it is typed.

import { ask, RequestFailed } from "/static/ask.js";
import { causeLink, find, make, reasonLink, setText } from "/static/elements.js";

const PAUSE = 150;

const headline = find("#headline");
const violations = find("#violations");

export function openVerdict(mark) {
  let asked = null;
  let timer = 0;

  async function judge(text) {
    clearTimeout(timer);
    asked?.abort();
    if (text === "") return clear();
    const mine = asked = new AbortController();
    try {
      const verdict = await ask("/verdict", { head: text }, mine.signal);
      if (mine === asked) show(verdict, mark);
    } catch (error) {
      if (error instanceof RequestFailed) showFailure(error);
      else if (error.name !== "AbortError") throw error;
    }
  }

  function clear() {
    asked = null;
    mark([]);
    setText(headline, "");
    violations.replaceChildren();
  }

  function judgeSoon(text) {
    clearTimeout(timer);
    timer = setTimeout(judge, PAUSE, text);
  }

  return { judge, judgeSoon };
}

function show(verdict, mark) {
  mark(verdict.violations.flatMap(({ lines }) => lines));
  headline.dataset.outcome = outcomeOf(verdict);
  setText(headline, headlineOf(verdict));
  violations.replaceChildren(
    ...(verdict.problem ? [make("p", {}, verdict.problem)] : []),
    ...verdict.causes.map(causeView),
    ...(isAccepted(verdict) ? [tokenView(verdict.accept_token)] : []),
    make("ul", {}, ...verdict.violations.map(violationView)),
  );
  violations.scrollTop = 0;
}

// A valid handshake can still be rejected by the application.
function isAccepted({ accepted, problem }) {
  return accepted && problem === null;
}

function outcomeOf({ accepted, status }) {
  if (accepted) return "accepted";
  return status === null ? "none" : "rejected";
}

function showFailure(error) {
  headline.dataset.outcome = "none";
  setText(headline, error.message);
}

function headlineOf({ accepted, status, violations: all }) {
  if (accepted) return "A valid handshake";
  if (status === null) return "Not a handshake";
  const count = all.length === 1 ? "1 violation" : `${all.length} violations`;
  return `Rejected with ${status}: ${count}`;
}

function causeView({ code, certainty, detail, fix }) {
  return make(
    "div",
    { class: "likely-cause" },
    make("p", {}, make("b", {}, "Cause "), causeLink(code), `, ${certainty.replaceAll("_", " ")}`),
    make("p", {}, detail),
    make("p", {}, make("b", {}, "Fix: "), fix),
  );
}

function tokenView(token) {
  return make(
    "p",
    { class: "token" },
    "The server proves that it has read the key: ",
    make("code", {}, `Sec-WebSocket-Accept: ${token}`),
  );
}

function violationView({ code, what, expected, received, fix, rfc }) {
  const seen = received === null ? "" : ` Received: ${received}.`;
  return make(
    "li",
    {},
    make("p", {}, reasonLink(code), ` ${what}`),
    make("p", { class: "seen" }, `Expected: ${expected}.${seen} ${rfc}.`),
    make("p", {}, make("b", {}, "Fix: "), fix),
  );
}
