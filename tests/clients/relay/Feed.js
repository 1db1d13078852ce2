// What a site with Relay asks for: a list that is paged, and one article that is fetched again by its id.

import { graphql } from "relay-runtime";

export const query = graphql`
  query FeedQuery($count: Int!) {
    ...Feed_articles @arguments(count: $count)
  }
`;

export const articles = graphql`
  fragment Feed_articles on Query
  @refetchable(queryName: "FeedPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    articles(first: $count, after: $cursor, orderBy: [{ field: TITLE, direction: ASC }])
      @connection(key: "Feed_articles", filters: []) {
      edges {
        node {
          ...Feed_article
        }
      }
    }
  }
`;

export const article = graphql`
  fragment Feed_article on Article @refetchable(queryName: "FeedArticleRefetchQuery") {
    id
    title
  }
`;
