"""Bringing a change into the index at once, while the engine does not answer."""

import threading
from collections.abc import Sequence

from indexer.publisher import DirectPublisher


def test_calls_that_nobody_waits_for_any_more_do_not_stand_before_the_next_one() -> None:
    away, rung, synced = threading.Event(), list[int](), list[str]()

    class Publisher(DirectPublisher):
        def _sync(self, company_ids: Sequence[str]) -> bool:
            assert away.wait(10)
            synced.extend(company_ids)
            return True

    publisher = Publisher(None, None, lambda: rung.append(1))  # type: ignore[arg-type]  # neither is asked
    assert not any(publisher.publish([f"c{n}"], within=0.01) for n in range(20))
    away.set()
    assert publisher.publish(["late"], within=10)
    publisher.close()
    assert sorted(synced) == ["c0", "c1", "c2", "c3", "late"]
    assert len(rung) == 16, "the sweep does the others"
