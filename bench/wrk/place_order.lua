-- Places orders of two lines, each with an idempotency key of its own.
-- $RUN tells runs apart, $PRODUCTS says over how many products orders are spread.
local run, products = os.getenv("RUN"), tonumber(os.getenv("PRODUCTS"))
local count = 0

wrk.method = "POST"
wrk.headers["content-type"] = "application/json"

local query = "mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code } } }"
local body = '{"query":"%s","variables":{"input":{"userId":1,"shippingAddress":"1 Bench Street",'
  .. '"idempotencyKey":"%s-%d","lines":[{"productId":%d,"quantity":1},{"productId":%d,"quantity":2}]}}}'

request = function()
  count = count + 1
  local first = count % products + 1
  local second = (count + 7) % products + 1
  return wrk.format(nil, nil, nil, body:format(query, run, count, first, second))
end
