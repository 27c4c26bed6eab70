// The list of ways to break a handshake, made from the catalogue that the server runs on.

export async function listWays() {
  const answer = await fetch("/ways.json");
  const { sound, ways } = await answer.json();
  fill(document.querySelector("#sound"), sound);
  for (const way of ways) {
    link(way.code);
    if (way.line === null) addNever(way);
    else addWay(way);
  }
  showTarget();
}

function addWay(way) {
  const copy = document.querySelector("#way").content.cloneNode(true);
  const set = (selector, value) => { copy.querySelector(selector).textContent = value; };
  copy.querySelector("article").id = way.code;
  copy.querySelector(".code").href = `#${way.code}`;
  set(".code", way.code);
  set(".status", way.status);
  set(".rfc", way.rfc);
  set(".what", way.what);
  set(".fix", way.fix);
  fill(copy.querySelector(".command"), way.line);
  document.querySelector("#ways").append(copy);
}

function addNever(way) {
  const name = document.createElement("dt");
  const why = document.createElement("dd");
  name.id = name.textContent = way.code;
  why.textContent = way.never;
  document.querySelector("#never").append(name, why);
}

function link(code) {
  const entry = document.createElement("a");
  entry.href = `#${code}`;
  entry.textContent = code;
  document.querySelector("#index").append(entry);
}

function fill(place, line) {
  const command = document.querySelector("#command").content.cloneNode(true);
  const button = command.querySelector("button");
  command.querySelector("code").textContent = line;
  button.addEventListener("click", () => copyLine(button, line));
  place.append(command);
}

async function copyLine(button, line) {
  try {
    await navigator.clipboard.writeText(line);
    button.textContent = "Copied";
  } catch {
    // not every page may write there: leave the line selected for the keyboard
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = "Press Ctrl-C";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

// The address may name a way that was not there yet when the page was opened.
function showTarget() {
  if (location.hash) location.replace(location.hash);
}
