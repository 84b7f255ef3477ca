"""gql: queries and mutations over HTTP, subscriptions over WebSocket, and its DSL."""

import asyncio
import os
from base64 import urlsafe_b64decode

from gql import Client, gql
from gql.dsl import DSLQuery, DSLSchema, dsl_gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

URL = os.environ["AGORA_GRAPHQL"]
PLACE = gql(
    """mutation ($input: PlaceOrderInput!) {
      placeOrder(input: $input) { order { id nodeId } userErrors { code } } }"""
)
MOVE = gql(
    """mutation ($id: ID!, $to: OrderStatus!) {
      transitionOrder(id: $id, to: $to) { order { status } userErrors { code } } }"""
)
WATCH = gql("subscription ($id: ID!) { orderStatusChanged(id: $id) { id status } }")


def with_variables(document, **values):
    document.variable_values = values
    return document


async def watch(order, began):
    # Left to itself, it takes the answer's lower-case header for none, and speaks an older protocol.
    modern = [WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
    transport = WebsocketsTransport(url=URL.replace("http", "ws", 1), subprotocols=modern)
    async with Client(transport=transport) as session:
        events = session.subscribe(with_variables(WATCH, id=order))
        began.set()
        event = await anext(events)
        # The session waits for streams that are open.
        await events.aclose()
        return event["orderStatusChanged"]


async def main():
    transport = AIOHTTPTransport(url=URL)
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        schema = DSLSchema(session.client.schema)
        product = schema.Query.product(id="1").select(schema.Product.name, schema.Product.availableQuantity)
        found = await session.execute(dsl_gql(DSLQuery(product)))
        assert found["product"]["name"] == "iPhone 15", found

        lines = [{"productId": "1", "quantity": 1}]
        order = {"userId": "1", "shippingAddress": "1 Main St", "lines": lines}
        placed = (await session.execute(with_variables(PLACE, input=order)))["placeOrder"]
        assert placed["userErrors"] == [], placed
        number = placed["order"]["id"]
        padded = placed["order"]["nodeId"] + "=="
        assert urlsafe_b64decode(padded).decode() == f"Order:{number}"

        began = asyncio.Event()
        watching = asyncio.create_task(watch(number, began))
        await began.wait()
        # An event tells of a change since the subscription began: change it until one arrives.
        for status in ["CONFIRMED", "SHIPPED", "DELIVERED"]:
            await asyncio.wait([watching], timeout=0.3)
            if not watching.done():
                await session.execute(with_variables(MOVE, id=number, to=status))
        event = await asyncio.wait_for(watching, 20)
        assert event["id"] == number, event

        try:
            await session.execute(gql('{ product(id: "x") { id } }'))
            raise AssertionError("an id that is not valid is accepted")
        except TransportQueryError as error:
            assert error.errors[0]["extensions"]["code"] == "BAD_USER_INPUT", error


asyncio.run(main())
