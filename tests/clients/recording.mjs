// Keeps of each request that is fetched how it was sent: its method, and whether it brought the document's text.

export const requests = [];

const { fetch } = globalThis;

globalThis.fetch = (address, options = {}) => {
  const method = options.method ?? "GET";
  const said = method === "GET" ? Object.fromEntries(new URL(address).searchParams) : JSON.parse(options.body);
  requests.push({ method, text: Boolean(said.query) });
  return fetch(address, options);
};
