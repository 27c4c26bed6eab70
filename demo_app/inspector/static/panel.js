// The buttons: one for each reason, and one for each behaviour of proxies and clients.

import { ask, RequestFailed } from "/static/ask.js";
import { find, make } from "/static/elements.js";

const FIRST = "proxy_stripped_upgrade";
const AT_ONCE = 4;

const place = find("#buttons");
const nginx = find("#nginx");
const all = find("#all");

export function openPanel(catalogue, workbench) {
  const groups = groupsOf(catalogue);
  const trials = new Map(groups.flatMap(({ trials: some }) => some.map((one) => [one.id, one])));
  place.append(...groups.flatMap(groupView));
  showNginx(catalogue.nginx);

  function show(trial) {
    mark(trial.id);
    workbench.run(trial);
  }

  // The address may name a trial: /#key_missing.
  function showNamed() {
    const trial = trials.get(location.hash.slice(1));
    if (trial === undefined) return false;
    show(trial);
    place.scrollTop += beyond(find("[aria-current]", place));
    return true;
  }

  place.addEventListener("click", (event) => {
    const id = event.target.closest(".trial")?.dataset.trial;
    if (id === undefined) return;
    history.replaceState(null, "", `#${id}`);
    show(trials.get(id));
    reveal(find("#request"));
  });
  addEventListener("hashchange", showNamed);
  all.addEventListener("click", () => sendAll([...trials.values()].filter(({ never }) => !never)));
  workbench.whenEdited(() => mark(null));
  if (!showNamed()) show(trials.get(FIRST));
}

// On a phone the request is far below the button that was pressed.
function reveal(pane) {
  if (pane.getBoundingClientRect().top > innerHeight / 2) pane.scrollIntoView();
}

function groupsOf({ reasons, behaviours, valid }) {
  const compared = { id: "valid", title: "a valid handshake", about: "A valid handshake, to compare.", never: null, line: valid.line };
  return [
    { title: null, trials: [compared] },
    {
      title: `${reasons.length} reasons for a rejection`,
      trials: reasons.map((row) => ({
        id: row.code, title: row.code, about: row.what, never: row.never, line: row.line,
      })),
    },
    {
      title: `${behaviours.length} things that proxies and clients do`,
      trials: behaviours.map((row) => ({
        id: row.id, title: row.title, about: row.detail, never: row.never, line: row.line,
      })),
    },
  ];
}

function groupView({ title, trials }) {
  const families = familiesOf(trials);
  const alone = families.filter(([, some]) => some.length === 1).flatMap(([, some]) => some);
  return [
    title && make("h3", {}, title),
    make(
      "ul",
      {},
      ...families.filter(([, some]) => some.length > 1).map(familyView),
      ...alone.map((trial) => make("li", {}, button(trial, trial.title))),
    ),
  ].filter(Boolean);
}

// key_missing, key_malformed and key_duplicated stand in one row.
function familiesOf(trials) {
  const families = new Map();
  for (const trial of trials) {
    const family = trial.title === trial.id ? trial.id.split("_")[0] : trial.id;
    families.set(family, [...(families.get(family) ?? []), trial]);
  }
  return [...families];
}

function familyView([family, trials]) {
  return make(
    "li",
    { class: "family" },
    make("span", { "aria-hidden": "true" }, `${family}_`),
    ...trials.map((trial) => button(trial, trial.id.slice(family.length + 1))),
  );
}

function button({ id, never }, name) {
  return make(
    "button",
    {
      type: "button",
      class: "trial",
      "data-trial": id,
      "data-code": id.endsWith(name) ? "" : null,
      "data-never": never && "",
      "aria-disabled": never && "true",
      "aria-label": id === name || !id.endsWith(name) ? null : id,
    },
    name,
  );
}

function showNginx({ available, install }) {
  nginx.disabled = !available;
  if (!available) find("#nginx-note").textContent = `${install}.`;
}

function mark(id) {
  for (const one of place.querySelectorAll(".trial")) {
    if (one.dataset.trial === id) {
      one.setAttribute("aria-current", "true");
    } else {
      one.removeAttribute("aria-current");
    }
  }
}

// How far a button is below or above what can be seen of the panel.
function beyond(one) {
  const [seen, wanted] = [place.getBoundingClientRect(), one.getBoundingClientRect()];
  return Math.max(wanted.bottom - seen.bottom, 0) + Math.min(wanted.top - seen.top, 0);
}

// Every trial once, a few at a time, so that the chart and the table have something.
async function sendAll(trials) {
  const waiting = trials.map(({ id }) => id);
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
    try {
      await ask("/trials", { trial, with_ws_handshake: true, through: nginx.checked ? "nginx" : "direct" });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
    }
  }
}
