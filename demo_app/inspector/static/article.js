// The pages of text: their code gets colours, and a button that copies it.

import { codeBlock } from "/static/code.js";

for (const block of document.querySelectorAll("pre")) {
  const above = block.previousElementSibling;
  const place = above?.matches(".place") ? above.textContent : block.dataset.language ?? "";
  if (place === above?.textContent) above.remove();
  const text = block.textContent.trimEnd();
  block.replaceWith(codeBlock(place, text, { copied: commandsIn(text) ?? text }));
}

// Of what a terminal shows, only the commands are copied, without their prompts.
function commandsIn(text) {
  return text.match(/^\$ (?:.*\\\n)*.*$/gm)?.map((command) => command.slice(2)).join("\n");
}
