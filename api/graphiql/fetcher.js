// How GraphiQL asks the server: by POST. Queries and mutations are answered with JSON, subscriptions with
// server-sent events (docs/subscriptions.md); the server chooses by what the operation is.
"use strict";

const MOST_SHOWN = 50;

// Returns the function that GraphiQL calls for each operation: it begins it, and returns an iterator over what is to be
// shown one after the other. The iterator's `return` ends the request, which is what GraphiQL's stop button calls.
function createFetcher(endpoint) {
  return (operation, { headers } = {}) => {
    const stopping = new AbortController();
    const states = showResults(endpoint, operation, headers, stopping.signal);
    const end = states.return.bind(states);
    states.return = () => {
      stopping.abort(); // by itself, a generator ends only once what it waits for has come
      return end();
    };
    return states;
  };
}

// One result is shown as it is. Of several, the newest come first, where they are seen; an error hides none of them.
async function* showResults(endpoint, operation, headers, signal) {
  let shown = [];
  const show = (results) => {
    shown = [...results.reverse(), ...shown].slice(0, MOST_SHOWN);
    return shown.length === 1 ? shown[0] : { events: shown };
  };
  try {
    const answer = await send(endpoint, operation, headers, signal);
    for await (const results of readResults(answer)) yield show(results);
  } catch (error) {
    if (!signal.aborted) yield show([{ errors: [{ message: error.message }] }]);
  }
}

async function send(endpoint, operation, headers, signal) {
  const sent = new Headers({ "content-type": "application/json", accept: "application/json, text/event-stream" });
  for (const [name, value] of Object.entries(headers ?? {})) sent.set(name, value);
  try {
    return await fetch(endpoint, { method: "POST", headers: sent, body: JSON.stringify(operation), signal });
  } catch (error) {
    throw new Error(`The server could not be reached: ${error.message}.`);
  }
}

// Yields lists of results: what has come since the list before.
async function* readResults(answer) {
  const type = answer.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) yield* readStream(answer.body);
  else yield [await readJson(answer)];
}

async function readJson(answer) {
  try {
    return await answer.json();
  } catch {
    throw new Error(`The server answered with status ${answer.status}, and with no JSON.`);
  }
}

async function* readStream(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) throw new Error("The connection has ended. Run the subscription again to go on.");
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    const results = events.filter((event) => /^event: next$/m.test(event)).map(readResult);
    if (results.length) yield results;
    if (events.some((event) => /^event: complete$/m.test(event))) return;
  }
}

function readResult(event) {
  return JSON.parse(event.match(/^data: (.*)$/m)[1]);
}
