"""A newcomer who brings in a list of vendors is no crawler: matching thousands of names at once meets no limit."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.torture import many

pytestmark = pytest.mark.torture

VENDORS = many(1_500, 5_000)
BATCH = 500
SAVED_A_DAY = 300


@pytest.fixture
def newcomer(new_network: Callable[..., Any]) -> Any:
    network = new_network(CARNET_LIMITS="on")
    listed = {
        f"v-{number}": {"name": f"Fournisseur {number:05} inc.", "email": f"ar@v{number}.example.com"}
        for number in range(VENDORS)
    }
    network.load(newcomer={"name": "Nouvelle Venue inc."}, **listed)
    return network.member("newcomer")


def test_matching_and_saving_thousands_of_vendors_meets_no_limit_and_cards_are_opened_within_the_quota(
    newcomer: Any,
) -> None:
    names = [f"fournisseur {number:05}" for number in range(VENDORS)]
    matches = newcomer.ask("POST", "/v1/contacts/match", {"names": names, "relation": "vendor"}).ok()["matches"]
    assert {match["verdict"] for match in matches} == {"sure"}
    assert "@" not in str(matches)
    accepted = [{"suggestion": match["proposals"][0]["suggestion"], "relation": "vendor"} for match in matches]
    ids = []
    for at in range(0, VENDORS, BATCH):
        answer = newcomer.ask("POST", "/v1/contacts/match/accept", {"accepted": accepted[at : at + BATCH]}).ok()
        assert {one["result"] for one in answer["results"]} == {"created"}
        ids += [one["id"] for one in answer["results"]]
    assert len(set(ids)) == VENDORS
    opened = [newcomer.contact(contact) for contact in ids[: SAVED_A_DAY + 5]]
    assert all(one["opened"] for one in opened[:SAVED_A_DAY])
    later = opened[SAVED_A_DAY:]
    assert not any(one["opened"] for one in later), "what is over the day's quota stays unopened, and readable"
    assert all(one["name"].startswith("Fournisseur") and one["email"] == "" for one in later)
    assert newcomer.contact(ids[0])["email"] == "ar@v0.example.com"
