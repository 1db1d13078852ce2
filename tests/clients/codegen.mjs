// GraphQL Code Generator's client preset, for the documents of a folder, which is the one to run in.

import { generate } from "@graphql-codegen/cli";

await generate({
  schema: process.argv[2],
  documents: ["*.ts"],
  silent: true,
  emitLegacyCommonJSImports: false,
  importExtension: ".js",
  generates: {
    "./gql/": {
      preset: "client",
      presetConfig: { persistedDocuments: { hashAlgorithm: "sha256" } },
      config: {
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          DateTime: "string",
          HTML: "string",
          JSON: "unknown",
          Locale: "string",
          Markdown: "string",
          Revision: "number",
          URL: "string",
        },
      },
    },
  },
});
