"""What PostgreSQL works out once for the statement that every look-up ends with, and not with each letter."""

from typing import Any

import pytest

from directory.lookup import confirm

pytestmark = pytest.mark.services


def test_the_plan_of_the_statement_that_confirms_is_kept_however_few_it_is_asked_for(network: Any) -> None:
    network.load(**{f"c{number}": f"Nordik {number}" for number in range(2_000)})
    network.sql("ANALYZE")
    for _ in range(20):
        rows, dropped = confirm(network.records, ["c7"], "ca")
        assert ([row.name for row in rows], dropped) == (["Nordik 7"], {})
    pooled: Any = network.records._reader.raw_connection()  # the one that was given back last
    plans = pooled.driver_connection.execute("SELECT statement, generic_plans FROM pg_prepared_statements").fetchall()
    pooled.close()
    (kept,) = (times for statement, times in plans if "card_versions" in statement)
    assert kept > 5
