// The pages of text: their code gets colours, and a button that copies it.

import { codeBlock } from "/static/code.js";

for (const block of document.querySelectorAll("pre")) {
  const above = block.previousElementSibling;
  const place = above?.matches(".place") ? above.textContent : block.dataset.language ?? "";
  if (place === above?.textContent) above.remove();
  block.replaceWith(codeBlock(place, block.textContent.trimEnd()));
}
