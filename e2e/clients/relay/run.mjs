// Relay: its compiler with `nodeInterfaceIdField`, its runtime without React.

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "@babel/core";
import { readFileSync, writeFileSync } from "node:fs";
import { send } from "../agora.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);
mkdirSync(`${here}generated`, { recursive: true });
execFileSync(require("relay-compiler"), ["relay.config.json"], { cwd: here, stdio: "pipe" });

// The plugin puts what the compiler has made in place of the operations.
const source = readFileSync(`${here}src/program.js`, "utf8");
const plugins = [["relay", { artifactDirectory: `${here}generated`, eagerEsModules: false }]];
const built = transformSync(source, { plugins, filename: `${here}src/program.js`, configFile: false, babelrc: false });
writeFileSync(`${here}generated/program.cjs`, built.code);
const operations = require("./generated/program.cjs");
const runtime = require("relay-runtime");
const { ConnectionHandler, Environment, Network, RecordSource, Store, fetchQuery, commitMutation, getRequest } = runtime;

const environment = new Environment({
  network: Network.create(({ text }, variables) => send(text, variables)),
  store: new Store(new RecordSource()),
  // As the compiler's nodeInterfaceIdField has it: records are known by their nodeId.
  getDataID: (value) => value.nodeId,
});
const read = (fragment, owner, id) => {
  const selector = runtime.getSingularSelector(fragment, owner);
  return environment.lookup({ ...selector, ...(id ? { dataID: id } : {}) }).data;
};
const query = async (request, variables) => {
  await fetchQuery(environment, request, variables).toPromise();
  const operation = runtime.createOperationDescriptor(getRequest(request), variables);
  environment.retain(operation);
  return environment.lookup(operation.fragment).data;
};

// @connection: the second page is appended to the first.
const first = read(operations.list, await query(operations.page, {}));
assert.equal(first.products.edges.length, 2);
const more = require("./generated/ListPaginationQuery.graphql.js");
const { endCursor } = first.products.pageInfo;
const both = read(operations.list, await query(more, { count: 2, cursor: endCursor }));
assert.equal(both.products.edges.length, 4);
assert.equal(new Set(both.products.edges.map(({ node }) => node.name)).size, 4);

// @refetchable: the fragment is fetched again by node(id:).
const { node } = both.products.edges[0];
const before = read(operations.product, node);
assert.ok(before.availableQuantity > 0);
const id = node.__id;
const numeric = Buffer.from(id, "base64url").toString().split(":")[1];
await send("mutation($p: ID!) { setStock(input: { productId: $p, onHand: 777 }) { userErrors { code } } }", { p: numeric });
await query(require("./generated/ProductRefetchQuery.graphql.js"), { nodeId: id });
assert.equal(read(operations.product, node).stockItem.onHand, 777);

// @deleteEdge: the edge leaves the list.
const connection = ConnectionHandler.getConnectionID("client:root", "Program_products", { sort: "NAME" });
await new Promise((onCompleted, onError) =>
  commitMutation(environment, {
    mutation: operations.remove,
    variables: { id: numeric, connections: [connection] },
    onCompleted,
    onError,
  }),
);
const left = read(operations.list, await query(operations.page, {}));
assert.ok(left.products.edges.every(({ node }) => node.__id !== id));
