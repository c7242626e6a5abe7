"""Who waits for a whole list does not lose it to one answer of the index that came late."""

from typing import Any

import pytest

from directory.errors import Unavailable
from directory.patience import PAUSES_S, Patient
from directory.ports import Near
from mappings.reading import read


class Late:
    """An index that answers from its n-th question on."""

    def __init__(self, answers_from: int) -> None:
        self.answers_from, self.asked = answers_from, 0

    def propose(self, *_: Any, **__: Any) -> list[str]:
        self.asked += 1
        if self.asked < self.answers_from:
            raise Unavailable("search")
        return ["c1"]


@pytest.mark.parametrize("answers_from", range(1, len(PAUSES_S) + 2))
def test_an_index_that_was_late_is_asked_again(answers_from: int) -> None:
    late = Late(answers_from)
    assert Patient(late, lambda _: None).propose("ca", read("bitf"), Near(), 8) == ["c1"]
    assert late.asked == answers_from


def test_an_index_that_is_gone_is_said_to_be_gone() -> None:
    gone, paused = Late(100), list[float]()
    with pytest.raises(Unavailable):
        Patient(gone, paused.append).propose("ca", read("bitf"), Near(), 8)
    assert gone.asked == len(PAUSES_S) + 1
    assert tuple(paused) == PAUSES_S
