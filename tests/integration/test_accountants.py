"""Accounting firms: acting for a client, the list of clients, many switches at once, and what the client sees of it."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from directory.errors import Unavailable
from directory.journal import replay
from tests.conftest import Member, acting


@dataclass
class Firm:
    network: Any
    accountant: Member

    def gets(self, *clients: str) -> None:
        said = {"clients": [{"firm": "firm", "client": client} for client in clients]}
        results = self.network.product().ask("POST", "/v1/admin/clients", said).ok()["results"]
        assert {one.get("outcome") for one in results} == {"done"}

    def lists(self, **query: Any) -> Any:
        return self.accountant.ask("GET", "/v1/clients?" + urlencode(query)).ok()

    def names(self, **query: Any) -> list[str]:
        return [client["name"] for client in self.lists(**query)["clients"]]

    def switches(self, *clients: str, visible: bool) -> list[Any]:
        body = {"clients": list(clients), "visible": visible}
        return self.accountant.ask("PUT", "/v1/clients/visibility", body).ok()["results"]


@pytest.fixture
def firm(network: Any) -> Firm:
    made = Firm(network, network.member("firm", "standard_user"))
    made.gets("tremblay", "heroux")
    return made


def log(network: Any, company: str, **query: Any) -> Any:
    return network.member(company).ask("GET", "/v1/company/audit?" + urlencode(query)).ok()


def test_a_firms_member_looks_up_from_inside_a_clients_books(network: Any, firm: Firm) -> None:
    inside = acting(firm.accountant, "tremblay")
    assert inside.finds("bitf") == ["Bitfarms Ltd."]
    assert inside.finds("quincaillerie") == [], "a client's own company is not found from its own books"
    contact_id = inside.saves("bitf", "vendor")
    assert network.member("tremblay").contact(contact_id)["name"] == "Bitfarms Ltd."


def test_a_firms_member_does_in_a_clients_books_what_the_table_says_and_no_more(network: Any, firm: Firm) -> None:
    inside = acting(firm.accountant, "tremblay")
    assert inside.turns(visible=False)["visible"] is False
    assert network.member("bitfarms").finds("quincaillerie tr") == []
    assert inside.turns(visible=True)["visible"] is True
    assert inside.edits(name="Autre Nom").code == "not_allowed"
    for path in ("/v1/company/firms", "/v1/company/audit"):
        assert inside.ask("GET", path).code == "not_allowed"


@pytest.mark.parametrize(
    "company", ["bitfarms", "firm", "absent", "ajax", "", " ", "a b", "é".encode().decode("latin-1")]
)
def test_whom_one_may_not_act_for_gives_the_same_answer_whatever_it_is(network: Any, firm: Firm, company: str) -> None:
    answer = acting(firm.accountant, company).types("bitf")
    assert answer.status == 403
    assert answer.code == ("not_a_member" if company == "" else "not_allowed")


def test_acting_for_a_client_that_has_left_the_network_shows_nothing(network: Any, firm: Firm) -> None:
    network.ends("tremblay")
    assert acting(firm.accountant, "tremblay").types("bitf").code == "not_a_member"


def test_a_member_of_a_firm_whose_subscription_has_ended_acts_for_nobody(network: Any, firm: Firm) -> None:
    network.ends("firm")
    assert acting(firm.accountant, "tremblay").types("bitf").code == "not_allowed"
    assert firm.accountant.ask("GET", "/v1/clients").code == "not_allowed"


def test_a_business_acts_for_nobody_even_where_a_client_was_once_granted(network: Any, firm: Firm) -> None:
    network.load(firm={"name": "Ajax Comptables", "kind": "business"})
    assert acting(firm.accountant, "tremblay").types("bitf").code == "not_allowed"
    assert firm.accountant.ask("GET", "/v1/clients").code == "not_allowed"


def test_a_firm_that_has_become_a_hidden_business_is_not_named_to_those_it_acted_for(network: Any, firm: Firm) -> None:
    acting(firm.accountant, "tremblay").types("bitf").ok()
    assert log(network, "tremblay", limit=1)["entries"][0]["firm"] == {"id": "firm", "name": "Ajax Comptables"}
    network.load(firm={"name": "Ajax Comptables", "kind": "business"})
    business = network.member("firm")
    business.turns(visible=False)
    business.edits(name="Secrets Ajax inc.").ok()
    assert {one["firm"]["id"] for one in log(network, "tremblay")["entries"]} == {"firm"}
    assert {one["firm"]["name"] for one in log(network, "tremblay")["entries"]} == {None}


def test_a_client_that_becomes_a_firm_has_books_that_nobody_publishes(network: Any, firm: Firm) -> None:
    network.load(tremblay={"name": "Tremblay CPA", "kind": "accounting_firm"})
    inside = acting(firm.accountant, "tremblay")
    assert inside.types("bitf").code == "not_a_member"
    assert inside.ask("PUT", "/v1/company/visibility", {"visible": True}).code == "not_a_member"
    assert firm.switches("tremblay", visible=True) == [
        {"client": "tremblay", "code": "not_a_member", "detail": firm.switches("tremblay", visible=True)[0]["detail"]}
    ]
    assert firm.names() == ["Héroux-Devtek inc."]


def test_a_firms_own_books_have_neither_search_nor_card_nor_visibility_by_any_path(network: Any, firm: Firm) -> None:
    for method, path, body in (
        ("GET", "/v1/typeahead?q=bitf", None),
        ("GET", "/v1/company/card", None),
        ("GET", "/v1/company/visibility", None),
        ("PUT", "/v1/company/visibility", {"visible": True}),
        ("GET", "/v1/contacts", None),
    ):
        assert network.member("firm").ask(method, path, body).code == "not_a_member", path
        assert acting(firm.accountant, "firm").ask(method, path, body).code == "not_allowed", path
    said = {"region": "ca", "name": "Ajax Comptables", "kind": "accounting_firm", "visible": True}
    network.product().ask("PUT", "/v1/admin/companies/firm", said).ok()
    network.product().ask("PUT", "/v1/admin/companies/firm-two", {**said, "name": "Ajax Deux"}).ok()
    network.load(firm3={"name": "Ajax Trois", "kind": "accounting_firm", "visible": "true"})
    assert network.member("tremblay").finds("ajax") == []
    assert firm.switches("firm", visible=True)[0]["code"] == "not_allowed"
    (build,) = network.sql("SELECT name FROM index_builds WHERE region = 'ca' AND state = 'live'")
    shown = network.engine.count(build[0]).visible
    network.product().ask("PUT", "/v1/admin/companies/firm-two", {**said, "name": "Ajax Deux Bis"}).ok()
    assert network.engine.count(build[0]).visible == shown


def test_clients_are_listed_by_name_with_what_an_accountant_needs(network: Any, firm: Firm) -> None:
    network.member("heroux").turns(visible=False)
    assert firm.lists() == {
        "clients": [
            {
                "id": "heroux", "name": "Héroux-Devtek inc.", "city": "Longueuil", "province": "QC", "visible": False,
                "plan": "essentials", "status": "active",
            },
            {
                "id": "tremblay", "name": "Quincaillerie Tremblay ltée", "city": "Longueuil", "province": "QC",
                "visible": True, "plan": "essentials", "status": "active",
            },
        ]
    }  # fmt: skip


def test_a_client_is_found_by_how_the_words_of_its_name_begin_whatever_the_accents(network: Any, firm: Firm) -> None:
    network.load(erable={"name": "L'Érable & Fils inc."}, fitlab={"name": "Fit Lab Inc"}, percent={"name": "100% Bio"})
    firm.gets("erable", "fitlab", "percent")
    assert firm.names(q="hero") == firm.names(q="HÉRO") == firm.names(q="héroux devtek") == ["Héroux-Devtek inc."]
    assert firm.names(q="lerab") == firm.names(q="l’érable et f") == ["L'Érable & Fils inc."]
    assert firm.names(q="fitl") == firm.names(q="fit lab inc.") == ["Fit Lab Inc"]
    assert firm.names(q="%") == firm.names(q="_") == firm.names(q="…") == firm.names(q="zzz") == []
    assert firm.names(q="devtek") == firm.names(q="-dev") == ["Héroux-Devtek inc."]
    assert firm.names(q="lab") == firm.names(q="lab i") == firm.names(q="lab ltd") == ["Fit Lab Inc"]
    assert firm.names(q="ab") == firm.names(q="lab fit") == []
    assert len(firm.names(q=" ")) == 5


def test_a_client_is_in_the_list_at_each_letter_that_is_typed_of_its_name(network: Any, firm: Firm) -> None:
    network.load(gamma={"name": "Gamma Gravel Ltd."}, mining={"name": "Cobalt Mining Inc."})
    firm.gets("gamma", "mining")
    for name, typed in (("Gamma Gravel Ltd.", "Gamma Gravel Limited"), ("Cobalt Mining Inc.", "mining inc.")):
        assert [text for n in range(1, len(typed) + 1) if name not in firm.names(q=(text := typed[:n]))] == []


def test_pages_of_the_clients_that_a_word_finds_go_on_where_the_one_before_ended(network: Any, firm: Firm) -> None:
    network.load(**{f"c{n}": {"name": f"{'Mining' if n % 2 else 'Milling'} {n} Inc."} for n in range(7)})
    firm.gets(*(f"c{n}" for n in range(7)))
    page = firm.lists(q="mining", limit=2)
    rest = firm.lists(q="mining", limit=2, after=page["next"])
    assert [one["id"] for one in page["clients"] + rest["clients"]] == ["c1", "c3", "c5"]
    assert "next" not in rest


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("et", ["Frères et Sœurs inc.", "L'Érable & Fils inc.", "Étienne Roy inc."]),
        ("&", ["Frères et Sœurs inc.", "L'Érable & Fils inc."]),
        ("and", ["Andlauer Healthcare", "Frères et Sœurs inc.", "L'Érable & Fils inc."]),
        ("l'érable et", ["L'Érable & Fils inc."]),
    ],
)
def test_a_conjunction_is_a_word_and_not_the_beginning_of_another(
    network: Any, firm: Firm, typed: str, found: list[str]
) -> None:
    network.load(
        andlauer={"name": "Andlauer Healthcare"},
        erable={"name": "L'Érable & Fils inc."},
        freres={"name": "Frères et Sœurs inc."},
        etienne={"name": "Étienne Roy inc."},
    )
    firm.gets("andlauer", "erable", "freres", "etienne")
    assert sorted(firm.names(q=typed)) == sorted(found)


def test_only_ones_own_clients_are_listed(network: Any, firm: Firm) -> None:
    network.load(other={"name": "Autres Comptables", "kind": "accounting_firm"})
    network.product().ask("PUT", "/v1/admin/firms/other/clients/bitfarms").ok()
    assert "Bitfarms Ltd." not in firm.names()
    others = network.member("other").ask("GET", "/v1/clients").ok()["clients"]
    assert [one["id"] for one in others] == ["bitfarms"]
    assert network.member("tremblay").ask("GET", "/v1/clients").code == "not_allowed"


def test_two_thousand_clients_are_paged_by_name_each_once_and_quickly(network: Any, firm: Firm) -> None:
    network.imports(
        network.write("c.csv", {f"c{n:04}": {"name": f"Nordik {n % 700:03}", "visible": "false"} for n in range(2_000)})
    )
    for start in range(0, 2_000, 500):
        firm.gets(*(f"c{n:04}" for n in range(start, start + 500)))
    seen, query, slowest = [], {"limit": 300}, 0.0
    while True:
        started = time.perf_counter()
        page = firm.lists(**query)
        slowest = max(slowest, time.perf_counter() - started)
        seen += [client["id"] for client in page["clients"]]
        if "next" not in page:
            break
        query = {"limit": 300, "after": page["next"]}
    assert (len(seen), len(set(seen))) == (2_002, 2_002)
    assert slowest < 1.0
    assert len(firm.names(q="nordik 0", limit=500)) == 300
    assert len(firm.names(q="nordik 699", limit=500)) == 2


@pytest.mark.parametrize(
    "after", ["x", "", "W10", "WyJhIl0", "WyJhIiwxXQ", "bnVsbA", "[", "é", "a" * 5_000, "WyJcdTAwMDAiLCJhIl0"]
)
def test_a_page_begins_where_an_earlier_one_said_and_nowhere_else(still_network: Any, after: str) -> None:
    answer = still_network.member("firm").ask("GET", "/v1/clients?" + urlencode({"after": after}))
    assert (answer.status, list(answer.json["errors"])) == (422, ["after"])


def test_many_clients_are_switched_at_once_each_with_its_own_receipt(network: Any, firm: Firm) -> None:
    firm.gets("bitfarms")
    came = firm.switches("tremblay", "noise-1", "bitfarms", "absent", "\x00", "\ud800", visible=False)
    assert [(one["client"], one.get("visible"), one.get("code")) for one in came] == [
        ("tremblay", False, None),
        ("noise-1", None, "not_allowed"),
        ("bitfarms", False, None),
        ("absent", None, "not_allowed"),
        ("\x00", None, "not_allowed"),
        ("\ud800", None, "not_allowed"),
    ]
    assert came[1]["detail"] == came[3]["detail"] == came[4]["detail"]
    receipt = network.member("bitfarms").ask("GET", "/v1/company/visibility").ok()
    assert {name: came[2][name] for name in receipt} == receipt
    asker = network.member("heroux")
    assert asker.finds("bitf") == asker.finds("quincaillerie tr") == []
    assert asker.finds("boulangerie n") == ["Boulangerie Noisette inc."]
    journal = [(entry.company, entry.state) for entry in replay(network.settings.journal)]
    assert journal == [("tremblay", "hidden"), ("bitfarms", "hidden")]


def test_each_receipt_is_good_even_where_the_index_does_not_answer(
    network: Any, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network.publisher, "patience_s", 0.0)

    def down(*_: Any, **__: Any) -> Any:
        raise Unavailable("search", "down")

    monkeypatch.setattr(network.engine, "write", down)
    came = firm.switches("tremblay", "heroux", visible=False)
    assert [(one["visible"], one["index_confirmed"]) for one in came] == [(False, False)] * 2
    assert network.member("bitfarms").finds("quincaillerie tr") == []
    assert network.member("bitfarms").finds("heroux") == []


def test_where_the_journal_fails_each_client_is_told_and_the_rest_is_not_tried(
    network: Any, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = type(network.services.journal).append, []

    def append(journal: Any, company: str, *rest: Any) -> None:
        calls.append(company)
        if company == "heroux":
            raise Unavailable("journal", "full")
        real(journal, company, *rest)

    monkeypatch.setattr(type(network.services.journal), "append", append)
    firm.gets("bitfarms", "noise-1")
    came = firm.switches("tremblay", "heroux", "bitfarms", "noise-1", visible=False)
    assert [one.get("code") for one in came] == [None, "unavailable", "unavailable", "unavailable"]
    assert calls == ["tremblay", "heroux"]
    assert network.member("noise-2").finds("bitf") == ["Bitfarms Ltd."]


@pytest.mark.parametrize(
    "body",
    [{}, {"clients": [], "visible": True}, {"clients": ["a"] * 501, "visible": True}, {"clients": [1], "visible": True},
     {"clients": "a", "visible": True}, {"clients": ["a"], "visible": 1}, {"clients": ["a"]}],
)  # fmt: skip
def test_a_senseless_switch_is_refused_whole(still_network: Any, body: Any) -> None:
    assert still_network.member("firm").ask("PUT", "/v1/clients/visibility", body).status == 422


def test_a_clients_primary_admin_grants_a_firm_and_ends_it_which_counts_at_the_next_request(network: Any) -> None:
    owner, accountant = network.member("tremblay"), network.member("firm")
    assert owner.ask("GET", "/v1/company/firms").ok() == {"firms": []}
    granted = owner.ask("PUT", "/v1/company/firms/firm").ok()
    assert (granted["id"], granted["name"], granted["status"]) == ("firm", "Ajax Comptables", "active")
    assert owner.ask("GET", "/v1/company/firms").ok() == {"firms": [granted]}
    assert owner.ask("PUT", "/v1/company/firms/firm").ok() == granted
    assert acting(accountant, "tremblay").finds("bitf") == ["Bitfarms Ltd."]
    assert owner.ask("DELETE", "/v1/company/firms/firm").status == 204
    assert acting(accountant, "tremblay").types("bitf").code == "not_allowed"
    assert owner.ask("DELETE", "/v1/company/firms/firm").status == 204


@pytest.mark.parametrize("company", ["absent", "bitfarms", "tremblay", "far", "gone", "closed", "%00", "a" * 99])
def test_what_is_no_firm_of_ones_region_is_not_there(network: Any, company: str) -> None:
    network.load(
        far={"name": "Far CPA", "kind": "accounting_firm", "region": "us"},
        gone={"name": "Gone CPA", "kind": "accounting_firm"},
        closed={"name": "Closed CPA", "kind": "accounting_firm"},
    )
    network.product().ask("DELETE", "/v1/admin/companies/gone").ok()
    network.ends("closed")
    owner = network.member("tremblay")
    answer = owner.ask("PUT", f"/v1/company/firms/{company}")
    assert (answer.status, answer.code) == (404, "not_found")
    assert owner.ask("DELETE", f"/v1/company/firms/{company}").status == 204
    assert network.sql("SELECT * FROM firm_clients") == []


def test_the_log_says_what_was_done_by_whom_and_with_which_firm_the_newest_first(network: Any, firm: Firm) -> None:
    inside = acting(firm.accountant, "tremblay")
    inside.finds("bitf")
    inside.turns(visible=False)
    network.member("tremblay").turns(visible=True)
    entries = log(network, "tremblay")["entries"]
    own, theirs = "primary_admin@tremblay.example", "standard_user@firm.example"
    with_firm = {"id": "firm", "name": "Ajax Comptables"}
    assert [(one["action"], one["actor"], one.get("firm")) for one in entries] == [
        ("visible", own, None),
        ("hidden", theirs, with_firm),
        ("acted", theirs, with_firm),
        ("acted", theirs, with_firm),
        ("firm_granted", "books", with_firm),
    ]
    assert entries[3]["detail"] == {"method": "GET", "route": "network.get_typeahead"}


def test_what_is_asked_again_and_again_is_noted_once_an_hour_and_what_changes_something_each_time(
    network: Any, firm: Firm
) -> None:
    inside = acting(firm.accountant, "tremblay")
    for _ in range(3):
        inside.finds("bitf")
        inside.ask("PUT", "/v1/company/visibility", {"visible": True})
    acted = [one["detail"]["method"] for one in log(network, "tremblay")["entries"] if one["action"] == "acted"]
    assert sorted(acted) == ["GET", "PUT", "PUT", "PUT"]


def test_the_log_is_ones_own_and_read_a_page_at_a_time(network: Any, firm: Firm) -> None:
    for visible in (False, True, False, True, False):
        acting(firm.accountant, "heroux").turns(visible=visible)
        network.member("tremblay").turns(visible=visible)
    seen, query = [], {"limit": 2}
    while True:
        page = log(network, "tremblay", **query)
        seen += page["entries"]
        if "next" not in page:
            break
        query = {"limit": 2, "after": page["next"]}
    assert [one["action"] for one in seen] == ["hidden", "visible", "hidden", "visible", "hidden", "firm_granted"]
    assert "heroux" not in str(seen)


def test_where_a_page_of_the_log_ends_does_not_tell_how_much_is_logged_in_the_whole_network(
    network: Any, firm: Firm
) -> None:
    member = network.member("tremblay")
    for visible in (False, True):
        member.turns(visible=visible)
        network.member("heroux").turns(visible=visible)
    ended = log(network, "tremblay", limit=1)["next"]
    assert not base64.urlsafe_b64decode(ended + "=" * (-len(ended) % 4)).isdigit()
    for after in (log(network, "heroux", limit=1)["next"], "MQ", "x", "é"):
        answer = member.ask("GET", "/v1/company/audit?" + urlencode({"after": after}))
        assert (answer.status, list(answer.json["errors"])) == (422, ["after"]), after


@contextmanager
def statements(network: Any) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement.split()[0])

    records = network.records
    ask = records.ask

    def note_and_ask(*prepared: Any, **values: Any) -> list[Any]:
        asked.append("SELECT")
        return ask(*prepared, **values)

    records.ask = note_and_ask
    for engine in (records._reader, records._writer):
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        del records.ask
        for engine in (records._reader, records._writer):
            event.remove(engine, "before_cursor_execute", note)


def test_a_look_up_for_a_client_is_two_statements_and_a_note_once_an_hour(network: Any, firm: Firm) -> None:
    inside = acting(firm.accountant, "tremblay")
    with statements(network) as asked:
        inside.finds("bitf")
    assert asked == ["SELECT", "INSERT", "SELECT"]
    with statements(network) as asked:
        inside.finds("bitfa")
    assert asked == ["SELECT", "SELECT"]


def test_a_members_own_look_up_is_two_statements(network: Any) -> None:
    asker = network.member("tremblay")
    with statements(network) as asked:
        asker.finds("bitf")
    assert asked == ["SELECT", "SELECT"]
