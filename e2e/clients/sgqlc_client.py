"""sgqlc: Python classes generated from the introspected schema, and operations written with them."""

import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.introspection import query, variables
from sgqlc.operation import Operation

endpoint = HTTPEndpoint(os.environ["AGORA_GRAPHQL"])
introspected = endpoint(query, variables(include_description=False, include_deprecated=True))
assert not introspected.get("errors"), introspected

with tempfile.TemporaryDirectory() as directory:
    schema, module = Path(directory, "schema.json"), Path(directory, "shop.py")
    schema.write_text(json.dumps(introspected))
    codegen = [sys.executable, "-m", "sgqlc.codegen", "schema", "--schema-name", "shop"]
    subprocess.run([*codegen, schema, module], check=True)
    shop = runpy.run_path(str(module))

reading = Operation(shop["Query"])
product = reading.product(id="2")
product.name()
product.price().amount()
product.available_quantity()
read = reading + endpoint(reading)
assert read.product.name == "Samsung Galaxy S23", read
assert read.product.available_quantity > 0

placing = Operation(shop["Mutation"])
line = shop["OrderLineInput"](product_id="2", quantity=1)
order = shop["PlaceOrderInput"](user_id="1", shipping_address="1 Main St", lines=[line])
placed = placing.place_order(input=order)
placed.order().id()
placed.user_errors().code()
done = placing + endpoint(placing)
assert list(done.place_order.user_errors) == [], done
assert int(done.place_order.order.id) > 0
