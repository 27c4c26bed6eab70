// Questions to the server over plain HTTP: JSON there and back.

export class Unanswered extends Error {}

export async function ask(path, question = null, signal = null) {
  const response = await reach(path, question, signal);
  const reported = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Unanswered(reported.problem ?? `The demo's server responded ${response.status}.`);
  }
  return reported;
}

async function reach(path, question, signal) {
  try {
    return await fetch(path, { ...(question && posted(question)), signal });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Unanswered("The demo's server cannot be reached.");
  }
}

function posted(question) {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  };
}
