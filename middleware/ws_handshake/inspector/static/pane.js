// The details of one handshake: beside the list where there is room, else over it.

import { make } from "./dom.js";
import { clockOf, outcomeOf, recordView, titleOf } from "./record.js";

const BESIDE = matchMedia("(min-width: 64rem)");

export function openPane(dialog, pages, chosen) {
  const body = make("div", { class: "details-body", tabindex: "0", role: "region", "aria-label": "Details" });
  const title = make("h2", {});
  const newest = make("button", { type: "button" }, "Show the newest");
  const close = make("button", { type: "button" }, "Close");
  let shown = null;
  let isPinned = false; // by a person, who reads it

  dialog.append(make("div", { class: "details-bar" }, title, newest, close), body);

  function show(record) {
    if (shown === record) return;
    shown = record;
    dialog.dataset.outcome = outcomeOf(record);
    title.textContent = `${titleOf(record)} at ${clockOf(record)}`;
    body.replaceChildren(recordView(record, pages));
    body.scrollTop = 0;
    chosen(record.number);
  }

  function pin(on) {
    isPinned = on;
    dialog.toggleAttribute("data-pinned", on);
  }

  function open(record) {
    show(record);
    pin(true);
    if (BESIDE.matches) dialog.setAttribute("open", "");
    else if (!dialog.open) dialog.showModal();
  }

  // Where it hides nothing, it shows what is in focus ...
  function follow(record) {
    if (BESIDE.matches) open(record);
  }

  // ... and the newest rejection, until a person has chosen another.
  function showNewest(records) {
    if (isPinned || !BESIDE.matches || records.length === 0) return;
    const wanted = records.find((record) => outcomeOf(record) === "rejected") ?? records[0];
    dialog.setAttribute("open", "");
    show(wanted);
  }

  // The server is another one, and has other handshakes.
  function forget() {
    if (dialog.matches(":modal")) return;
    dialog.removeAttribute("open");
    shown = null;
    pin(false);
  }

  newest.addEventListener("click", () => pin(false));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { pin(false); chosen(0); shown = null; });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  BESIDE.addEventListener("change", () => { if (dialog.open) dialog.close(); });
  return { open, follow, showNewest, forget };
}
