"""HTTP servers that answer `GET /NAME` with the same small JSON document.

The pages that the clients of `loadtest.models.clients` fetch. `/missing` is a 404 and
`/slow` takes two seconds, so that a failure and a timeout can be seen too.
"""
