// What the programs have in common: where the shop is, and a few operations.

import { strict as assert } from "node:assert";

export const url = process.env.AGORA_GRAPHQL;
export const socketUrl = url.replace(/^http/, "ws");

export const PLACE = `mutation Place($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id nodeId status } userErrors { code message } }
}`;
export const MOVE = `mutation Move($id: ID!, $to: OrderStatus!) {
  transitionOrder(id: $id, to: $to) { order { id status } userErrors { code message } }
}`;
export const WATCH = `subscription Watch($id: ID!) {
  orderStatusChanged(id: $id) { id status lines { product { name availableQuantity } } }
}`;

/** The variables of an order of the sample user. */
export function order(productId, quantity = 1) {
  const lines = [{ productId, quantity }];
  return { input: { userId: "1", shippingAddress: "1 Main St", lines } };
}

/** Sends an operation as plain HTTP, beside the client under test. */
export async function send(query, variables = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

export async function place(productId) {
  const { data } = await send(PLACE, order(productId));
  assert.deepEqual(data.placeOrder.userErrors, []);
  return data.placeOrder.order;
}

export async function move(id, to) {
  const { data } = await send(MOVE, { id, to });
  assert.deepEqual(data.transitionOrder.userErrors, []);
}

/** What of an event the programs compare. */
export function seen(order) {
  return { id: order.id, status: order.status, product: order.lines[0].product.name };
}
