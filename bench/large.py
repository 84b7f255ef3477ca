#!/usr/bin/env python3
"""Compares a large shop with a small one, query by query: the cost must follow the answer.

    bench/run.sh --only large --products 1000000
    AGORA_BIN=target/debug/agora python3 bench/large.py --products 100000

Both shops run at the same time, and each request goes to one and then to the other, one at a time:
what the machine does besides is in both figures. A shop with N products has N / 10 users and N
orders, so what one user has does not depend on the size.
"""

import argparse
import contextlib
import http.client
import itertools
import json
import pathlib
import subprocess
import tempfile
import time
import urllib.parse

from shop import Shop, binary

SMALL = 1_000
SORTS = ["NEWEST", "OLDEST", "NAME", "PRICE_ASC", "PRICE_DESC"]
FILTERS = {
    "all": "",
    "category": "categoryId: 1",
    "active": "isActive: true",
    "inactive": "isActive: false",
    "price range": 'minPrice: "50.00", maxPrice: "60.00"',
}
TERMS = {"common": "steel", "rare": "zephyrine", "absent": "qqqqqq", "two letters": "XL"}
STATUSES = ["PENDING", "CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"]
# Enough for all orders that the bench places.
STOCK = 1_000_000_000
ATTEMPTS = itertools.count(1)


def products(arguments, selection="nodes { id name price { amount } }"):
    return f"{{ products({arguments}) {{ {selection} }} }}"


def queries(users):
    """The name and the text of every query. `users` is the number of users of the shop."""
    for sort, (name, text) in itertools.product(SORTS, FILTERS.items()):
        filters = f", filter: {{ {text} }}" if text else ""
        yield f"products, {sort}, {name}", products(f"first: 20, sort: {sort}{filters}")
    yield "products, category by name", products('first: 20, filter: { category: "mug" }')
    for name, term in TERMS.items():
        yield f"search, {name}", products(f'first: 20, filter: {{ search: "{term}" }}')
    yield "categories { products(first: 5) }", (
        "{ categories(first: 20) { nodes { name products(first: 5) { nodes { name } } } } }")
    yield "users { orders(first: 5) }", (
        "{ users(first: 20) { nodes { username orders(first: 5) { nodes { status } } } } }")
    yield "movements of the hot product", (
        "{ product(id: 1) { stockItem { movements(first: 20) { nodes { kind } } } } }")
    middle = users // 2
    orders = {"all": "", "user": f"userId: {middle}", "hot user": "userId: 1"}
    orders |= {status.lower(): f"status: {status}" for status in STATUSES}
    orders |= {"user and status": f"userId: {middle}, status: DELIVERED",
               "hot user and status": "userId: 1, status: PENDING"}
    for name, text in orders.items():
        filters = f", filter: {{ {text} }}" if text else ""
        nodes = "nodes { id status total { amount } }"
        yield f"orders, {name}", f"{{ orders(first: 20{filters}) {{ {nodes} }} }}"
    yield from counts()


def counts():
    for parent in ["users", "categories", "products", "stockItems", "orders"]:
        yield f"totalCount, {parent}", f"{{ {parent}(first: 1) {{ totalCount }} }}"
    for name, text in FILTERS.items():
        if text:
            yield f"totalCount, products, {name}", products(
                f"first: 1, filter: {{ {text} }}", "totalCount")
    for name, term in TERMS.items():
        yield f"totalCount, search, {name}", products(
            f'first: 1, filter: {{ search: "{term}" }}', "totalCount")
    yield "totalCount, orders by status", (
        "{ orders(first: 1, filter: { status: DELIVERED }) { totalCount } }")
    yield "totalCount, orders of the hot user", "{ user(id: 1) { orders { totalCount } } }"
    yield "totalCount, products of a category", "{ category(id: 1) { products { totalCount } } }"
    yield "totalCount, movements of the hot product", (
        "{ product(id: 1) { stockItem { movements { totalCount } } } }")


class LargeShop(Shop):
    """A shop that `agora sample-data` filled before it was started."""

    def __init__(self, size, database_url):
        super().__init__()
        self.size = size
        self.users = max(size // 10, 1)
        self.database_url = database_url

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="agora-bench-")
        path = pathlib.Path(self.directory.name)
        storage = ["--database-url", self.database_url] if self.database_url else []
        fill = ["--products", self.size, "--users", self.users, "--orders", self.size]
        data = ["--data-dir", path / "data", *storage]
        subprocess.run([binary(), "sample-data", *map(str, [*fill, *data])], check=True)
        flags = ["--port", "0", "--rest-ports", "0,0,0,0", *storage]
        ready = self.start(path / "ready.json", path, flags)
        self.url, self.rest = ready["graphql"], ready["rest"]
        self.connections = {}
        return self

    def request(self, method, url, body=None):
        """Sends a request over a connection that is kept; returns the body and the milliseconds."""
        parts = urllib.parse.urlsplit(url)
        if parts.netloc not in self.connections:
            connection = http.client.HTTPConnection(parts.netloc, timeout=60)
            self.connections[parts.netloc] = connection
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"content-type": "application/json"} if body else {}
        start = time.perf_counter()
        self.connections[parts.netloc].request(method, target, body, headers)
        response = self.connections[parts.netloc].getresponse()
        answer = response.read()
        took = (time.perf_counter() - start) * 1_000
        if response.status >= 300:
            raise Refused(f"status {response.status}")
        return answer, took

    def graphql(self, query, variables=None):
        body = json.dumps({"query": query, "variables": variables or {}})
        answer, took = self.request("POST", self.url, body)
        answer = json.loads(answer)
        if "errors" in answer:
            raise Refused(answer["errors"][0]["extensions"].get("code", "error"))
        return answer["data"], took

    def place(self):
        """Places an order of two lines; returns the milliseconds."""
        lines = [{"productId": product, "quantity": 1} for product in self.stocked]
        order = {"userId": self.users // 2, "shippingAddress": "1 Bench Street", "lines": lines,
                 "idempotencyKey": f"large-{next(ATTEMPTS)}"}
        query = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }"
        data, took = self.graphql(query, {"input": order})
        if data["placeOrder"]["userErrors"]:
            raise Refused(data["placeOrder"]["userErrors"][0]["code"])
        return took

    def stock(self):
        """Gives two products for sale enough stock."""
        data, _ = self.graphql(products("first: 2, sort: OLDEST, filter: { isActive: true }"))
        self.stocked = [node["id"] for node in data["products"]["nodes"]]
        for product in self.stocked:
            self.change(
                "mutation ($input: SetStockInput!) { setStock(input: $input) { userErrors { message } } }",
                {"input": {"productId": product, "onHand": STOCK}})


class Refused(Exception):
    """The shop did not answer as it should; the text is for the table."""


def scenarios(shop):
    """The name of each scenario, and a function that runs it once and returns the milliseconds."""
    for name, query in queries(shop.users):
        yield name, lambda query=query: shop.graphql(query)[1]
    for name, term in TERMS.items():
        # All matches are one answer: what is common is a longer one in a larger shop.
        if name in ("rare", "absent"):
            url = f"{shop.rest['product']}/products/?search={term}"
            yield f"GET /products/?search=, {name}", lambda url=url: shop.request("GET", url)[1]
    url = f"{shop.rest['order']}/orders/?user_id={shop.users // 2}"
    yield "GET /orders/?user_id=", lambda: shop.request("GET", url)[1]
    yield "placeOrder of 2 lines", shop.place


def measure(pair, requests):
    """The sorted milliseconds of both, or why one of them failed."""
    for run in pair:
        run()
    times = ([], [])
    for _ in range(requests):
        for run, found in zip(pair, times):
            found.append(run())
    return [sorted(found) for found in times]


def percentile(found, percent):
    return found[min(len(found) * percent // 100, len(found) - 1)]


def row(name, small, large):
    cells = []
    for percent in (50, 99):
        a, b = percentile(small, percent), percentile(large, percent)
        cells += [f"{a:.1f}", f"{b:.1f}", f"{b / a:.1f}"]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def database(server, name):
    """An empty database on the server, by `psql`; SQLite if there is no server."""
    if not server:
        return None
    for command in (f'drop database if exists "{name}" with (force)', f'create database "{name}"'):
        subprocess.run(["psql", "-q", server, "-c", command], check=True)
    return urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()


def run(size, requests, server=None):
    print(f"\n| {SMALL:,} and {size:,} products | p50 ms | large | ratio | p99 ms | large | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    with contextlib.ExitStack() as stack:
        shops = [
            stack.enter_context(LargeShop(number, database(server, f"agora_bench_{number}")))
            for number in (SMALL, size)
        ]
        for shop in shops:
            shop.stock()
        for (name, small), (_, large) in zip(*map(scenarios, shops)):
            try:
                row(name, *measure((small, large), requests))
            except Refused as why:
                print(f"| {name} | {why} | | | | | |", flush=True)
        print(f"\npeak resident memory of the large shop: {shops[1].peak_memory_mb():.0f} MB")


def arguments(parser):
    parser.add_argument("--products", type=int, default=1_000_000, help="size of the large shop")
    parser.add_argument("--requests", type=int, default=200, help="requests of one scenario")
    parser.add_argument("--postgres", help="URL of a server where databases may be created")


if __name__ == "__main__":
    PARSER = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments(PARSER)
    GIVEN = PARSER.parse_args()
    run(GIVEN.products, GIVEN.requests, GIVEN.postgres)
