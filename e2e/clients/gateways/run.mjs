// Other gateways over our subgraphs: each composes nothing and takes schema/supergraph.graphql as it is.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { createGatewayRuntime } from "@graphql-hive/gateway";
import { parse } from "graphql";
import { startAgora } from "../../agora.mjs";
import { PLACE, order } from "../agora.mjs";

const root = new URL("../../../", import.meta.url);
const supergraph = readFileSync(new URL("schema/supergraph.graphql", root), "utf8");
const readme = readFileSync(new URL("README.md", root), "utf8");
const FIRST_QUERY = /```graphql\n([\s\S]*?)```/.exec(readme)[1];
const IN_ALL = "{ products(first: 3, sort: OLDEST) { nodes { name stockItem { onHand } category { name } } } }";

const secret = "what only the parts know";

// The four subgraphs, each in a process of its own, and a router of ours to compare with.
const part = (role, variables = {}) =>
  startAgora({ flags: ["--role", role], variables: { AGORA_PEER_SECRET: secret, ...variables } });
const [user, inventory] = await Promise.all([part("user"), part("inventory")]);
const product = await part("product", { AGORA_INVENTORY_URL: inventory.ready.graphql });
const urls = {
  AGORA_USER_URL: user.ready.graphql,
  AGORA_PRODUCT_URL: product.ready.graphql,
  AGORA_INVENTORY_URL: inventory.ready.graphql,
};
const orders = await part("order", urls);
const router = await startAgora({
  sampleData: true,
  flags: ["--role", "router"],
  variables: { AGORA_PEER_SECRET: secret, ...urls, AGORA_ORDER_URL: orders.ready.graphql },
});
const locations = {
  user: user.ready.graphql,
  product: product.ready.graphql,
  inventory: inventory.ready.graphql,
  order: orders.ready.graphql,
};
const ours = async (query, variables = {}) => {
  const response = await fetch(router.ready.graphql, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
};

async function check(name, execute) {
  for (const query of [FIRST_QUERY, IN_ALL]) {
    const theirs = await execute(query, {});
    assert.deepEqual(theirs.errors, undefined, `${name}: ${JSON.stringify(theirs.errors)}`);
    assert.deepEqual(JSON.parse(JSON.stringify(theirs.data)), (await ours(query)).data, name);
  }
  const placed = await execute(PLACE, order("5", 2));
  assert.deepEqual(placed.errors, undefined, `${name}: ${JSON.stringify(placed.errors)}`);
  assert.deepEqual(placed.data.placeOrder.userErrors, [], name);
  const { id } = placed.data.placeOrder.order;
  const found = await ours("query($id: ID!) { order(id: $id) { id status } }", { id });
  assert.deepEqual(found.data.order, { id, status: "PENDING" }, name);
}

class DataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request }) {
    request.http.headers.set("x-agora-secret", secret);
  }
}
const apollo = new ApolloGateway({
  supergraphSdl: supergraph,
  buildService: ({ name }) => new DataSource({ url: locations[name] }),
});
const { executor } = await apollo.load();
const cache = { get: async () => undefined, set: async () => {}, delete: async () => true };
await check("@apollo/gateway", (query, variables) => {
  const document = parse(query);
  const operation = document.definitions[0];
  const request = { query, variables, http: { headers: new Map() } };
  const schema = apollo.schema;
  const queryHash = query;
  return executor({ request, document, operation, operationName: null, queryHash, context: {}, cache, schema, metrics: {} });
});
await apollo.stop();

const hive = createGatewayRuntime({
  supergraph,
  logging: false,
  transportEntries: Object.fromEntries(
    Object.entries(locations).map(([name, location]) => [
      name,
      { location, headers: [["x-agora-secret", secret]] },
    ]),
  ),
});
await check("@graphql-hive/gateway", async (query, variables) => {
  const response = await hive.fetch("http://gateway/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
});
await hive[Symbol.asyncDispose]();
for (const { stop } of [router, orders, product, inventory, user]) await stop();
