// graphql-ws: graphql-transport-ws, as its reference client speaks it.

import { strict as assert } from "node:assert";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { MOVE, WATCH, move, place, seen, socketUrl } from "./agora.mjs";

const client = createClient({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false });
const collect = async (request) => {
  const results = [];
  for await (const result of client.iterate(request)) results.push(result);
  return results;
};

assert.deepEqual(await collect({ query: "{ product(id: 1) { name } }" }), [
  { data: { product: { name: "iPhone 15" } } },
]);

const order = await place("2");
const events = client.iterate({ query: WATCH, variables: { id: order.id } });
const first = events.next();
// The subscription has begun once a later operation on the same socket has its answer.
await collect({ query: "{ __typename }" });
const moved = await collect({ query: MOVE, variables: { id: order.id, to: "CONFIRMED" } });
assert.equal(moved[0].data.transitionOrder.order.status, "CONFIRMED");
const product = "Samsung Galaxy S23";
assert.deepEqual(seen((await first).value.data.orderStatusChanged), { id: order.id, status: "CONFIRMED", product });
await move(order.id, "SHIPPED");
assert.equal((await events.next()).value.data.orderStatusChanged.status, "SHIPPED");
// Leaving ends the subscription and not the socket.
await events.return();
assert.equal((await collect({ query: "{ __typename }" }))[0].data.__typename, "Query");

const rejected = await collect({ query: "{ nothing }" }).catch((errors) => errors);
assert.equal(rejected[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
await client.dispose();
