-- Posts orders of two items to the REST interface.
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"user_id":1,"shipping_address":"1 Bench Street","items":['
  .. '{"product_id":1,"quantity":1,"price":"9.99"},{"product_id":2,"quantity":2,"price":"9.99"}]}'
