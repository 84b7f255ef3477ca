// urql: queries, mutations, errors, automatic persisted queries, and subscriptions by SSE.

import { strict as assert } from "node:assert";
import { Client, fetchExchange, gql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { PLACE, WATCH, move, order, place, seen, url } from "./agora.mjs";

const requests = [];
const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [persistedExchange({ preferGetForPersistedQueries: true, enableForMutation: false }), fetchExchange],
  fetchSubscriptions: true,
  fetch: (target, options) => {
    requests.push(options);
    return fetch(target, options);
  },
});

const PRODUCT = gql`query Product($id: ID!) { product(id: $id) { id name availableQuantity } }`;
for (const round of [1, 2]) {
  const { data, error } = await client.query(PRODUCT, { id: "3" }, { requestPolicy: "network-only" });
  assert.equal(error, undefined, `round ${round}: ${error}`);
  assert.equal(data.product.name, "MacBook Pro");
}
// Asked by its hash, then registered, then asked by its hash alone.
assert.equal(requests.length, 3);

const placed = await client.mutation(PLACE, order("3"));
assert.deepEqual(placed.data.placeOrder.userErrors, []);
const short = await client.mutation(PLACE, order("3", 5_000));
assert.equal(short.data.placeOrder.userErrors[0].code, "INSUFFICIENT_STOCK");
const wrong = await client.query(gql`query { product(id: "x") { id } }`, {});
assert.equal(wrong.error.graphQLErrors[0].extensions.code, "BAD_USER_INPUT");

const { id } = await place("3");
const event = new Promise((resolve, reject) => {
  const { unsubscribe } = client.subscription(WATCH, { id }).subscribe(({ data, error }) => {
    if (error) reject(error);
    if (!data) return;
    resolve(data.orderStatusChanged);
    setImmediate(unsubscribe);
  });
});
const moving = (async () => {
  for (const status of ["CONFIRMED", "SHIPPED", "DELIVERED"]) {
    await new Promise((done) => setTimeout(done, 150));
    await move(id, status);
  }
})();
assert.equal(seen(await event).product, "MacBook Pro");
await moving;
