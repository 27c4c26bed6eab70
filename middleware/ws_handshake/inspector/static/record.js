// One handshake: a record as the log has it, in the words of the page.

import { copyButton } from "./copy.js";
import { problemView } from "./details.js";
import { make } from "./dom.js";

const OURS = "websocket.handshake.";

// What a person asks first; the whole event has all.
const FACTS = {
  Request: (record) => [record["http.request.method"], record["url.path"]].filter(Boolean).join(" "),
  Client: (record) => record["client.address"],
  "User-Agent": (record) => record["user_agent.original"],
  Origin: (record) => record["http.request.header.origin"],
  "Raised": (record) => record["exception.type"],
};

export function outcomeOf(record) {
  return record.event === `${OURS}accepted` ? "accepted" : "rejected";
}

export function statusOf(record) {
  return String(record["http.response.status_code"] ?? "none");
}

// All codes, the one to act on first.
export function codesOf(record) {
  const first = record["error.type"] ?? record[`${OURS}warning`];
  const others = record[`${OURS}violations`] ?? [];
  return first ? [first, ...others.filter((code) => code !== first)] : [];
}

export function causeOf(record) {
  return record[`${OURS}cause`] ?? null;
}

export function titleOf(record) {
  const verb = outcomeOf(record) === "accepted" ? "Accepted" : "Rejected";
  const said = record["http.response.status_code"] === undefined ? ", no response sent" : ` with ${statusOf(record)}`;
  return record[`${OURS}report_only`] ? "Reported, and not rejected (report_only)" : verb + said;
}

export function clockOf(record) {
  return clockAt(record.timestamp);
}

export function clockAt(time) {
  return new Date(time).toTimeString().slice(0, 8);
}

export function recordView(record, pages) {
  const text = record[`${OURS}hint`];
  const hint = text ? make("p", { class: "hint" }, text) : null;
  return make(
    "div",
    { class: "record" },
    record.problem ? problemView(record.problem, pages, hint) : hint,
    make("dl", { class: "facts" }, ...Object.entries(FACTS).flatMap(([name, read]) => fact(name, read(record)))),
    wholeView(record),
  );
}

function fact(name, value) {
  return value ? [make("dt", {}, name), make("dd", {}, value)] : [];
}

function wholeView({ problem, ...event }) {
  const code = make("code", {}, JSON.stringify(event, null, 2));
  return make(
    "details",
    { class: "whole" },
    make("summary", {}, "The event, as the log has it"),
    copyButton(code, "the event"),
    make("pre", {}, code),
  );
}
