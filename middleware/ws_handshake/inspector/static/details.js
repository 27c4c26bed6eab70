// What is wrong with a handshake, who did it, and the lines that fix it.
//
// A problem is the body of our response (RFC 9457): in a record, from a server, or of a
// pasted request. `pages` says where the page of a code is: pages("reason", "key_missing")
// is an address, or null where there is none.

import { copyButton } from "./copy.js";
import { make } from "./dom.js";

const NOWHERE = () => null;

// `hints` stand after the fix, and before the violations.
export function problemView(problem, pages = NOWHERE, ...hints) {
  const { cause, denial, violations } = problem;
  return make(
    "div",
    { class: "problem" },
    make("p", { class: "sentence" }, cause?.detail ?? problem.title),
    cause ? causeView(cause, pages) : fixView(violations[0].fix),
    denial ? denialView(denial) : null,
    ...hints,
    violationsView(violations, pages, cause ? 0 : 1),
  );
}

export function causeView(cause, pages = NOWHERE) {
  return make(
    "div",
    { class: "cause" },
    fixView(cause.fix),
    ...(cause.config ?? []).map(configView),
    make(
      "p",
      { class: "note" },
      `Cause, ${cause.certainty.replaceAll("_", " ")}: `,
      codeView("cause", cause.code, pages),
    ),
    cause.alternative ? alternativeView(cause.alternative, pages) : null,
  );
}

export function fixView(fix) {
  return make("p", { class: "fix" }, make("b", {}, "Fix: "), fix);
}

export function configView({ place, lines }) {
  const code = make("code", {}, lines);
  return make(
    "figure",
    { class: "config" },
    make("figcaption", {}, make("span", {}, place), copyButton(code, `the lines for ${place}`)),
    make("pre", {}, code),
  );
}

export function violationsView(violations, pages = NOWHERE, fixed = 0) {
  const count = violations.length === 1 ? "1 violation" : `${violations.length} violations`;
  return make(
    "div",
    { class: "violations" },
    make("h3", {}, count),
    make("ul", {}, ...violations.map((one, at) => violationView(one, pages, at < fixed))),
  );
}

export function codeView(kind, code, pages = NOWHERE) {
  const address = pages(kind, code);
  const text = make("code", {}, code);
  return address === null ? text : make("a", { href: address }, text);
}

function alternativeView(cause, pages) {
  return make(
    "details",
    { class: "alternative" },
    make("summary", {}, `Or else: ${cause.detail}`),
    causeView(cause, pages),
  );
}

function violationView({ code, header, expected, received, fix, rfc }, pages, isFixed) {
  return make(
    "li",
    {},
    make("p", {}, codeView("reason", code, pages), header ? make("span", {}, ` in ${header}`) : null),
    make(
      "dl",
      {},
      ...row("Expected", expected),
      ...row("Received", received ?? "nothing"),
      ...(isFixed ? [] : row("Fix", fix)),
      ...row("See", rfc),
    ),
  );
}

function row(name, value) {
  return value ? [make("dt", {}, name), make("dd", {}, value)] : [];
}

function denialView({ close_code: code, reason }) {
  const closed = code === null ? "The application denied it" : `The application closed it with ${code}`;
  return make("p", {}, reason ? `${closed}: ${reason}` : `${closed}.`);
}
