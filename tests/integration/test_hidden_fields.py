"""What others may not see cannot be asked for either: not by typing it, not by typing it a letter at a time.

The same names stand in two networks. In one there is nothing but them; in the other each has a whole card, and there are
companies beside them that nobody may find. Whatever is typed, both answer alike.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import network_on
from tests.stacks import Stack
from tests.torture import many

pytestmark = pytest.mark.torture

NAMES = {
    "shown-1": "Quincaillerie Tremblay ltée",
    "shown-2": "Bitfarms Ltd.",
    "shown-3": "Héroux-Devtek inc.",
    "shown-4": "9123-4567 Québec inc.",
    "shown-5": "Zwicky & Sons",
    "shown-6": "Comptoir 514",
}
CARD = {
    "email": "{id}.bookkeeping@zephyr-{id}.example",
    "phone": "+15145550134",
    "website": "https://www.zephyr-{id}.example/contactez",
    "street": "7777, rue Sans-Pareille",
    "city": "Saint-Hyacinthe",
    "province": "QC",
    "postal_code": "J4K 5G4",
    "plan": "starter",
}
NOBODY = {
    "gone-1": {"name": "Vestibule Oxford inc.", "visible": "false"},
    "gone-2": {"name": "Bitfarms Ltd. Hidden", "other_names": "Xylophone Kiosk", "visible": "false"},
    "gone-3": {"name": "Jasmine Wholesale", "region": "us"},
    "gone-4": {"name": "Gauthier Comptables Agréés", "kind": "accounting_firm"},
    "gone-5": {"name": "Pyxis Forwarding", "visible": "false", **CARD},
}
SECRETS = [
    *(value.format(id="shown-2") for value in CARD.values()),
    *(str(value) for row in list(NOBODY.values())[:4] for value in row.values()),
    "Pyxis Forwarding",
    "shown-3",
    "gone-1",
    "zephyr",
    "5145550134",
    "(514) 555-0134",
    "514",
    "sans pareille",
    "saint hyacinthe",
    "qc",
    "active",
    "business",
]


@pytest.fixture(scope="module")
def bare_and_full(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """A member of each network, who is in no city."""
    full = {
        company: {"name": name, **{k: v.format(id=company) for k, v in CARD.items()}} for company, name in NAMES.items()
    }
    folders: list[Path] = [tmp_path_factory.mktemp(name) for name in ("bare", "full")]
    with network_on(stack, folders[0]) as bare, network_on(stack, folders[1]) as whole:
        bare.load(asker="Asking Somebody", **NAMES)
        whole.load(asker="Asking Somebody", **full, **NOBODY)
        yield bare.member("asker"), whole.member("asker")


def answers(member: Any, text: str) -> list[tuple[str, Any]]:
    return [(found["name"], found["matched"]) for found in member.types(text).ok()["suggestions"]]


TEXTS = st.one_of(
    st.sampled_from(SECRETS).flatmap(lambda text: st.slices(len(text)).map(lambda part: text[part])),
    st.lists(st.sampled_from([*NAMES.values(), *SECRETS]), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(list(NAMES.values())).flatmap(lambda text: st.integers(1, len(text)).map(lambda end: text[:end])),
)


@pytest.mark.parametrize("secret", SECRETS)
def test_what_stands_on_a_card_and_who_is_hidden_change_no_answer_letter_by_letter(
    bare_and_full: tuple[Any, Any], secret: str
) -> None:
    bare, full = bare_and_full
    for letters in range(1, len(secret) + 1):
        assert answers(full, secret[:letters]) == answers(bare, secret[:letters]), secret[:letters]


@given(text=TEXTS)
@settings(max_examples=many(200, 10_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nor_do_they_whatever_is_typed(bare_and_full: tuple[Any, Any], text: str) -> None:
    bare, full = bare_and_full
    assert answers(full, text) == answers(bare, text)
