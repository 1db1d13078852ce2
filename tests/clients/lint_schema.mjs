// Lints a GraphQL schema by all rules that graphql-eslint has for schemas, and prints what it finds, as JSON.

import { readFile } from "node:fs/promises";
import graphql from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";

const schema = process.argv[2];
const changed = JSON.parse(process.argv[3]);
const recommended = ["flat/schema-recommended", "flat/schema-relay"].map((name) => graphql.configs[name].rules);
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    rules: Object.assign({}, ...recommended, changed),
  },
});
const [{ messages }] = await eslint.lintText(await readFile(schema, "utf8"), { filePath: "schema.graphql" });
console.log(JSON.stringify(messages.map(({ ruleId, line, message }) => ({ ruleId, line, message }))));
