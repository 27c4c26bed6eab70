// Code that is coloured, with its place and a button that copies it.

import { make } from "/static/elements.js";

const TOKENS = new RegExp([
  String.raw`(?<comment>(?<=^|\s)#.*$|(?<=^|\s)//.*$)`,
  String.raw`(?<string>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')`,
  String.raw`(?<name>^[A-Za-z][\w-]*(?=:)|"[\w-]+"(?=:))`,
  String.raw`(?<variable>\$[a-z_]\w*)`,
  String.raw`(?<keyword>\b(?:async|await|class|const|curl|def|default|for|from|import|in|listen|location|map|new|pip|printf|proxy_\w+|return|server|upstream)\b)`,
  String.raw`(?<number>\b\d[\d.]*\b)`,
].join("|"), "gm");

export function coloured(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    parts.push(text.slice(end, match.index), make("span", { class: `tok-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

export function plain(text) {
  return [text];
}

export function codeBlock(place, text, { colour = coloured, copied = text } = {}) {
  return make(
    "figure",
    { class: "code" },
    make("figcaption", {}, make("span", {}, place), copyButton(copied, place)),
    make("pre", {}, make("code", {}, ...colour(text))),
  );
}

export function copyButton(text, what) {
  const button = make("button", { type: "button", class: "copy" }, "Copy", make("span", { class: "unseen" }, ` ${what}`));
  button.addEventListener("click", () => copy(text, button));
  return button;
}

export async function copy(text, button) {
  const label = button.firstChild;
  const before = label.data;
  try {
    await navigator.clipboard.writeText(text);
    label.data = "Copied";
  } catch {
    // not every page may write to the clipboard
    label.data = "Not allowed";
  }
  setTimeout(() => { label.data = before; }, 2000);
}
