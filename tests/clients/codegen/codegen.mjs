export default {
  schema: "schema.graphql",
  documents: ["*.ts"],
  importExtension: ".js",
  generates: {
    "./gql/": {
      preset: "client",
      presetConfig: { persistedDocuments: { hashAlgorithm: "sha256" } },
      config: {
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
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
};
