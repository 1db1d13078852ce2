// Keeps a copy of the articles in articles.json: node app_copy_node.mjs

import { readFile, rename, writeFile } from "node:fs/promises";
import { openCopy } from "./app_copy.mjs";

const file = "articles.json";
const storage = {
  load: () => readFile(file, "utf8").catch(() => null),
  // Renamed when it is complete: whoever kills the program finds the old text or the new one.
  save: async (text) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  },
};

const copy = await openCopy({
  url: `${process.env.CONTENT_URL ?? "http://127.0.0.1:8000"}/graphql`.replace(/^http/, "ws"),
  locale: process.env.CONTENT_LOCALE ?? "en",
  token: process.env.CONTENT_TOKEN,
  webSocketImpl: globalThis.WebSocket ?? (await import("ws")).default, // Node 22 has its own
  storage,
  changed: (articles) => console.log(articles.size, "articles"),
  failed: (error) => console.error("Trying again:", error.message || error.reason || error[0]?.message || error.code),
});
console.log(copy.articles.size, "articles are here");
