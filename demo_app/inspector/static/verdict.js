// What a verdict says: who did it, the fix with its lines, and each violation.

import { codeBlock } from "/static/code.js";
import { causeLink, make, reasonLink } from "/static/elements.js";

// The cause in one sentence; without one, the violation, or what became of it.
export function headlineOf({ accepted, causes, problem, violations }) {
  if (causes.length > 0) return sentences(causes[0].detail)[0];
  if (violations.length > 0) return violations.length === 1 ? violations[0].what : `${violations.length} violations.`;
  if (accepted && !problem) return "A valid handshake.";
  return problem ? sentences(problem)[0] : "";
}

export function leadOf({ causes, problem, violations }) {
  if (causes.length > 0) return `${certainty(causes[0])}. ${sentences(causes[0].detail)[1]}`;
  if (violations.length > 0) return violations.length > 1 ? "Each alone would be rejected." : seen(violations[0]);
  return problem ? sentences(problem)[1] : "";
}

// The first sentence, and the rest.
function sentences(text) {
  const end = text.search(/\. [A-Z]/);
  return end < 0 ? [text, ""] : [text.slice(0, end + 1), text.slice(end + 2)];
}

function certainty({ certainty: token }) {
  const words = token.replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

// The likeliest cause first; another that looks alike folds away behind it.
export function fixView({ accepted, causes: [cause, ...others], fix, page, violations }) {
  if (cause) return [...causeView(cause), ...others.map(otherView)];
  if (violations.length > 0) {
    return violations.map((one) => make("p", {}, one.fix, " ", reasonLink(one.code)));
  }
  if (fix) return [make("p", {}, fix), ...(page ? [make("p", {}, "More: ", pageLink(page))] : [])];
  return [make("p", { class: "note" }, accepted ? "There is nothing to fix." : "None is known.")];
}

function causeView({ code, config = [], fix }) {
  return [
    make("p", {}, config.length > 0 ? "Paste these lines:" : fix),
    ...config.map(({ place, lines }) => codeBlock(place, lines)),
    make("p", {}, "More: ", causeLink(code)),
  ];
}

function otherView(cause) {
  return make("details", {}, make("summary", {}, `Or else: ${cause.detail}`), ...causeView(cause));
}

function pageLink(page) {
  return page.split("_").length > 1 ? causeLink(page) : page;
}

export function violationsView({ accept_token: token, violations }) {
  if (token) {
    return make("p", { class: "token" }, "The key was read; the proof is ", make("code", {}, `Sec-WebSocket-Accept: ${token}`));
  }
  return make("ul", { class: "violations" }, ...violations.map(violationView));
}

function violationView(violation) {
  return make(
    "li",
    {},
    make("p", {}, reasonLink(violation.code), ` ${violation.what}`),
    make("p", { class: "note" }, seen(violation)),
  );
}

function seen({ expected, received }) {
  return `Expected: ${expected}.${received === null ? "" : ` Received: ${received}.`}`;
}
