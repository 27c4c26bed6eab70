// Requests to the demo's server over plain HTTP: JSON there and back.

const UNREACHED = "The demo's server cannot be reached. The page asks again every second.";
const PAUSE = 1000;

// Asks again until the server can be reached, for as long as the reply is wanted:
// returns it, or null. `failed` gets each sentence on what is wrong.
export async function ask(path, question, { failed, wanted = () => true }) {
  while (wanted()) {
    const response = await request(path, question);
    if (response?.ok) return wanted() ? response.json() : null;
    const reply = await response?.json().catch(() => ({}));
    if (!wanted()) return null;
    failed(reply?.problem ?? (response ? `The server responded with ${response.status}.` : UNREACHED));
    if (response) return null;
    await new Promise((resume) => { setTimeout(resume, PAUSE); });
  }
  return null;
}

async function request(path, question) {
  try {
    return await fetch(path, question && posted(question));
  } catch {
    return null;
  }
}

function posted(question) {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  };
}
