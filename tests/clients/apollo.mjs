// Apollo Client: asks by the document's hash with GET, sends the text when it is not known, and pages by cursor.

import { createHash } from "node:crypto";
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom } from "rxjs";
import { requests } from "./recording.mjs";

function connect(uri) {
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  return new ApolloClient({
    link: persisted.concat(new HttpLink({ uri })),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { articles: relayStylePagination(["where", "search", "orderBy"]) } } },
    }),
  });
}

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

const uri = process.argv[2];
const first = await connect(uri).query({ query: TITLES });
const client = connect(uri);
const titles = client.watchQuery({ query: TITLES });
const reading = titles.subscribe(() => {});
await firstValueFrom(titles.pipe(filter(({ loading }) => !loading)));
await titles.fetchMore({ variables: { after: titles.getCurrentResult().data.articles.pageInfo.endCursor } });
const listed = ({ data }) => data.articles.edges.map(({ node }) => node.title);
console.log(JSON.stringify({ first: listed(first), all: listed({ data: client.readQuery({ query: TITLES }) }), requests }));
reading.unsubscribe();
