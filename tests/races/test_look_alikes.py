"""A card that comes to look like a vendor's in the moment in which a link to it is saved."""

from collections.abc import Callable
from typing import Any

ROUNDS = 10
NAME = "Bitfarms Ltd."


def test_a_link_that_is_saved_beside_the_edit_keeps_what_was_shown_with_it(
    network: Any, together: Callable[..., list[Any]]
) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    asker.saves("heroux", "vendor")
    for _ in range(ROUNDS):
        body = {"relation": "customer", "link": asker.picks("bitf")["link"]}
        saved, edited = together(
            lambda body=body: asker.ask("POST", "/v1/contacts", body), lambda: owner.edits(name="Héroux-Devtek")
        )
        assert edited.status == 200
        assert asker.contact(saved.ok()["id"])["name"] == NAME
        owner.edits(name=NAME).ok()
