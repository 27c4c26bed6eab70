// A button that copies the text of an element, and says whether it has.

import { make } from "./dom.js";

const SHOWN = 2000;

export function copyButton(source, what) {
  const label = make("span", { "aria-live": "polite" }, "Copy");
  const unseen = make("span", { class: "unseen" }, ` ${what}`);
  const button = make("button", { type: "button", class: "copy" }, label, unseen);
  let timer = 0;
  button.addEventListener("click", async () => {
    clearTimeout(timer);
    label.textContent = await copied(source) ? "Copied" : "Selected: press Ctrl+C";
    timer = setTimeout(() => { label.textContent = "Copy"; }, SHOWN);
  });
  return button;
}

// Not every page may write to the clipboard, but every page may select.
async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return false;
  }
}
