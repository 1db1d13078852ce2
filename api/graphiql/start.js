// Starts GraphiQL on the page. Everything it needs from the server stands in the data attributes of the place it fills.
"use strict";

// examples.graphql holds one tab after the other, with a line "# ---" between them.
async function readExamples(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The example queries could not be loaded (${answer.status}).`);
  const text = await answer.text();
  return text.split(/^# ---\n/m).map((query) => ({ query: query.trim() + "\n" }));
}

async function start(place) {
  if (!window.React || !window.ReactDOM || !window.GraphiQL || !window.GraphiQLPluginExplorer) {
    throw new Error("GraphiQL's files could not be loaded. `make install` puts them on the server where npm is installed.");
  }
  const { endpoint, examples } = place.dataset;
  const page = React.createElement(
    GraphiQL,
    {
      fetcher: createFetcher(endpoint),
      defaultTabs: await readExamples(examples),
      plugins: [GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false })],
      defaultEditorToolsVisibility: false,
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false, // tokens are typed into the headers; they stay out of the browser's storage
    },
    React.createElement(GraphiQL.Logo, null, "Quiet Engine"),
  );
  ReactDOM.createRoot(place).render(page);
}

const place = document.getElementById("graphiql");
start(place).catch((error) => {
  const message = document.createElement("p");
  message.textContent = `Quiet Engine answers GraphQL at this address. ${error.message}`;
  place.replaceChildren(message);
  console.error(error);
});
