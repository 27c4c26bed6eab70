// The trials by what people know, with a search; the keyboard needs two stops.

import { ask } from "/static/ask.js";
import { find, make, setText } from "/static/elements.js";

const AT_ONCE = 4;
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

const place = find("#groups");
const search = find("#search");
const never = find("#never");
const all = find("#all");

// `run` gets the trial that was chosen.
export function openTrials({ groups, never: impossible }, run) {
  const trials = groups.flatMap(({ trials: some }) => some);
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  place.append(...groups.map(groupView));
  find("dl", never).append(...impossible.map(neverView));
  setText(find("summary", never), `${impossible.length} more that cannot happen on this server, and why`);
  filter();

  function choose(id) {
    history.replaceState(null, "", `#${id}`);
    run(byId.get(id));
    find("#story").scrollIntoView();
  }

  place.addEventListener("click", ({ target }) => {
    const button = target.closest(".trial");
    if (button) choose(button.dataset.trial);
  });
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") search.focus();
    else step(event, buttons().indexOf(event.target));
  });
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    const [first] = buttons();
    if (event.key === "Enter" && first) choose(first.dataset.trial);
    else if (event.key === "ArrowDown") step(event, -1);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, textarea")) return;
    event.preventDefault();
    search.focus();
  });
  all.addEventListener("click", () => sendAll([...byId.keys()]));
  return byId;
}

export function markTrial(id) {
  for (const button of place.querySelectorAll(".trial")) {
    if (button.dataset.trial === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  rove(buttons().find((button) => button.dataset.trial === id));
}

function groupView({ title, trials }) {
  return make("section", { class: "group", "data-group": title }, make("h3", {}, title), make("ul", {}, ...trials.map(trialView)));
}

function trialView({ id, title, about }) {
  const name = id === title ? make("code", {}, title) : title;
  const button = make("button", { type: "button", class: "trial", "data-trial": id, title: about }, name);
  return make("li", { "data-text": `${id} ${title} ${about}`.toLowerCase() }, button);
}

function neverView({ id, title, about, why }) {
  return make(
    "div",
    { "data-id": id, "data-text": `${id} ${title} ${about} ${why}`.toLowerCase() },
    make("dt", {}, id === title ? make("code", {}, title) : title),
    make("dd", {}, why),
  );
}

// Every word must be in the text of a trial.
function filter() {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const one of document.querySelectorAll("#break [data-text]")) {
    one.hidden = !words.every((word) => one.dataset.text.includes(word));
  }
  for (const group of place.children) group.hidden = !group.querySelector("li:not([hidden])");
  const impossible = never.querySelectorAll("[data-text]:not([hidden])").length;
  never.hidden = impossible === 0;
  never.open = impossible > 0 && search.value !== "";
  const number = buttons().length;
  setText(find("#found"), number === 1 ? "1 trial" : `${number} trials`);
  rove(find("[aria-current]", place));
}

function buttons() {
  return [...place.querySelectorAll("li:not([hidden]) .trial")];
}

// Tab reaches one of the buttons, and the arrow keys lead to the others.
function rove(wanted) {
  const some = buttons();
  const current = some.includes(wanted) ? wanted : some[0];
  for (const button of some) button.tabIndex = button === current ? 0 : -1;
}

function step(event, from) {
  const some = buttons();
  if (!(event.key in STEPS) || some.length === 0) return;
  event.preventDefault();
  const to = some[Math.min(Math.max(from + STEPS[event.key], 0), some.length - 1)];
  rove(to);
  to.focus();
}

// Every trial once, a few at a time, so that the chart and the table have something.
async function sendAll(waiting) {
  const label = all.textContent;
  all.disabled = true;
  await Promise.all(Array.from({ length: AT_ONCE }, () => sendFrom(waiting)));
  all.textContent = label;
  all.disabled = false;
}

async function sendFrom(waiting) {
  while (waiting.length > 0) {
    const trial = waiting.shift();
    all.textContent = `${waiting.length} to go`;
    await ask("/trials", { trial }, { failed: () => {} });
  }
}
