// What a person pastes or types, with its offending lines marked, and the verdict.

import { ask } from "/static/ask.js";
import { find, make, setText } from "/static/elements.js";
import { fixView, headlineOf, leadOf, violationsView } from "/static/verdict.js";

const PAUSE = 150;

const field = find("#head");
const marks = find("#marks");
const headline = find("#headline");
const place = find("#verdict");

export function openEditor(send) {
  let turn = 0;
  let timer = 0;

  async function judge() {
    clearTimeout(timer);
    const mine = ++turn;
    const wanted = () => mine === turn;
    if (field.value === "") return clear("Nothing is pasted yet.");
    const verdict = await ask("/verdict", { head: field.value }, { failed: clear, wanted });
    if (verdict !== null) showVerdict(verdict);
  }

  function show(text) {
    field.value = text;
    field.scrollTop = field.scrollLeft = 0;
    field.focus();
    judge();
  }

  function showVerdict(verdict) {
    mark(verdict.head === null ? verdict.violations.flatMap(({ lines }) => lines) : []);
    headline.dataset.outcome = outcomeOf(verdict);
    setText(headline, headlineOf(verdict));
    place.replaceChildren(
      ...readAs(verdict, show),
      make("p", {}, leadOf(verdict)),
      make("h3", {}, "The fix"),
      ...fixView(verdict),
      violationsView(verdict),
    );
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(judge, PAUSE);
    mark([]);
  });
  field.addEventListener("scroll", follow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(field.value);
  });
  find("#send").addEventListener("click", () => send(field.value));
  judge();
  return show;
}

// What a paste was taken for, and the request in it.
function readAs({ head, notes, read_as: kind }, show) {
  if (kind === null) return [];
  const button = head && make("button", { type: "button" }, "Show the request in it");
  button?.addEventListener("click", () => show(head));
  return [make("p", { class: "note" }, `Read as ${kind}. ${notes.join(" ")} `, button)];
}

function outcomeOf({ accepted, status }) {
  if (accepted) return "accepted";
  return status === null ? "none" : "rejected";
}

// Nothing of the verdict before stays beside the sentence.
function clear(sentence) {
  mark([]);
  headline.dataset.outcome = "none";
  setText(headline, sentence);
  place.replaceChildren();
}

// Behind the field lies the same text, transparent, whose lines can have a colour.
function mark(numbers) {
  const wrong = new Set(numbers);
  field.setAttribute("aria-invalid", String(wrong.size > 0));
  marks.replaceChildren(...field.value.split("\n").map((line, number) => (
    make("span", { class: wrong.has(number) ? "marked" : null }, line)
  )));
  follow();
}

function follow() {
  marks.scrollTop = field.scrollTop;
  marks.scrollLeft = field.scrollLeft;
}
