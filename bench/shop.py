"""A shop to measure: the binary in one process or apart, and the data that scenarios need."""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
STOCK = 1_000_000_000
ROLES = ["user", "product", "inventory", "order", "router"]


def binary():
    """The release binary, or the one that AGORA_BIN names."""
    if "AGORA_BIN" in os.environ:
        return os.environ["AGORA_BIN"]
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return str(target / "release" / "agora")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Shop:
    """Started on entering, stopped on leaving. `apart` starts each part as a process of its own."""

    def __init__(self, apart=False):
        self.apart = apart
        self.processes = []

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="agora-bench-")
        path = pathlib.Path(self.directory.name)
        if self.apart:
            ports = {role: free_port() for role in ROLES}
            peers = [
                f"--{role}-url=http://127.0.0.1:{ports[role]}/graphql" for role in ROLES[:4]
            ]
            for role in ROLES:
                flags = ["--role", role, "--port", str(ports[role]), *peers]
                ready = self.start(path / f"{role}.json", path, flags)
        else:
            flags = ["--port", "0", "--rest-ports", "0,0,0,0", "--no-sample-data"]
            ready = self.start(path / "ready.json", path, flags)
        self.url = ready["graphql"]
        self.rest = ready.get("rest", {})
        return self

    def start(self, ready_file, path, flags):
        command = [binary(), "serve", "--data-dir", str(path / "data"), "--ready-file", str(ready_file)]
        process = subprocess.Popen(command + flags, stdout=subprocess.DEVNULL)
        self.processes.append(process)
        while not ready_file.exists():
            if process.poll() is not None:
                raise SystemExit(f"agora ended with status {process.returncode}: {' '.join(flags)}")
            time.sleep(0.01)
        return json.loads(ready_file.read_text())

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait()
        self.directory.cleanup()

    def peak_memory_mb(self):
        """The most resident memory that any of the processes had, summed up."""
        total = 0
        for process in self.processes:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            total += int(status.split("VmHWM:")[1].split()[0]) / 1024
        return total

    def data(self, query, variables=None):
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        request = urllib.request.Request(self.url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
        if "errors" in answer:
            raise SystemExit(f"{query}: {answer['errors']}")
        return answer["data"]

    def change(self, query, variables):
        (payload,) = self.data(query, variables).values()
        if payload["userErrors"]:
            raise SystemExit(f"{query}: {payload['userErrors']}")
        return payload

    def verify(self):
        """Stops the run unless stock, orders and money are right."""
        data = str(pathlib.Path(self.directory.name) / "data")
        subprocess.run([binary(), "verify", "--data-dir", data], check=True, stdout=subprocess.DEVNULL)

    def order_count(self):
        return self.data("{ orders(first: 1) { totalCount } }")["orders"]["totalCount"]

    def fill(self, users=2, products=20, orders=20):
        """`products` with plenty of stock, and `orders` of two lines each, dealt out to `users`."""
        for number in range(1, users + 1):
            self.change(
                "mutation ($input: CreateUserInput!) { createUser(input: $input) { userErrors { message } } }",
                {"input": {"username": f"user{number}", "password": "password123"}},
            )
        self.change(
            "mutation { createCategory(input: {name: \"All\"}) { userErrors { message } } }", {}
        )
        for number in range(1, products + 1):
            self.change(
                "mutation ($input: CreateProductInput!) { createProduct(input: $input) { userErrors { message } } }",
                {"input": {"name": f"Product {number}", "description": "For the bench.",
                           "price": "9.99", "categoryId": 1}},
            )
            self.change(
                "mutation ($input: SetStockInput!) { setStock(input: $input) { userErrors { message } } }",
                {"input": {"productId": number, "onHand": STOCK}},
            )
        for number in range(orders):
            lines = [{"productId": (number + step) % products + 1, "quantity": 1} for step in (0, 3)]
            self.change(
                "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { message } } }",
                {"input": {"userId": number % users + 1, "shippingAddress": "1 Bench Street",
                           "lines": lines}},
            )
