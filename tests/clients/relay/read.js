// Reads a list page by page and an article again, with what relay-compiler made, naming documents by their ids.

import relay from "relay-runtime";
import refetchQuery from "./__generated__/FeedArticleRefetchQuery.graphql.js";
import pageQuery from "./__generated__/FeedPaginationQuery.graphql.js";
import feedQuery from "./__generated__/FeedQuery.graphql.js";

const { ConnectionHandler, Environment, Network, RecordSource, Store } = relay;

function connect(address) {
  async function ask({ id }, variables) {
    const parameters = new URLSearchParams({ documentId: `sha256:${id}`, variables: JSON.stringify(variables) });
    const response = await fetch(`${address}?${parameters}`);
    return response.json();
  }
  return new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
}

const environment = connect(process.argv[2]);
const fetchAll = (query, variables) => relay.fetchQuery(environment, query, variables).toPromise();

function readConnection() {
  let read;
  relay.commitLocalUpdate(environment, (store) => {
    const connection = ConnectionHandler.getConnection(store.getRoot(), "Feed_articles");
    const nodes = connection.getLinkedRecords("edges").map((edge) => edge.getLinkedRecord("node"));
    const info = connection.getLinkedRecord("pageInfo");
    read = {
      ids: nodes.map((node) => node.getDataID()),
      titles: nodes.map((node) => node.getValue("title")),
      cursor: info.getValue("endCursor"),
      more: info.getValue("hasNextPage"),
    };
  });
  return read;
}

const feed = relay.createOperationDescriptor(feedQuery, { count: 2 });
environment.retain(feed);
await fetchAll(feedQuery, { count: 2 });
const first = readConnection();
await fetchAll(pageQuery, { count: 2, cursor: first.cursor });
const all = readConnection();
await fetchAll(refetchQuery, { id: first.ids[0] });
const again = environment.getStore().getSource().get(first.ids[0]);
console.log(
  JSON.stringify({ first: first.titles, more: [first.more, all.more], all: all.titles, again: again.title }),
);
