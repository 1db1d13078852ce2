// urql: asks by the document's hash with GET, and sends the text when it is not known.

import { cacheExchange, Client, fetchExchange, gql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { requests } from "./recording.mjs";

function connect(url) {
  return new Client({
    url,
    exchanges: [cacheExchange, persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  });
}

const TITLES = gql`
  query Titles($first: Int!) {
    articles(first: $first, orderBy: [{ field: TITLE, direction: ASC }]) {
      nodes {
        id
        title
      }
    }
  }
`;

const url = process.argv[2];
const answers = [];
for (const client of [connect(url), connect(url)]) {
  const { data, error } = await client.query(TITLES, { first: 2 }).toPromise();
  if (error) throw error;
  answers.push(data.articles.nodes.map(({ title }) => title));
}
console.log(JSON.stringify({ answers, requests }));
