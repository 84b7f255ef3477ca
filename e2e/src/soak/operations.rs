//! What customers ask; each operation has one field.

pub(super) const PLACE: &str = "mutation Place($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
        order { id total { amount } } userErrors { code field message } } }";
pub(super) const MOVE: &str = "mutation Move($id: ID!, $to: OrderStatus!) {
    transitionOrder(id: $id, to: $to) {
        order { status } userErrors { code field message } } }";
pub(super) const CANCEL: &str = "mutation Cancel($id: ID!) { cancelOrder(id: $id) {
    order { status } userErrors { code field message } } }";
pub(super) const DELETE: &str = "mutation Delete($id: ID!) { deleteOrder(id: $id) {
    deletedOrderId userErrors { code field message } } }";
pub(super) const ADJUST: &str = "mutation Adjust($input: AdjustStockInput!) {
    adjustStock(input: $input) { stockItem { id } userErrors { code field message } } }";
pub(super) const ORDER: &str = "query Order($id: ID!) { order(id: $id) { status } }";
pub(super) const ORDERS: &str = "query Orders($after: String) { orders(first: 100, after: $after) {
    nodes { id status total { amount } lines { quantity product { id } } }
    pageInfo { hasNextPage endCursor } } }";
pub(super) const STOCK: &str = "query Stock { stockItems(first: 100) {
    nodes { onHand reserved product { id } } } }";
pub(super) const CREATE_USER: &str = "mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) { user { id } userErrors { code field message } } }";
pub(super) const CREATE_PRODUCT: &str = "mutation CreateProduct($input: CreateProductInput!) {
    createProduct(input: $input) { product { id } userErrors { code field message } } }";
