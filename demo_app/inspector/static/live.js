// The live stream, over a WebSocket that went through the middleware itself.

import { find, setText } from "/static/elements.js";

const SUBPROTOCOL = "live.v1";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

// "Try again later": how the server drops a page that does not keep up.
const TOO_SLOW = 1013;

const state = find("#state");

export function listen(listener) {
  let wait = FIRST_WAIT;
  connect();

  function connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/live`, SUBPROTOCOL);
    socket.addEventListener("message", (message) => receive(JSON.parse(message.data)));
    socket.addEventListener("close", (close) => {
      showState("closed", goodbye(close.code, wait));
      setTimeout(connect, wait);
      wait = Math.min(wait * 1.6, LONGEST_WAIT);
    });
  }

  function receive(message) {
    if (message.type === "hello") {
      wait = FIRST_WAIT;
      showState("open", "Live, through ws-handshake");
    }
    listener[message.type]?.(message);
  }
}

function goodbye(code, wait) {
  if (code === TOO_SLOW) return "Dropped: too slow. Retrying";
  const seconds = Math.round(wait / 1000);
  return `Not connected. Retrying ${seconds > 1 ? `in ${seconds} s` : "now"}`;
}

function showState(name, sentence) {
  state.dataset.state = name;
  setText(state, sentence);
}
