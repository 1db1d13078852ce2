// urql: asks by the document's hash with GET, and sends the text when it is not known.

import { Client, fetchExchange, gql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { recordingFetch, requests } from "./recording.mjs";

const url = process.argv[2];

const connect = () =>
  new Client({
    url,
    fetch: recordingFetch,
    exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  });

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

const answers = [];
for (const client of [connect(), connect()]) {
  const { data, error } = await client.query(TITLES, { first: 2 }).toPromise();
  if (error) throw error;
  answers.push(data.articles.nodes.map(({ title }) => title));
}
console.log(JSON.stringify({ answers, requests }));
