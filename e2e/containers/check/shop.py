"""A client of the REST interface, as the second documented system has it."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
import uuid

from docker import POLL_S, check

REST_PORTS = [8000, 8001, 8002, 8003]
USER, PRODUCT, INVENTORY, ORDER = (f"http://127.0.0.1:{port}" for port in REST_PORTS)
GRAPH = "http://127.0.0.1:4000"
# Longer than the shop takes to give up.
ANSWER_TIMEOUT_S = 20
# Statuses that ask the client to try again.
TRY_AGAIN = {409, 429, 503}


def send(method, url, body=None, headers=None):
    """Sends a request; returns the status and the parsed answer."""
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json", **(headers or {})},
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT_S) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, text = error.code, error.read()
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text.decode(errors="replace")


def post(url, body, expected=201):
    """Posts; fails unless the status is the expected one."""
    status, answer = send("POST", url, body)
    check(status == expected, f"POST {url} {body}: {status}, not {expected}: {answer}")
    return answer


def get(url):
    """Gets; fails unless the status is 200."""
    status, answer = send("GET", url)
    check(status == 200, f"GET {url}: {status}: {answer}")
    return answer


def stock(product):
    """The units of a product that are for sale."""
    items = [item for item in get(f"{INVENTORY}/api/inventory/") if item["product_id"] == product]
    check(len(items) == 1, f"product {product} has {len(items)} stock items")
    return items[0]["quantity"]


def new_user(name):
    """Creates a customer; returns the id."""
    user = {"username": name, "email": f"{name}@example.com", "password": str(uuid.uuid4())}
    return post(f"{USER}/api/users/", user)["id"]


def new_product(name, units):
    """Creates a product and stocks it; returns the id."""
    product = {"name": name, "description": "From a test", "price": "12.50"}
    product = post(f"{PRODUCT}/api/products/", product)["id"]
    post(f"{INVENTORY}/api/inventory/", {"product_id": product, "quantity": units})
    return product


def order_of(user, product, quantity):
    """The body of an order."""
    return {
        "user_id": user,
        "product_id": product,
        "quantity": quantity,
        "shipping_address": "1 Market Square",
    }


def orders_of(user):
    """The ids of a customer's orders."""
    return [order["id"] for order in get(f"{ORDER}/api/orders/?user_id={user}")]


class Load:
    """Customers that place orders, and repeat each under its idempotency key until it is acknowledged."""

    CUSTOMERS = 4
    PAUSE_S = 0.02
    RETRY_S = 0.1
    MAX_ORDERS = 5_000
    # As long as anything in the shop may be away.
    PATIENCE_S = 60

    def __init__(self, user, product):
        self.order = order_of(user, product, 1)
        self.acknowledged = []
        self.retried = 0
        self.problem = None
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(self.CUSTOMERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _run(self):
        try:
            while not self.stopped.is_set() and len(self.acknowledged) < self.MAX_ORDERS:
                self.acknowledged.append(self._place(str(uuid.uuid4())))
                time.sleep(self.PAUSE_S)
        except Exception as problem:  # The main thread reports it.
            self.problem = problem
            self.stopped.set()

    def _place(self, key):
        deadline = time.monotonic() + self.PATIENCE_S
        status, answer = None, "no answer"
        while time.monotonic() < deadline:
            try:
                headers = {"idempotency-key": key}
                status, answer = send("POST", f"{ORDER}/api/orders/", self.order, headers)
            except (OSError, http.client.HTTPException) as error:
                status, answer = None, error
            if status == 201:
                return answer["id"]
            check(status is None or status in TRY_AGAIN, f"an order was answered {status}: {answer}")
            self.retried += 1
            time.sleep(self.RETRY_S)
        check(False, f"an order was not acknowledged in {self.PATIENCE_S} s: {status} {answer}")

    def wait_for_more(self, count, seconds):
        """Waits until so many further orders are acknowledged."""
        start, goal = time.monotonic(), len(self.acknowledged) + count
        while len(self.acknowledged) < goal:
            if self.problem:
                raise self.problem
            check(time.monotonic() - start < seconds, f"no {count} orders within {seconds} s")
            time.sleep(POLL_S)
        return time.monotonic() - start
