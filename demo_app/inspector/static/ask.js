// Requests to the demo's server over plain HTTP: JSON there and back.

export class RequestFailed extends Error {}

export async function ask(path, question = null, signal = null) {
  const response = await request(path, question, signal);
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new RequestFailed(reply.problem ?? `The demo's server responded with ${response.status}.`);
  }
  return reply;
}

async function request(path, question, signal) {
  try {
    return await fetch(path, { ...(question && posted(question)), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestFailed("The demo's server cannot be reached.");
  }
}

function posted(question) {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  };
}
