// Apollo Client: its cache, persisted queries, pages, and subscriptions by its multipart protocol.

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import apollo from "@apollo/client/core/core.cjs";
import persisted from "@apollo/client/link/persisted-queries/persisted-queries.cjs";
import utilities from "@apollo/client/utilities/utilities.cjs";
import { MOVE, WATCH, move, place, seen, url } from "./agora.mjs";

const { ApolloClient, HttpLink, InMemoryCache, gql } = apollo;
const cache = () =>
  new InMemoryCache({
    typePolicies: { Query: { fields: { products: utilities.relayStylePagination(["sort"]) } } },
  });
const http = new HttpLink({ uri: url, fetch });
const client = new ApolloClient({ link: http, cache: cache() });

// One entity: what a mutation changes is changed wherever it is shown.
const ORDER = gql`query Order($id: ID!) { order(id: $id) { id status } }`;
const { id } = await place("1");
assert.equal((await client.query({ query: ORDER, variables: { id } })).data.order.status, "PENDING");
await client.mutate({ mutation: gql(MOVE), variables: { id, to: "CONFIRMED" } });
const cached = client.readQuery({ query: ORDER, variables: { id } });
assert.equal(cached.order.status, "CONFIRMED");

// Pages, appended by the cache.
const PAGE = gql`query Page($after: String) {
  products(first: 2, after: $after, sort: NAME) { edges { node { id name } cursor } pageInfo { hasNextPage endCursor startCursor hasPreviousPage } }
}`;
const pages = client.watchQuery({ query: PAGE });
let showing;
const { data } = await new Promise((next, error) => (showing = pages.subscribe({ next, error })));
assert.equal(data.products.edges.length, 2);
await pages.fetchMore({ variables: { after: data.products.pageInfo.endCursor } });
const both = pages.getCurrentResult().data.products.edges.map(({ node }) => node.name);
assert.equal(new Set(both).size, 4);
assert.deepEqual(both, [...both].sort());
showing.unsubscribe();

// Errors beside data.
const partial = await client.query({
  query: gql`query { good: product(id: 1) { name } bad: product(id: "x") { name } }`,
  errorPolicy: "all",
});
assert.equal(partial.data.good.name, "iPhone 15");
assert.equal(partial.errors[0].extensions.code, "BAD_USER_INPUT");

// Automatic persisted queries.
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const link = persisted.createPersistedQueryLink({ sha256, useGETForHashedQueries: true });
const hashed = new ApolloClient({ link: link.concat(http), cache: cache() });
const answer = await hashed.query({ query: gql`query Hashed { product(id: 2) { id name } }` });
assert.equal(answer.data.product.name, "Samsung Galaxy S23");

// Each event when it happens.
const event = new Promise((resolve, reject) => {
  const observing = client.subscribe({ query: gql(WATCH), variables: { id } });
  const subscription = observing.subscribe({
    next: ({ data }) => {
      resolve(data.orderStatusChanged);
      setImmediate(() => subscription.unsubscribe());
    },
    error: reject,
  });
});
const moving = (async () => {
  for (const status of ["SHIPPED", "DELIVERED"]) {
    await new Promise((done) => setTimeout(done, 200));
    await move(id, status);
  }
})();
assert.equal(seen(await event).product, "iPhone 15");
await moving;
client.stop();
hashed.stop();
