// The live table: the newest handshakes on top, in rows that stay where they are.

import { causeLink, find, make, reasonLink, setText } from "/static/elements.js";
import { KEPT_EVENTS } from "/static/recent.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

const FILL_ALL = 900;

export function openTable(body, held, recent, open) {
  const rows = Array.from({ length: KEPT_EVENTS }, makeRow);
  const pane = body.closest(".scroll");
  body.append(...rows);
  let shown = []; // the events that the rows stand for
  let drawn = 0;
  let filled = -Infinity;
  let paused = false;
  let pointed = false;

  // A row must not move while a person reads it or is about to open it.
  function isHeld() {
    return paused || pointed || find(":focus-visible", body) !== null;
  }

  function draw() {
    if (!isHeld()) {
      shown = recent.events;
      drawn = recent.seen;
      for (const row of rows.slice(shown.length)) row.hidden = true;
      if (performance.now() - filled > FILL_ALL) fillAll();
      else fillSeen();
    }
    showHeld();
  }

  function fillAll() {
    filled = performance.now();
    shown.forEach((event, index) => fill(rows[index], event));
  }

  // Rows out of sight are filled once a second, or when they are scrolled into sight.
  function fillSeen() {
    const height = rows[0].offsetHeight || pane.clientHeight;
    const first = Math.max(Math.floor(pane.scrollTop / height) - 2, 0);
    const last = first + Math.ceil(pane.clientHeight / height) + 4;
    shown.slice(first, last).forEach((event, index) => fill(rows[first + index], event));
  }

  function showHeld() {
    const waiting = Math.max(recent.seen - drawn, 0).toLocaleString("en");
    const why = paused ? "Paused" : "Holding still";
    setText(held, isHeld() ? `${why}: ${waiting} new` : "");
  }

  function move(key, from) {
    const to = Math.min(Math.max(from + STEPS[key], 0), shown.length - 1);
    fill(rows[to], shown[to]);
    find(".open", rows[to]).focus();
  }

  pane.addEventListener("scroll", fillSeen);
  body.addEventListener("pointerover", (event) => { pointed = event.pointerType === "mouse"; });
  body.addEventListener("pointerleave", () => { pointed = false; draw(); });
  body.addEventListener("focusout", () => queueMicrotask(draw));
  body.addEventListener("focusin", (event) => rove(rows, event.target.closest("tr")));
  body.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    move(event.key, rows.indexOf(event.target.closest("tr")));
  });
  body.addEventListener("click", (event) => {
    if (!event.target.closest("a")) open(event.target.closest("tr").event);
  });
  rove(rows, rows[0]);
  return { draw, showHeld, pause: (on) => { paused = on; } };
}

function makeRow() {
  const button = make("button", { type: "button", class: "open", tabindex: "-1" });
  const status = make("span", { class: "status" });
  const cells = [make("td", {}, button), make("td", {}, status), ...blank(4)];
  return make("tr", { hidden: "" }, ...cells);
}

function blank(number) {
  return Array.from({ length: number }, () => make("td"));
}

function fill(row, event) {
  row.hidden = false;
  if (row.event === event) return;
  row.event = event;
  const [time, outcome, codes, cause, path, client] = row.cells;
  row.classList.toggle("own", event.own === true);
  setText(time.firstChild, clock(event.time));
  setText(outcome.firstChild, String(event.status));
  outcome.firstChild.dataset.outcome = event.outcome;
  fillCodes(codes, event);
  fillCause(cause, event.cause);
  setText(path, event.path ?? "");
  setText(client, event.client ?? "");
}

function fillCodes(cell, event) {
  const [first, ...others] = event.codes;
  const wanted = event.codes.join(" ") || (event.own ? "this page" : "valid");
  if (cell.dataset.shown === wanted) return;
  cell.dataset.shown = wanted;
  if (first === undefined) cell.replaceChildren(wanted);
  else cell.replaceChildren(untabbed(reasonLink(first)), more(others.length));
}

function more(number) {
  return number ? make("span", { class: "more" }, ` +${number}`) : "";
}

function fillCause(cell, code) {
  if (cell.textContent === (code ?? "")) return;
  cell.replaceChildren(code ? untabbed(causeLink(code)) : "");
}

// The keyboard reaches these links in the opened row.
function untabbed(link) {
  link.tabIndex = -1;
  return link;
}

function clock(seconds) {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}

// Tab reaches one row of the table, and the arrow keys lead to the others.
function rove(rows, current) {
  for (const row of rows) find(".open", row).tabIndex = row === current ? 0 : -1;
}
