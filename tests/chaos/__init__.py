"""Chaos on real processes: the API, workers, rebuilds and imports, on OpenSearch, Redis and PostgreSQL that are hurt.

    python -m tests.chaos [ROW…] [--seconds 30] [--seed 1] [--unconfirmed]      one row after the other; table and JSON
    python -m tests.chaos.teeth [FAULT…]                                         planted faults, each of which must be caught

`ground` starts the services, `site` the processes of Carnet on them, by `launch`, which can stop or kill one at a named
point. `owners` and `searchers` are clients over HTTP; they write what they asked and were answered into a `ledger`, which
knows what the promise forbids. `rows` is protocol.md's table of faults as data, `drill` runs one row and measures it.
"""
