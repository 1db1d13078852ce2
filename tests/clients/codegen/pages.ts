// What a site written in TypeScript does with the generated types; each wrong use is one that tsc must find.

import { type FragmentType, graphql, useFragment } from "./gql/index.js";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";

declare function ask<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data>;

const Teaser = graphql(`
  fragment Teaser on Article {
    title
    path
    publishedAt
    readingMinutes
  }
`);

const FRONT = graphql(`
  query Front($first: Int!, $after: String) {
    articles(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          ...Teaser
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const CREATE = graphql(`
  mutation Create($input: CreateArticleInput!) {
    createArticle(input: $input) {
      article {
        id
        state
      }
      revision
      errors {
        __typename
        message
        ... on ConflictError {
          baseRevision
        }
      }
    }
  }
`);

export function write(teaser: FragmentType<typeof Teaser>): string {
  const { title, path, readingMinutes } = useFragment(Teaser, teaser);
  const minutes: number = readingMinutes;
  // @ts-expect-error: a fragment is masked for those who did not ask for it.
  teaser.title;
  return `<a href="${path}">${title}</a> (${minutes.toFixed()})`;
}

export async function front(): Promise<string[]> {
  const { articles } = await ask(FRONT, { first: 10 });
  const cursor: string | null | undefined = articles.pageInfo.endCursor;
  await ask(FRONT, { first: 10, after: cursor ?? null });
  // @ts-expect-error: a variable that is required is missing.
  await ask(FRONT, {});
  return articles.edges.map(({ node }) => write(node));
}

export async function create(): Promise<number | null | undefined> {
  const { createArticle } = await ask(CREATE, { input: { locale: "en", title: "Tides" } });
  // @ts-expect-error: there is no article where there are errors.
  createArticle.article.id;
  for (const error of createArticle.errors) {
    if (error.__typename === "ConflictError") {
      const base: number = error.baseRevision;
      return base;
    }
  }
  return createArticle.revision;
}
