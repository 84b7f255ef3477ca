"""The REST scenarios, beside the figures of the documented original."""

from load import wrk
from shop import Shop

CONNECTIONS = 16
# (path, requests a second of the original with gunicorn on two cores, wanted multiple)
READS = [
    ("/users/", 747, 10),
    ("/products/", 371, 15),
    ("/products/1/", 520, 12),
    ("/orders/", 3.9, 300),
    ("/orders/1/", 64, 60),
]
POST = ("/orders/", 22, 40)


def run(seconds):
    print("\n| REST, 2 users, 5 products, 20 orders of 2 items | requests/s | p50 ms | p99 ms | times the original | wanted |")
    print("|---|---:|---:|---:|---:|---:|")
    with Shop() as shop:
        shop.fill(users=2, products=5, orders=20)
        base = shop.rest["order"]
        for path, original, wanted in READS:
            wrk(base + path, CONNECTIONS, 2)  # Warm up.
            row(f"GET {path}", wrk(base + path, CONNECTIONS, seconds), original, wanted)
        path, original, wanted = POST
        before = shop.order_count()
        rate, p50, p99 = wrk(base + path, CONNECTIONS, seconds, "post_order.lua")
        # What counts is what the shop has, not what the load generator believes.
        if shop.order_count() - before < rate * seconds * 0.99:
            raise SystemExit("some orders were not placed")
        row(f"POST {path}", (rate, p50, p99), original, wanted)
        print(f"\npeak resident memory with REST: {shop.peak_memory_mb():.0f} MB")


def row(scenario, figures, original, wanted):
    rate, p50, p99 = figures
    print(
        f"| {scenario} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {rate / original:.0f} | {wanted} |",
        flush=True,
    )
