// Audits a server by the GraphQL over HTTP specification, and prints what each audit says, as JSON.

import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
