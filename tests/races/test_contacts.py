"""Members of one company who write into the same contact at the same moment, and companies that move meanwhile."""

from collections.abc import Callable
from typing import Any

ROUNDS = 10


def test_two_members_who_edit_different_fields_both_keep_theirs(
    network: Any, together: Callable[..., list[Any]]
) -> None:
    one, other = network.member("tremblay"), network.member("tremblay", "standard_user")
    contact_id = one.saves("bitf")
    path = f"/v1/contacts/{contact_id}"
    for n in range(ROUNDS):
        email, city = f"ap{n}@bitfarms.example", f"Ville {n}"
        answers = together(
            lambda email=email: one.ask("PATCH", path, {"email": email}),
            lambda city=city: other.ask("PATCH", path, {"city": city}),
        )
        assert [answer.status for answer in answers] == [200, 200]
        read = one.contact(contact_id)
        assert (read["email"], read["city"]) == (email, city)
    told = one.ask("GET", f"{path}/history?limit=500").ok()["history"]
    assert len([entry for entry in told if entry["origin"] == "local"]) == 2 * ROUNDS


def test_of_two_who_say_which_version_they_read_one_is_told_that_it_is_stale(
    network: Any, together: Callable[..., list[Any]]
) -> None:
    members = [network.member("tremblay"), network.member("tremblay", "standard_user")]
    path = f"/v1/contacts/{members[0].saves('bitf')}"
    for n in range(ROUNDS):
        etag = members[0].ask("GET", path).headers["ETag"]
        works = [
            lambda member=member, k=k, n=n, etag=etag: member.ask(
                "PATCH", path, {"city": f"Ville {n} {k}"}, headers={"If-Match": etag}
            )
            for k, member in enumerate(members)
        ]
        assert sorted(answer.status for answer in together(*works)) == [200, 412]


def test_a_match_that_two_members_open_at_once_is_written_to_the_ledger_once(
    network: Any, together: Callable[..., list[Any]]
) -> None:
    one, other = network.member("tremblay"), network.member("tremblay", "standard_user")
    for n in range(ROUNDS):
        token = network.services.tokens.match("bitfarms", "tremblay")
        body = {"accepted": [{"suggestion": token, "relation": "vendor"}]}
        contact_id = one.ask("POST", "/v1/contacts/match/accept", body).ok()["results"][0]["id"]
        read = together(lambda at=contact_id: one.contact(at), lambda at=contact_id: other.contact(at))
        assert [contact["email"] for contact in read] == ["compta@bitfarms.example"] * 2
        assert network.sql("SELECT count(*) FROM reveals") == [(n + 1,)]


def test_linking_opening_and_accepting_while_both_companies_move_wait_in_a_line_and_not_in_a_circle(
    network: Any, together: Callable[..., list[Any]]
) -> None:
    asker, tokens = network.member("tremblay"), network.services.tokens
    made = [asker.ask("POST", "/v1/contacts", {"relation": "vendor", "name": f"A {n}"}).ok()["id"] for n in range(2)]

    def moves(region: str) -> None:
        rows = {
            "bitfarms": {"name": "Bitfarms Ltd.", "region": region},
            "tremblay": {"name": "Quincaillerie Tremblay ltée", "region": region},
        }
        assert network.imports(network.write(f"{region}.csv", rows)).rejected == 0

    def links_and_unlinks(contact_id: str) -> None:
        for _ in range(5):
            link = tokens.link("bitfarms", "tremblay")
            assert asker.ask("POST", f"/v1/contacts/{contact_id}/link", {"link": link}).status in (200, 404)
            assert asker.ask("POST", f"/v1/contacts/{contact_id}/unlink").status == 200

    def accepts_and_opens() -> None:
        for _ in range(5):
            body = {"accepted": [{"suggestion": tokens.match("bitfarms", "tremblay"), "relation": "vendor"}]}
            [result] = asker.ask("POST", "/v1/contacts/match/accept", body).ok()["results"]
            if result["result"] == "created":
                assert asker.ask("GET", f"/v1/contacts/{result['id']}").status == 200

    for region in ("us", "ca"):
        together(
            lambda region=region: moves(region),
            lambda: links_and_unlinks(made[0]),
            lambda: links_and_unlinks(made[1]),
            accepts_and_opens,
        )
