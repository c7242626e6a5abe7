"""The feed of changes: what a member hears of the companies that its contacts are linked to, in order, once, and no more."""

import time
from typing import Any

import pytest
from sqlalchemy import select

from carnet.stores import open_records
from directory.records.tables import changes
from directory.updates.cursors import DAY_MS
from directory.updates.feed import Place, page_after
from directory.updates.numbering import head, number_committed


def follows(member: Any, after: str = "", limit: int = 100) -> Any:
    return member.ask("GET", f"/v1/changes?limit={limit}" + (f"&after={after}" if after else "")).ok()


def everything(member: Any, after: str = "", limit: int = 100) -> list[Any]:
    """All changes after a cursor, page by page."""
    seen: list[Any] = []
    while True:
        page = follows(member, after, limit)
        seen += page["changes"]
        after = page["next"]
        if not page["more"]:
            return seen


def types(found: list[Any]) -> list[str]:
    return [change["type"].removeprefix("contact.") for change in found]


def now_of(member: Any) -> str:
    return member.ask("GET", "/v1/changes/latest").ok()["next"]


def test_a_saved_card_is_in_the_feed_of_who_linked_it_at_once(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    cursor = now_of(asker)
    assert network.member("bitfarms").edits(email="new@bitfarms.example").status == 200
    page = follows(asker, cursor)
    (change,) = page["changes"]
    assert (change["contact"], change["type"], page["more"]) == (contact_id, "contact.updated", False)
    assert set(change) == {"id", "contact", "type", "at"}
    assert follows(asker, page["next"])["changes"] == []


def test_a_change_names_neither_the_company_nor_anything_of_its_card(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    network.member("bitfarms").edits(email="new@bitfarms.example", name="Bitfarms Deux inc.")
    said = asker.ask("GET", "/v1/changes").text
    assert '"contact.updated"' in said
    assert "bitfarms" not in said.lower()


def test_off_and_on_again_are_a_stop_and_a_resumption_and_nothing_is_said_in_between_nor_why(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    asker.saves("bitf")
    owner.turns(visible=False)
    owner.edits(email="secret@bitfarms.example")
    assert types(everything(asker)) == ["stopped"]
    owner.turns(visible=True)
    owner.turns(visible=True)
    assert types(everything(asker)) == ["stopped", "resumed"]


@pytest.mark.parametrize(
    "what",
    [
        lambda network: network.member("heroux").turns(visible=False),
        lambda network: network.load(heroux={"name": "Héroux-Devtek inc.", "region": "us"}),
        lambda network: network.load(heroux={"name": "Héroux-Devtek inc.", "kind": "accounting_firm"}),
    ],
    ids=["hidden", "moved", "became a firm"],
)
def test_whatever_the_reason_a_stop_looks_the_same(network: Any, what: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    what(network)
    (change,) = everything(asker)
    assert {**change, "id": "", "at": ""} == {"id": "", "at": "", "contact": contact_id, "type": "contact.stopped"}


def test_what_was_before_the_link_is_no_news(network: Any) -> None:
    asker = network.member("tremblay")
    network.member("bitfarms").edits(email="before@bitfarms.example")
    asker.saves("bitf")
    assert everything(asker) == []


def test_a_card_saved_again_as_it_was_is_no_news(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    network.member("bitfarms").edits()
    assert everything(asker) == []


def test_an_import_that_changes_a_card_is_in_the_feed(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux")
    network.load(heroux={"name": "Héroux-Devtek inc.", "email": "a@heroux.example"})
    network.load(heroux={"name": "Héroux-Devtek inc.", "email": "a@heroux.example"})
    assert types(everything(asker)) == ["updated"]


def test_who_has_no_link_hears_nothing_and_another_companys_contacts_are_not_in_ones_feed(network: Any) -> None:
    asker, other = network.member("tremblay"), network.member("heroux")
    asker.saves("bitf")
    other.ask("POST", "/v1/contacts", {"relation": "vendor", "name": "Bitfarms Ltd."})
    network.member("bitfarms").edits(email="new@bitfarms.example")
    assert len(everything(asker)) == 1
    assert everything(other) == everything(network.member("ajax")) == []


def test_a_member_that_is_hidden_itself_still_hears_of_its_contacts(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    asker.turns(visible=False)
    network.member("bitfarms").edits(email="new@bitfarms.example")
    assert types(everything(asker)) == ["updated"]


def test_pages_end_anywhere_and_give_every_change_of_every_contact_once_and_in_order(network: Any) -> None:
    asker = network.member("tremblay")
    bitfarms = [asker.saves("bitf", relation) for relation in ("customer", "vendor", "vendor")]
    heroux = asker.saves("heroux")
    for turn in range(4):
        network.member("bitfarms").edits(email=f"b{turn}@bitfarms.example")
        network.member("heroux").edits(email=f"h{turn}@heroux.example")
    whole = everything(asker)
    assert [change["contact"] for change in whole] == [*sorted(bitfarms), heroux] * 4
    assert len({change["id"] for change in whole}) == len(whole)
    for limit in (1, 2, 3, 5, 500):
        assert everything(asker, limit=limit) == whole


def test_whether_there_is_more_is_said_and_the_next_cursor_is_there_even_when_nothing_is_new(network: Any) -> None:
    asker = network.member("tremblay")
    first = follows(asker)
    assert (first["changes"], first["more"]) == ([], False)
    asker.saves("bitf")
    for turn in range(2):
        network.member("bitfarms").edits(email=f"b{turn}@bitfarms.example")
    page = follows(asker, first["next"], 1)
    assert page["more"] is True
    last = follows(asker, page["next"], 1)
    assert (len(last["changes"]), last["more"]) == (1, False)


def test_the_same_question_asked_twice_has_the_same_changes_with_the_same_ids(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    network.member("bitfarms").edits(email="new@bitfarms.example")
    assert everything(asker) == everything(asker) != []


def test_a_cursor_is_ones_own_and_tells_nothing(network: Any) -> None:
    asker = network.member("tremblay")
    cursor = now_of(asker)
    assert network.member("tremblay", "standard_user").ask("GET", f"/v1/changes?after={cursor}").status == 200
    answer = network.member("bitfarms").ask("GET", f"/v1/changes?after={cursor}")
    assert (answer.status, list(answer.json["errors"])) == (422, ["after"])


@pytest.mark.parametrize("query", ["after=x", "after=%00", "limit=0", "limit=501", "limit=x", "after=" + "g" * 300])
def test_a_bad_question_is_named(still_network: Any, query: str) -> None:
    answer = still_network.member("tremblay").ask("GET", f"/v1/changes?{query}")
    assert (answer.status, list(answer.json["errors"])) == (422, [query.split("=")[0]])


def test_a_link_or_a_suggestion_is_no_cursor(network: Any) -> None:
    asker = network.member("tremblay")
    for token in (asker.suggestion("bitf"), asker.picks("bitf")["link"]):
        assert asker.ask("GET", f"/v1/changes?after={token}").status == 422


def test_after_its_own_move_a_company_is_told_to_read_its_contacts_again(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    cursor = now_of(asker)
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    answer = asker.ask("GET", f"/v1/changes?after={cursor}")
    assert (answer.status, answer.code) == (410, "cursor_expired")
    assert "contacts" in answer.json["detail"]
    assert "contacts" in asker.in_french().ask("GET", f"/v1/changes?after={cursor}").json["detail"]
    network.member("bitfarms").edits(email="unseen@bitfarms.example")
    assert everything(asker, now_of(asker)) == []
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "ca"})
    assert types(everything(asker, cursor)) == ["updated"]  # it sees it again, and the old cursor goes on


def test_a_cursor_from_which_something_too_old_would_follow_is_gone_and_one_after_it_is_not(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    asker.saves("bitf")
    before = now_of(asker)
    owner.edits(email="old@bitfarms.example")
    after = now_of(asker)
    old = (network.settings.changes_days + 1) * DAY_MS
    network.sql("UPDATE changes SET at = at - :old", old=old)
    owner.edits(email="new@bitfarms.example")
    answer = asker.ask("GET", f"/v1/changes?after={before}")
    assert (answer.status, answer.code) == (410, "cursor_expired")
    assert len(everything(asker, after)) == 1
    assert len(everything(asker)) == 1


def test_a_cursor_of_records_that_were_restored_to_an_earlier_moment_is_gone(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf")
    network.member("bitfarms").edits(email="lost@bitfarms.example")
    cursor = follows(asker)["next"]
    network.sql("DELETE FROM changes")
    network.sql("UPDATE feed SET last = 0")
    assert asker.ask("GET", f"/v1/changes?after={cursor}").code == "cursor_expired"


def test_only_members_of_the_network_read_the_feed(network: Any) -> None:
    network.ends("heroux")
    for company in ("firm", "heroux"):
        assert network.member(company).ask("GET", "/v1/changes").code == "not_a_member"
        assert network.member(company).ask("GET", "/v1/changes/latest").code == "not_a_member"
    assert network.nobody().ask("GET", "/v1/changes").status == 401


def test_numbers_are_given_once_whoever_gives_them(network: Any) -> None:
    for turn in range(3):
        network.member("bitfarms").edits(email=f"b{turn}@bitfarms.example")
    assert number_committed(network.records) == 3
    assert number_committed(network.records) == 0
    assert network.sql("SELECT number FROM changes ORDER BY seq") == [(1,), (2,), (3,)]


def test_far_behind_and_near_the_end_the_same_changes_are_read(network: Any) -> None:
    """SQLite is told to walk another way when it is far behind: the answer must not depend on it."""
    asker = network.member("tremblay")
    asker.saves("bitf")
    start = now_of(asker)
    for turn in range(3):
        network.member("bitfarms").edits(email=f"b{turn}@bitfarms.example")
    near = everything(asker, start, 2)
    network.sql("UPDATE feed SET last = 100000")
    assert everything(asker, start, 2) == near
    assert len(near) == 3


def test_any_company_id_reads_its_feed(network: Any) -> None:
    """The id stands in the statement itself, as a literal. No import lets such an id in; the statement must stand it."""
    odd = "o'brien%s\\%(x)s:y"
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    network.sql(
        "INSERT INTO companies (id, region, kind, plan, status, visible, visible_since, card_version, published_version, "
        "index_version, popularity, erased, created_at, changed_at) SELECT :odd, region, kind, plan, status, visible, "
        "0, 1, 1, 1, 0, erased, 0, 0 FROM companies WHERE id = 'tremblay'",
        odd=odd,
    )
    network.sql("UPDATE contacts SET company_id = :odd", odd=odd)
    network.member("bitfarms").edits(email="new@bitfarms.example")
    number_committed(network.records)
    with network.records.reading() as connection:
        upto = head(connection)
        page = page_after(connection, upto, odd, Place(upto.epoch, "ca", 0), 10)
    assert [change.contact for change in page.changes] == [contact_id]


def test_a_server_numbers_what_is_committed_though_nobody_reads_the_feed(new_server: Any) -> None:
    server = new_server()
    server.carnet("import", server.write("few.csv", {"bitfarms": "Bitfarms Ltd."}))
    server.start()
    assert server.member("bitfarms").edits(email="new@bitfarms.example").status == 200
    records = open_records(server.settings)
    deadline = time.monotonic() + 30
    while (numbers := _numbers(records)) == [None]:
        assert time.monotonic() < deadline, "nobody numbers it"
        time.sleep(0.05)
    records.close()
    assert numbers == [1]


def _numbers(records: Any) -> list[int | None]:
    with records.reading() as connection:
        return [row.number for row in connection.execute(select(changes.c.number))]
