// Compiles only if the generated types are those of the shop.

import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import { placeMutation, productQuery } from "./shop.js";

const variables: VariablesOf<typeof productQuery> = { id: "1" };
export const units = (data: ResultOf<typeof productQuery>): number | null | undefined =>
  data.product?.availableQuantity;
// @ts-expect-error A line needs a quantity.
export const wrong: VariablesOf<typeof placeMutation> = { input: { userId: "1", shippingAddress: "x", lines: [{ productId: "1" }] } };
export { variables };
