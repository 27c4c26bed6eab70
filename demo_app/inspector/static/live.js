// The live stream, over a WebSocket that went through the middleware itself.

import { find, say } from "/static/elements.js";

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
    socket.addEventListener("message", (message) => hear(JSON.parse(message.data)));
    socket.addEventListener("close", (close) => {
      tell("closed", goodbye(close.code, wait));
      setTimeout(connect, wait);
      wait = Math.min(wait * 1.6, LONGEST_WAIT);
    });
  }

  function hear(reported) {
    if (reported.type === "hello") {
      wait = FIRST_WAIT;
      tell("open", "Live, through the guard");
    }
    listener[reported.type]?.(reported);
  }
}

function goodbye(code, wait) {
  if (code === TOO_SLOW) return "Too slow: dropped. Retrying";
  const seconds = Math.round(wait / 1000);
  return `Not connected. Again ${seconds > 1 ? `in ${seconds} s` : "at once"}`;
}

function tell(name, sentence) {
  state.dataset.state = name;
  say(state, sentence);
}
