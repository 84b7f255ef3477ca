import shopWindow from "./tabs/shop-window.graphql?raw";
import userOrders from "./tabs/user-orders.graphql?raw";
import placeOrder from "./tabs/place-order.graphql?raw";
import orderStatus from "./tabs/order-status.graphql?raw";

const json = (value) => JSON.stringify(value, null, 2);

// What a first visitor finds; afterwards the browser remembers the visitor's own tabs.
// GraphiQL does not show variables of the first tab before it is left, so that one has none.
export const tabs = [
  { query: shopWindow },
  { query: userOrders, variables: json({ id: "1" }) },
  {
    query: placeOrder,
    variables: json({
      input: {
        userId: "1",
        shippingAddress: "1 Market Square",
        lines: [
          { productId: "1", quantity: 1 },
          { productId: "2", quantity: 2 },
        ],
      },
    }),
  },
  { query: orderStatus, variables: json({ id: "1" }) },
];
