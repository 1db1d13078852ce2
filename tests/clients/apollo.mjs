// Apollo Client: asks by the document's hash with GET, sends the text when it is not known, and pages by cursor.

import { createHash } from "node:crypto";
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom } from "rxjs";
import { recordingFetch, requests } from "./recording.mjs";

const uri = process.argv[2];
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const connect = () =>
  new ApolloClient({
    cache: new InMemoryCache({ typePolicies: { Query: { fields: { articles: relayStylePagination() } } } }),
    link: new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(
      new HttpLink({ uri, fetch: recordingFetch }),
    ),
  });

const TITLES = gql`
  query Titles($after: String) {
    articles(first: 2, after: $after, orderBy: [{ field: TITLE, direction: ASC }]) {
      edges {
        node {
          id
          title
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const first = await connect().query({ query: TITLES });
const client = connect();
const titles = client.watchQuery({ query: TITLES });
const reading = titles.subscribe(() => {});
await firstValueFrom(titles.pipe(filter(({ loading }) => !loading)));
await titles.fetchMore({ variables: { after: titles.getCurrentResult().data.articles.pageInfo.endCursor } });
const listed = ({ data }) => data.articles.edges.map(({ node }) => node.title);
console.log(JSON.stringify({ first: listed(first), all: listed({ data: client.readQuery({ query: TITLES }) }), requests }));
reading.unsubscribe();
