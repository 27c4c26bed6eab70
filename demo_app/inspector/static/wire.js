// The drawing: each line of the request, as it was sent and as it arrived.

import { find, make } from "/static/elements.js";

const WORDS = { removed: "taken out", changed: "changed", added: "added", missing: "missing", same: "→" };
const VERBS = { removed: "took out", changed: "changed", added: "added" };
const LONGEST = 300;

// `by` is the proxy between, if there is any; a request that it hides is left out.
export function showWire({ sent, arrived, by, verdict }) {
  const hidden = by !== "" && sent === arrived;
  const paired = compared(hidden ? arrived : sent, arrived);
  const rows = [...paired, ...missing(verdict, paired)];
  const marked = new Set(verdict.violations.flatMap(({ lines }) => lines));
  find("#wire").dataset.between = by === "" || hidden ? "nothing" : "proxy";
  find("#between").replaceChildren(make("b", {}, by || "No proxy"), " ", make("span", {}, hidden ? "speaks HTTP/1.1 to it" : summary(rows, by)));
  find("#lines").replaceChildren(...rows.map((row) => rowView(row, marked)));
}

// Lines are paired by their text, then by the name of the header.
function compared(sent, arrived) {
  const left = linesOf(arrived);
  const before = linesOf(sent);
  const rows = before.map((line) => ({ from: line.text, to: take(left, ({ text }) => text === line.text) }));
  rows.forEach((row, index) => {
    row.to ??= take(left, ({ text, line }) => (index === 0 ? line === 0 : nameOf(text) === nameOf(row.from)));
  });
  const paired = rows.map(({ from, to }) => ({ from, to: to?.text, line: to?.line, change: changeOf(from, to) }));
  return [...paired, ...left.map(({ text, line }) => ({ to: text, line, change: "added" }))];
}

function changeOf(from, to) {
  if (to === undefined) return "removed";
  return from === to.text ? "same" : "changed";
}

function linesOf(text) {
  return text.split("\n").map((one, line) => ({ text: one, line })).filter(({ text: one }) => one !== "");
}

function take(lines, matches) {
  const index = lines.findIndex(matches);
  return index < 0 ? undefined : lines.splice(index, 1)[0];
}

function nameOf(text) {
  return text.split(":", 1)[0].toLowerCase();
}

// A header that should be there, and that no one sent.
function missing({ violations }, rows) {
  const known = new Set(rows.map(({ from, to }) => nameOf(from ?? to)));
  return violations
    .filter(({ code, header }) => code.endsWith("_missing") && !known.has(header.toLowerCase()))
    .map(({ header, expected }) => ({ to: `${header}: ${expected}`, change: "missing" }));
}

function summary(rows, by) {
  if (by === "") return "between them";
  const parts = ["removed", "changed", "added"].map((change) => [change, rows.filter((row) => row.change === change).length]);
  const found = parts.filter(([, number]) => number > 0);
  const [first, ...others] = found.map(([change, number]) => `${VERBS[change]} ${number}`);
  if (first === undefined) return "changed nothing";
  return [`${first} ${found[0][1] === 1 ? "line" : "lines"}`, ...others].join(", ");
}

function rowView({ from, to, line, change }, marked) {
  return make(
    "tr",
    { "data-change": change, class: marked.has(line) ? "marked" : null },
    make("td", {}, from === undefined ? null : code(from)),
    make("td", {}, wordView(change, marked.has(line))),
    make("td", {}, to === undefined ? null : code(to)),
  );
}

// What is wrong is said in a word, too, for those who do not see the colour.
function wordView(change, isWrong) {
  const wrong = isWrong && change === "same";
  const word = wrong ? `${WORDS.same} wrong` : WORDS[change];
  return make("span", { class: "word", "aria-hidden": change === "same" && !wrong ? "true" : null }, word);
}

function code(text) {
  const cut = text.length > LONGEST ? `${text.slice(0, 60)}… (${text.length.toLocaleString("en")} characters)` : text;
  return make("code", {}, cut);
}
