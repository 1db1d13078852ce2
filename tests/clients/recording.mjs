// A fetch that keeps of each request how it was sent: its method, and whether it brought the document's text.

export const requests = [];

export async function recordingFetch(address, options = {}) {
  const method = options.method ?? "GET";
  const url = new URL(address);
  const said = method === "GET" ? Object.fromEntries(url.searchParams) : JSON.parse(options.body);
  requests.push({ method, text: Boolean(said.query) });
  return fetch(address, options);
}
