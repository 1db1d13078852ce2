// A copy of the articles for an app: it shows what it has, catches up when it can, and then follows what happens.
//
// It runs in React Native, in browsers and in Node, and needs nothing but graphql-ws.

import { createClient } from "graphql-ws";

const SHOWN = "id path title summary updatedAt"; // what the copy holds of an article
const SNAPSHOT = `query Snapshot($locales: [Locale!], $after: String) @view(locales: $locales) {
  articles(first: 100, after: $after) { nodes { ${SHOWN} } pageInfo { hasNextPage endCursor } }
}`;
const CHANGES = `query Changes($locales: [Locale!], $since: Revision, $after: String) @view(locales: $locales) {
  changes(since: $since, after: $after, first: 100) { changes { articleId article { ${SHOWN} } } cursor hasMore }
}`;
const FOLLOW = `subscription Follow($locales: [Locale!], $after: String) @view(locales: $locales) {
  changes(after: $after) { cursor articleId article { ${SHOWN} } }
}`;

/**
 * Opens the copy that `storage` keeps, an empty one at first, and keeps it in step until it is closed.
 *
 * url            the address of the service: "wss://content.example.org/graphql"
 * locale         the locale of the copy
 * storage        { load(), save(text) }, which keep one text on the device; `load` gives null where there is none
 * changed        is called with the articles when they may have changed
 * failed         is called with what went wrong, before it is tried again
 * token          is shown where reading asks for one
 * webSocketImpl  is the class WebSocket where the platform has none
 *
 * Returns { articles, close() } as soon as the copy is read, whether or not the service can be reached;
 * `articles` is a Map by id.
 */
export async function openCopy({ url, locale, storage, changed, failed, token, webSocketImpl }) {
  const kept = JSON.parse(await storage.load());
  const articles = new Map(kept?.articles);
  let position = kept?.position; // the variables to ask for changes with
  let saving = Promise.resolve();
  let unsaved = false;
  let closed = false;
  let failures = 0;
  let deadline;

  const client = createClient({
    url,
    webSocketImpl,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    lazyCloseTimeout: 1_000,
    retryAttempts: 0, // whatever ends a connection: `follow` goes on where the copy is
    keepAlive: 10_000,
    on: {
      // Who walks out of a network is not told that the connection is dead.
      ping: (received) => {
        if (!received) deadline = setTimeout(() => client.terminate(), 5_000);
      },
      pong: () => clearTimeout(deadline),
      closed: () => clearTimeout(deadline),
    },
  });

  function run(query, variables, next) {
    return new Promise((resolve, reject) => {
      client.subscribe(
        { query, variables: { locales: [locale], ...variables } },
        {
          next: (answer) => (answer.errors ? reject(answer.errors) : next(answer)),
          error: reject,
          complete: resolve,
        },
      );
    });
  }

  async function ask(query, variables) {
    let answer;
    await run(query, variables, (told) => (answer = told));
    return answer;
  }

  function apply({ articleId, article }) {
    if (article) articles.set(articleId, article);
    else articles.delete(articleId);
  }

  // Articles and position are one text, so that they fit together whenever the app is killed.
  function keep(next) {
    position = next;
    changed?.(articles);
    if (unsaved) return;
    unsaved = true;
    saving = saving
      .then(() => {
        unsaved = false;
        return storage.save(JSON.stringify({ position, articles: [...articles] }));
      })
      .catch((error) => failed?.(error));
  }

  async function takeSnapshot() {
    const found = [];
    let answer, page;
    do {
      answer = await ask(SNAPSHOT, { after: page?.pageInfo.endCursor });
      page = answer.data.articles;
      found.push(...page.nodes);
    } while (page.pageInfo.hasNextPage);
    articles.clear();
    for (const article of found) articles.set(article.id, article);
    keep({ since: answer.extensions.view.revision });
  }

  async function catchUp() {
    let page;
    do {
      page = (await ask(CHANGES, position)).data.changes;
      page.changes.forEach(apply);
      keep({ after: page.cursor });
    } while (page.hasMore);
  }

  async function follow() {
    while (!closed) {
      try {
        if (!position) await takeSnapshot();
        await catchUp();
        failures = 0;
        await run(FOLLOW, position, ({ data }) => {
          apply(data.changes);
          keep({ after: data.changes.cursor });
        });
      } catch (error) {
        if (isLost(error)) position = null;
        failed?.(error);
      }
      const most = Math.min(30_000, 500 * 2 ** failures++);
      if (!closed) await new Promise((done) => setTimeout(done, most * (0.5 + Math.random() / 2)));
    }
  }

  follow();
  return {
    articles,
    close() {
      closed = true;
      client.dispose();
      return saving;
    },
  };
}

// The service does not know what happened since the position: only a new snapshot helps.
function isLost(error) {
  const codes = [].concat(error).map(({ extensions }) => extensions?.code);
  return codes.includes("REVISION_GONE") || codes.includes("REVISION_UNKNOWN");
}
