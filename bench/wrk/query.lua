-- Sends the operation in $OPERATION again and again.
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = os.getenv("OPERATION")
