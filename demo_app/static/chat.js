// The chat box. What comes from others is only ever set as text.

const state = document.querySelector("#state");
const messages = document.querySelector("#messages");
const form = document.querySelector("#say");
const text = document.querySelector("#text");
const send = document.querySelector("#send");
const again = document.querySelector("#again");

const KEPT = 200;

let socket = null;
let me = "";

export function openChat() {
  show("connecting", "Connecting");
  again.hidden = true;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/ws`, "chat");
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", closed);
}

function opened() {
  show("open", "Connected");
  text.disabled = send.disabled = false;
}

function closed(event) {
  show("closed", `Not connected (${event.code})`);
  text.disabled = send.disabled = true;
  again.hidden = false;
}

function hear(message) {
  if (message.type === "welcome") {
    me = message.you;
    add("note", `You are ${me}. Open this page twice, and talk to yourself.`);
  } else if (message.type === "presence") {
    show("open", `${me}, ${company(message.people - 1)}`);
  } else if (message.type === "message") {
    add(message.from === me ? "own" : "other", message.text, message.from);
  } else {
    add("note", message.text);
  }
}

function company(others) {
  if (others === 0) return "nobody else here";
  return others === 1 ? "with one other" : `with ${others} others`;
}

function show(name, sentence) {
  state.dataset.state = name;
  state.textContent = sentence;
}

function add(kind, sentence, from = "") {
  const line = document.createElement("li");
  line.className = kind;
  if (from) {
    const name = document.createElement("span");
    name.className = "from";
    name.textContent = from;
    line.append(name);
  }
  line.append(sentence);
  messages.append(line);
  while (messages.childElementCount > KEPT) messages.firstElementChild.remove();
  messages.scrollTop = messages.scrollHeight;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (said && socket.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify({ text: said }));
    text.value = "";
  }
});

again.addEventListener("click", openChat);
