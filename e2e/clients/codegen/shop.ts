// Operations as an application writes them; graphql-codegen types them.

import { graphql } from "./generated/gql.js";

export const productQuery = graphql(`
  query ShopProduct($id: ID!) {
    product(id: $id) {
      name
      price {
        amount
      }
      availableQuantity
    }
  }
`);

export const placeMutation = graphql(`
  mutation ShopPlace($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      order {
        id
        status
      }
      userErrors {
        code
      }
    }
  }
`);
