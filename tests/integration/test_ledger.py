"""Who looked at our card: newest first, page by page, and nobody is named who is not to be found."""

from datetime import datetime
from typing import Any

import pytest


def ledger(member: Any, **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return member.ask("GET", f"/v1/company/reveals?{asked}")


def viewers(member: Any, **query: Any) -> list[str]:
    return [look["viewer"] for look in ledger(member, **query).ok()["reveals"]]


def test_the_owner_reads_who_looked_newest_first_and_not_which_person(network: Any) -> None:
    network.member("tremblay").picks("bitf")
    network.member("heroux", "standard_user").picks("bitf")
    network.member("tremblay").picks("noise")
    answer = ledger(network.member("bitfarms"))
    assert viewers(network.member("bitfarms")) == ["Héroux-Devtek inc.", "Quincaillerie Tremblay ltée"]
    assert set(answer.json) == {"reveals"}
    assert all(set(look) == {"at", "viewer"} for look in answer.json["reveals"])
    assert datetime.fromisoformat(answer.json["reveals"][0]["at"]).tzinfo
    assert "@" not in answer.text


def test_a_viewer_that_one_could_not_find_reads_a_member_in_the_readers_language(network: Any) -> None:
    for company in ("tremblay", "heroux", "noise-1", "noise-2"):
        network.member(company).picks("bitf")
    network.member("tremblay").turns(visible=False)
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "us"})
    network.ends("noise-1")
    network.sql("UPDATE companies SET erased = true WHERE id = 'noise-2'")
    owner = network.member("bitfarms")
    assert viewers(owner) == ["a member"] * 4
    assert viewers(owner.in_french()) == ["un membre"] * 4
    network.member("tremblay").turns(visible=True)
    assert viewers(owner)[-1] == "Quincaillerie Tremblay ltée"


def test_it_comes_page_by_page_and_what_is_added_meanwhile_moves_nothing(network: Any) -> None:
    for company in ("tremblay", "heroux", "noise-1"):
        network.member(company).picks("bitf")
    owner = network.member("bitfarms")
    first = ledger(owner, limit=2).ok()
    network.member("noise-2").picks("bitf")
    second = ledger(owner, limit=2, after=first["next"]).ok()
    assert [look["viewer"] for look in first["reveals"] + second["reveals"]] == [
        "Boulangerie Noisette inc.",
        "Héroux-Devtek inc.",
        "Quincaillerie Tremblay ltée",
    ]
    assert "next" not in second


def test_a_place_in_a_list_is_good_for_its_company_alone_and_counts_nothing_for_others(network: Any) -> None:
    for company in ("tremblay", "heroux"):
        network.member(company).picks("bitf")
    after = ledger(network.member("bitfarms"), limit=1).ok()["next"]
    assert not after.isdigit()
    for bad in (after, "1", "x", "é"):
        answer = ledger(network.member("tremblay"), after=bad)
        assert (answer.status, list(answer.json["errors"])) == (422, ["after"]), bad


@pytest.mark.parametrize(("role", "status"), [("company_admin", 200), ("standard_user", 403)])
def test_an_admin_reads_it_a_standard_user_does_not(network: Any, role: str, status: int) -> None:
    assert ledger(network.member("bitfarms", role)).status == status
