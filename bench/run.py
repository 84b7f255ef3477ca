#!/usr/bin/env python3
"""Measures Agora under load and prints a table. Started by run.sh, which builds what it needs."""

import argparse
import json
import os
import sys
import time

import large
import rest
from load import wrk
from shop import Shop

LIST = """query Shelf { products(first: 20) { nodes {
  id name price { amount currency } availableQuantity } } }"""
ORDERS = """query Orders { orders(first: 20) { nodes { id status total { amount }
  user { username } lines { quantity unitPrice { amount }
    product { name availableQuantity } } } } }"""
CONNECTIONS = [16, 64]


def operation(query):
    return json.dumps({"query": " ".join(query.split())})


def row(scenario, transport, connections, rate, p50, p99, note=""):
    print(
        f"| {scenario} | {transport} | {connections} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {note} |",
        flush=True,
    )


def read(shop, scenario, query, transport, seconds):
    environment = {"script": "query.lua", "OPERATION": operation(query)}
    wrk(shop.url, 16, 2, **environment)  # Warm up.
    rates = {}
    for connections in CONNECTIONS:
        rate, p50, p99 = wrk(shop.url, connections, seconds, **environment)
        row(scenario, transport, connections, rate, p50, p99)
        rates[connections] = rate
    return rates


def place(shop, scenario, products, seconds):
    for connections in CONNECTIONS:
        before, start = shop.order_count(), time.monotonic()
        _, p50, p99 = wrk(
            shop.url, connections, seconds, "place_order.lua",
            RUN=f"{scenario}-{connections}", PRODUCTS=products,
        )
        # What counts is what the shop has, not what the load generator believes.
        placed, took = shop.order_count() - before, time.monotonic() - start
        row(scenario, "in process", connections, placed / took, p50, p99, f"{placed:,} orders")


def orders(seconds):
    """The write scenarios; answers the peak memory in megabytes."""
    with Shop() as shop:
        shop.fill(products=1_000, orders=0)
        place(shop, "placeOrder, spread over 1,000 products", 1_000, seconds)
        place(shop, "placeOrder, one hot product", 1, seconds)
        shop.verify()
        return shop.peak_memory_mb()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=10, help="length of one run")
    arguments.add_argument("--only", choices=["orders", "rest", "large"], help="only these scenarios")
    large.arguments(arguments)
    arguments = arguments.parse_args()
    seconds = arguments.seconds
    print(f"{os.cpu_count()} cores, shared with the load generator; {seconds} s a run\n")
    if arguments.only == "rest":
        return rest.run(seconds)
    if arguments.only == "large":
        return large.run(arguments.products, arguments.requests, arguments.postgres)
    print("| scenario | subgraphs | connections | requests/s | p50 ms | p99 ms | |")
    print("|---|---|---:|---:|---:|---:|---|")
    if arguments.only == "orders":
        print(f"\npeak resident memory: {orders(seconds):.0f} MB")
        return None
    ratios = {}
    reads = [("list of 20 products with stock", LIST), ("20 orders with everything", ORDERS)]
    with Shop() as shop:
        shop.fill()
        for scenario, query in reads:
            ratios[scenario] = read(shop, scenario, query, "in process", seconds)
        memory = shop.peak_memory_mb()
    memory = max(memory, orders(seconds))
    with Shop(apart=True) as shop:
        shop.fill()
        for scenario, query in reads:
            apart = read(shop, scenario, query, "over HTTP", seconds)
            ratios[scenario] = {c: rate / apart[c] for c, rate in ratios[scenario].items()}
    print()
    for scenario, ratio in ratios.items():
        shown = ", ".join(f"{ratio[c]:.2f} at {c} connections" for c in CONNECTIONS)
        print(f"in process / over HTTP, {scenario}: {shown}")
    print(f"peak resident memory of the one process: {memory:.0f} MB")
    return rest.run(seconds)


if __name__ == "__main__":
    sys.exit(main())
