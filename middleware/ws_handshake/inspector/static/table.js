// The list: the newest handshakes on top, in rows that stay where they are.

import { find, make, setText } from "./dom.js";
import { grouped, KEPT } from "./recent.js";
import { causeOf, clockOf, codesOf, outcomeOf, statusOf } from "./record.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
const TITLES = ["Time", "Status", "Reason", "Cause", "Path", "Client"];

export function openTable(pane, recent, { opened, focused, wanted, released }) {
  const rows = Array.from({ length: KEPT }, makeRow);
  const body = make("tbody", {}, ...rows);
  let groups = []; // what the rows stand for
  let drawn = 0;
  let paused = false;
  let pointed = false;
  let chosen = 0; // the number of the record that is open

  pane.append(make("table", { "aria-label": "Handshakes, the newest first" }, headView(), body));

  // A row must not move while a person reads it or is about to open it.
  function isHeld() {
    return paused || pointed || find(":focus-visible", body) !== null;
  }

  function draw() {
    if (isHeld() && drawn <= recent.last) return;
    groups = grouped(recent.records.filter(wanted));
    drawn = recent.last;
    rows.forEach((row, at) => { row.hidden = at >= groups.length; });
    groups.forEach((group, at) => fill(rows[at], group, chosen));
  }

  // How many have come since the rows were drawn, and why they are not shown.
  function held() {
    const waiting = Math.max(recent.last - drawn, 0);
    if (paused) return { waiting, why: "paused" };
    return { waiting, why: isHeld() && waiting > 0 ? "still" : null };
  }

  function choose(number) {
    chosen = number;
    for (const row of rows) mark(row, chosen);
  }

  function move(key, from) {
    const to = Math.min(Math.max(from + STEPS[key], 0), groups.length - 1);
    find("button", rows[to]).focus();
    focused(groups[to].record);
  }

  body.addEventListener("pointerover", (event) => { pointed = event.pointerType === "mouse"; });
  body.addEventListener("pointerleave", () => { pointed = false; released(); });
  body.addEventListener("focusout", () => queueMicrotask(released));
  body.addEventListener("focusin", (event) => rove(rows, event.target.closest("tr")));
  body.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    move(event.key, rows.indexOf(event.target.closest("tr")));
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row) opened(row.group.record);
  });
  rove(rows, rows[0]);
  return { draw, held, choose, pause: (on) => { paused = on; } };
}

function headView() {
  const cells = TITLES.map((title) => make("th", { scope: "col", class: title.toLowerCase() }, title));
  return make("thead", {}, make("tr", {}, ...cells));
}

function makeRow() {
  const button = make("button", { type: "button", tabindex: "-1" });
  const status = make("span", { class: "status" });
  const cells = [make("td", {}, button), make("td", {}, status)];
  cells.push(make("td", { class: "reason" }, make("span"), make("b")));
  for (const title of TITLES.slice(3)) cells.push(make("td", { class: title.toLowerCase() }));
  return make("tr", { hidden: "" }, ...cells);
}

function fill(row, group, chosen) {
  const { record, times } = group;
  row.group = group;
  const [time, status, reason, cause, path, client] = row.cells;
  const codes = codesOf(record);
  setText(time.firstChild, clockOf(record));
  name(time.firstChild, `${clockOf(record)}, ${statusOf(record)} ${codes[0] ?? "valid"} ${record["url.path"] ?? ""}`);
  setText(status.firstChild, statusOf(record));
  status.firstChild.dataset.outcome = outcomeOf(record);
  setText(reason.firstChild, codes[0] ?? "valid");
  setText(reason.lastChild, moreOf(codes.length - 1, times));
  setText(cause, causeOf(record) ?? "");
  setText(path, record["url.path"] ?? "");
  setText(client, record["client.address"] ?? "");
  mark(row, chosen);
}

function name(button, text) {
  if (button.ariaLabel !== text) button.ariaLabel = text;
}

function moreOf(others, times) {
  const more = others > 0 ? ` +${others}` : "";
  const often = times > 1 ? ` ×${times}` : "";
  return more + often;
}

function mark(row, chosen) {
  if (row.hidden) return;
  const { record, oldest } = row.group;
  const isChosen = oldest <= chosen && chosen <= record.number;
  find("button", row).setAttribute("aria-pressed", String(isChosen));
}

// Tab reaches one row of the list, and the arrow keys lead to the others.
function rove(rows, current) {
  for (const row of rows) find("button", row).tabIndex = row === current ? 0 : -1;
}
