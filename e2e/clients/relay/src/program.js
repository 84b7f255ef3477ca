// The operations of the program: a fragment that is fetched again by its node, a list that grows, and
// an edge that is deleted.
const { graphql } = require("relay-runtime");

module.exports = {
  product: graphql`
    fragment program_product on Product @refetchable(queryName: "ProductRefetchQuery") {
      name
      availableQuantity
      stockItem {
        onHand
      }
    }
  `,
  list: graphql`
    fragment program_list on Query
    @refetchable(queryName: "ListPaginationQuery")
    @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
      products(first: $count, after: $cursor, sort: NAME) @connection(key: "Program_products") {
        edges {
          node {
            name
            ...program_product
          }
        }
      }
    }
  `,
  page: graphql`
    query programPageQuery {
      ...program_list
    }
  `,
  remove: graphql`
    mutation programRemoveMutation($id: ID!, $connections: [ID!]!) {
      deleteProduct(id: $id) {
        deletedNodeId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `,
};
