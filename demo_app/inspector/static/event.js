// A whole log event: in the pane beside a response, and in the dialog of a row.

import { causeLink, find, make, reasonLink } from "/static/elements.js";

const dialog = find("#event");

find("#event-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

// The browser gives the focus back when the dialog is closed.
export function openEvent(event) {
  find("#event-title").textContent = `${event.outcome === "accepted" ? "Accepted" : "Rejected"} with ${event.status}`;
  find("#event-body").replaceChildren(eventView(event));
  dialog.showModal();
}

export function eventView(event) {
  return make(
    "div",
    { class: "event" },
    make(
      "p",
      { class: "chips" },
      make("span", { class: "status", "data-outcome": event.outcome }, String(event.status)),
      ...event.codes.map(reasonLink),
      event.cause ? make("span", {}, "cause ", causeLink(event.cause)) : null,
    ),
    event.fix ? make("p", { class: "fix" }, make("b", {}, "Fix: "), event.fix) : null,
    make("pre", {}, ...lines(event.fields)),
  );
}

function lines(fields) {
  return Object.entries(fields).flatMap(([name, value]) => [
    make("span", { class: "name" }, `${name}: `),
    `${JSON.stringify(value)}\n`,
  ]);
}
