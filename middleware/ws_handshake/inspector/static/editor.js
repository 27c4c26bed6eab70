// The editor: whatever a person pastes is judged while it is typed.

import { codeView, fixView, problemView } from "./details.js";
import { make, setText } from "./dom.js";

const ADDRESS = new URL("../verdict", import.meta.url);
const PAUSE = 200;

const EXAMPLE = `GET /ws HTTP/1.0
Host: app
Connection: close
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Sec-WebSocket-Version: 13
`;

export function openEditor(place, { pages = undefined } = {}) {
  const field = make("textarea", {
    "aria-label": "A handshake, or what is known of it",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    placeholder: "Paste a request head, “Copy as cURL” or “as fetch”, a HAR file, a line of a log, the error of a client …",
  });
  const example = make("button", { type: "button" }, "Try an example");
  const headline = make("p", { class: "headline", role: "status" });
  const result = make("div", { class: "result" });
  let asked = null;
  let timer = 0;
  let failed = false;

  async function judge() {
    clearTimeout(timer);
    asked?.abort();
    const mine = asked = new AbortController();
    if (field.value.trim() === "") return show("", "none", []);
    try {
      const verdict = await verdictOn(field.value, mine.signal);
      if (mine === asked) show(headlineOf(verdict), outcomeOf(verdict), views(verdict, pages));
    } catch (error) {
      // nothing of the last verdict may stand below another text
      if (mine === asked) show(error.message, "none", []);
      failed = mine === asked;
    }
  }

  function show(sentence, outcome, shown) {
    failed = false;
    headline.dataset.outcome = outcome;
    setText(headline, sentence);
    result.replaceChildren(...shown);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(judge, PAUSE);
  });
  example.addEventListener("click", () => { field.value = EXAMPLE; judge(); });
  place.classList.add("pasted");
  place.append(make("div", { class: "paste" }, field, example), make("div", { class: "verdict" }, headline, result));
  // What could not be judged is judged as soon as the server is there again.
  return { again: () => { if (failed) judge(); } };
}

async function verdictOn(text, signal) {
  let response;
  try {
    response = await fetch(ADDRESS, { method: "POST", body: text, signal });
  } catch {
    throw new Error("The server cannot be reached. The verdict comes as soon as it can.");
  }
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

function outcomeOf({ valid, error }) {
  if (error) return "none";
  return valid ? "accepted" : "rejected";
}

function headlineOf({ read_as: kind, handshakes, valid, error, meaning }) {
  if (error) return error;
  if (meaning) return `Read as ${kind}; there is no request in it.`;
  const judged = valid ? "valid" : "to be rejected";
  if (handshakes.length > 1) return `Read as ${kind}, with ${handshakes.length} handshakes.`;
  return handshakes.length === 0 ? `Read as ${kind}, without a handshake.` : `Read as ${kind}: ${judged}.`;
}

function views({ handshakes, lines, meaning, fix, next }, pages) {
  if (meaning) {
    return [
      make("p", { class: "sentence" }, meaning),
      fix ? fixView(fix) : null,
      make("p", { class: "note" }, "Next: ", make("code", {}, next)),
    ].filter(Boolean);
  }
  return handshakes.map((one, at) => handshakeView(one, lines[at], pages));
}

function handshakeView(handshake, lines, pages) {
  return make(
    "div",
    { class: "handshake" },
    handshake.valid ? acceptedView(handshake) : problemView(handshake, pages),
    ...handshake.notes.map((note) => make("p", { class: "note" }, note)),
    make("h3", {}, "The request, as far as it may be shown"),
    make("ol", { class: "lines" }, ...lines.map((line) => lineView(line, pages))),
  );
}

function acceptedView({ response }) {
  return make(
    "div",
    { class: "problem" },
    make("p", { class: "sentence" }, "Valid. A server that accepts it responds:"),
    make("pre", {}, response.join("\n")),
  );
}

function lineView({ text, codes }, pages) {
  const marks = codes.flatMap((code) => [" ", codeView("reason", code, pages)]);
  return make("li", { class: codes.length ? "marked" : null }, make("code", {}, text), ...marks);
}
