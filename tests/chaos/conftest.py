"""Chaos on real processes takes minutes a row: `make torture` runs it. `make test` has the faults of tests/races, and the
simulator, which goes through the same steps; what judges chaos, the ledger, is tested here always."""

from tests.torture import TORTURE

collect_ignore = [] if TORTURE else ["test_chaos.py"]
