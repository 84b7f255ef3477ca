// graphql-sse: GraphQL over Server-Sent Events in both modes.

import { strict as assert } from "node:assert";
import { createClient } from "graphql-sse";
import { MOVE, WATCH, move, place, seen, url } from "./agora.mjs";

for (const singleConnection of [false, true]) {
  const client = createClient({ url, singleConnection, retryAttempts: 0 });
  const collect = async (request) => {
    const results = [];
    for await (const result of client.iterate(request)) results.push(result);
    return results;
  };
  assert.deepEqual(await collect({ query: "{ product(id: 1) { name } }" }), [
    { data: { product: { name: "iPhone 15" } } },
  ]);
  const order = await place("5");
  const confirmed = await collect({ query: MOVE, variables: { id: order.id, to: "CONFIRMED" } });
  assert.equal(confirmed[0].data.transitionOrder.order.status, "CONFIRMED");

  // Events tell of changes from the subscription on: move until one arrives.
  const events = client.iterate({ query: WATCH, variables: { id: order.id } });
  let arrived = false;
  const first = events.next().finally(() => (arrived = true));
  const ways = ["SHIPPED", "DELIVERED"];
  const watched = new Promise((done) => {
    const connected = client.iterate({ query: "{ __typename }" });
    connected.next().then(done, done);
  });
  await watched;
  await new Promise((done) => setImmediate(done));
  for (const status of ways) {
    if (!arrived) await move(order.id, status);
    await new Promise((done) => setTimeout(done, 100));
  }
  const event = (await first).value.data.orderStatusChanged;
  assert.ok(ways.includes(event.status), JSON.stringify(event));
  assert.equal(seen(event).product, "T-Shirt");
  await events.return();

  const rejected = await collect({ query: "{ nothing }" }).catch((error) => error);
  const code = rejected[0]?.errors?.[0]?.extensions?.code ?? JSON.stringify(rejected.message ?? rejected);
  assert.match(code, /GRAPHQL_VALIDATION_FAILED|Bad Request|400/);
  client.dispose();
}
