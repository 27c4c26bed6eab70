// The live stream, as Server-Sent Events, and whether the page is connected.

const ADDRESS = new URL("../stream", import.meta.url);

const FIRST_WAIT = 200;
const LONGEST_WAIT = 5000;

// Some servers end every response after a while: that is no news if it comes back.
const UNSEEN = 500;

export function listen({ received, stateChanged }) {
  let source = null;
  let fresh = [];
  let wait = FIRST_WAIT;
  let timer = 0;
  let since = null; // when the connection was lost

  function connect() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(ADDRESS);
    fresh = [];
    source.onmessage = ({ data, lastEventId }) => {
      fresh.push({ ...JSON.parse(data), number: Number(lastEventId) });
    };
    source.addEventListener("counts", ({ data }) => {
      wait = FIRST_WAIT;
      since = null;
      stateChanged("open", "Live");
      received(fresh, JSON.parse(data));
      fresh = [];
    });
    source.onerror = () => {
      const isRejected = source.readyState === EventSource.CLOSED;
      source.close();
      since ??= new Date();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 1.6, LONGEST_WAIT);
      if (wait > UNSEEN) report(isRejected);
    };
  }

  async function report(isRejected) {
    const sentence = isRejected ? await whyRejected() : null;
    if (since !== null) stateChanged("closed", sentence ?? lost(since));
  }

  // A browser has few connections to a server, and no one sees a hidden page.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    source?.close();
    if (!document.hidden) connect();
  });
  stateChanged("connecting", "Connecting");
  if (!document.hidden) connect();
}

function lost(since) {
  return `Not connected since ${since.toTimeString().slice(0, 8)}. Trying again`;
}

// EventSource does not say what the server responded.
async function whyRejected() {
  const asked = new AbortController();
  try {
    const response = await fetch(ADDRESS, { signal: asked.signal });
    if (!response.ok) return (await response.text()).trim() || `The server responds with ${response.status}`;
  } catch {
    // it cannot be reached
  } finally {
    asked.abort();
  }
  return null;
}
