// The request as text that can be edited, with its offending lines marked.

import { find, make } from "/static/elements.js";
import { openVerdict } from "/static/verdict.js";

const field = find("#head");
const marks = find("#marks");

export function openEditor(edited) {
  const verdict = openVerdict(mark);

  function show(text) {
    field.value = text;
    field.scrollTop = field.scrollLeft = 0;
    mark([]);
    verdict.judge(text);
  }

  field.addEventListener("input", () => {
    edited();
    verdict.judgeSoon(field.value);
  });
  field.addEventListener("scroll", follow);
  return { show, text: () => field.value, whenSent };
}

function whenSent(send) {
  find("#send").addEventListener("click", send);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  });
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
