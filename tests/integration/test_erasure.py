"""Erasing a company: gone from the network at once, what others saved stays theirs, and the certificate says the rest."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from carnet.settings import read_settings
from carnet.stores import open_records
from carnet.wiring import make_sweep
from directory.contacts import create_contact
from directory.erasure.erase import erase
from directory.erasure.removing import UNFINISHED
from directory.errors import NotAMember, Unavailable
from directory.journal import replay
from directory.records.tables import audit, card_versions, companies, erasures
from directory.values import Asker, Kind, Plan, Relation, Role, Status
from indexer.rebuild import rebuild_region
from tests.bills import INVOICE, trade

ALONE = "heroux"  # who is erased in most of these
VENDOR = {"relation": "vendor", "name": "Paul"}
BILLED = {"net": "10.00", "lines": [{"description": "Vis", "total": "10.00"}]}


def erased(network: Any, company: str = ALONE) -> Any:
    return network.product().ask("DELETE", f"/v1/admin/companies/{company}").ok()


def exported(network: Any, company: str = ALONE) -> list[dict[str, Any]]:
    answer = network.product().ask("GET", f"/v1/admin/companies/{company}/export")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_from_the_answer_on_nobody_finds_it_and_its_people_are_no_members(network: Any) -> None:
    asker, own = network.member("tremblay"), network.member(ALONE)
    link = asker.picks("heroux")["link"]
    suggestion = asker.suggestion("heroux")
    said = erased(network)
    assert (said["id"], said["complete"], said["index_confirmed"]) == (ALONE, True, True)
    assert asker.finds("heroux") == []
    assert asker.ask("POST", "/v1/reveals", {"suggestion": suggestion}).status == 404
    assert asker.ask("POST", "/v1/contacts", {"relation": "vendor", "link": link}).status == 404
    assert (own.types("bitf").status, own.types("bitf").code) == (403, "not_a_member")
    (build,) = network.sql("SELECT name FROM index_builds WHERE region = 'ca' AND state = 'live'")
    assert network.engine.versions(build[0], [ALONE]) == {ALONE: said["index_version"]}


def test_its_row_is_a_stub_that_says_nothing_but_its_id_and_place_in_the_index(network: Any) -> None:
    network.member(ALONE).edits(email="own@heroux.example")
    erased(network)
    (row,) = network.sql(
        "SELECT region, kind, plan, status, visible, folded_name, email_domain, imported_card, popularity, erased "
        "FROM companies WHERE id = :company",
        company=ALONE,
    )
    assert row == ("ca", "business", "starter", "ended", 0, "", "", None, 0, 1)
    for table, column in (
        ("card_versions", "company_id"),
        ("members", "company_id"),
        ("contacts", "company_id"),
        ("firm_clients", "client_id"),
    ):
        assert network.sql(f"SELECT count(*) FROM {table} WHERE {column} = '{ALONE}'") == [(0,)]  # noqa: S608


def test_a_contact_that_followed_it_keeps_what_it_showed_as_its_own(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux", "vendor", phone="514 555-0123")
    before = asker.contact(contact_id)
    erased(network)
    after = asker.contact(contact_id)
    own = {"linked": False, "following": False, "overrides": [], "offers": {}}
    del before["notice"]  # it is about cards of the network
    assert {name: after[name] for name in before if name not in own} == {
        name: value for name, value in before.items() if name not in own
    }
    assert {name: after[name] for name in own} == own
    edits = network.sql("SELECT field, value, origin FROM contact_edits WHERE origin = 'erased' ORDER BY field")
    assert ("email", "info@heroux.example", "erased") in edits
    assert "phone" not in [field for field, *_ in edits], "what was edited here was not the network's"
    history = asker.ask("GET", f"/v1/contacts/{contact_id}/history").ok()["history"]
    assert {entry.get("by") for entry in history if entry["origin"] == "erased"} == {None}, "no member wrote it"
    assert [entry["value"] for entry in history if entry["field"] == "email"] == ["info@heroux.example"]
    assert network.sql("SELECT linked_company_id, linked_version, linked_publication, version FROM contacts") == [
        ("heroux", None, 0, 2)
    ]


def test_a_contact_keeps_what_it_showed_and_never_what_was_edited_while_the_company_was_hidden(network: Any) -> None:
    asker, own = network.member("tremblay"), network.member(ALONE)
    contact_id = asker.saves("heroux")
    own.turns(visible=False)
    own.edits(email="hidden@heroux.example")
    erased(network)
    assert asker.contact(contact_id)["email"] == "info@heroux.example"


def test_a_contact_in_a_region_that_it_left_keeps_what_was_seen_there(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    network.load(heroux={"name": "Heroux USA", "region": "us", "email": "us@heroux.example"})
    there = network.member("ajax").saves("heroux")
    erased(network)
    assert asker.contact(contact_id)["email"] == "info@heroux.example"
    assert network.member("ajax").contact(there)["email"] == "us@heroux.example"


def test_who_followed_it_hears_once_that_it_stopped_and_of_one_that_was_hidden_nothing_more(network: Any) -> None:
    def news(company: str) -> list[Any]:
        return network.sql("SELECT kind, region FROM changes WHERE company_id = :company ORDER BY seq", company=company)

    erased(network)
    erased(network)
    assert news(ALONE) == [("stopped", "ca")]
    network.member("bitfarms").turns(visible=False)
    before = news("bitfarms")
    erased(network, "bitfarms")
    assert news("bitfarms") == before


def test_an_erased_id_is_refused_by_every_way_in(network: Any) -> None:
    product = network.product()
    erased(network)
    fields = {"region": "ca", "name": "Héroux-Devtek inc.", "visible": True}
    for method, path, body in (
        ("PUT", f"/v1/admin/companies/{ALONE}", fields),
        ("GET", f"/v1/admin/companies/{ALONE}", None),
        ("PUT", f"/v1/admin/companies/{ALONE}/members/a", {"role": "primary_admin"}),
        ("PUT", f"/v1/admin/firms/firm/clients/{ALONE}", None),
    ):
        answer = product.ask(method, path, body)
        assert (answer.status, answer.code) == (409, "erased"), path
    assert network.load(heroux="Héroux-Devtek inc.").rejected == 1
    assert network.member("tremblay").finds("heroux") == []


def test_erasing_what_is_not_there_certifies_nothing(still_network: Any) -> None:
    for company in ("absent", "é", "%00"):
        answer = still_network.product().ask("DELETE", f"/v1/admin/companies/{company}")
        assert (answer.status, answer.code) == (404, "not_found")
        assert still_network.product().ask("GET", f"/v1/admin/companies/{company}/export").status == 404


def test_the_certificate_says_what_was_removed_where_and_says_the_same_again(network: Any) -> None:
    own, asker = network.member(ALONE), network.member("tremblay")
    network.member(ALONE, "standard_user")
    own.saves("bitf")
    own.ask("POST", "/v1/contacts", {"relation": "vendor", "name": "Paul"}, headers={"Idempotency-Key": "k"}).ok()
    own.edits(email="b@heroux.example")
    asker.saves("heroux")
    network.product().ask("PUT", f"/v1/admin/firms/firm/clients/{ALONE}").ok()
    first = erased(network)
    assert first["removed"] == {
        "members": 2,
        "idempotency_keys": 1,
        "firm_clients": 1,
        "contacts": 2,
        "contact_edits": 3,
        "reveals": 1,
        "card_versions": 2,
    }
    assert (first["reduced"]["links"], first["reduced"]["reveals"]) == (1, 1)
    assert erased(network) == first


def test_what_is_left_names_nobody(network: Any) -> None:
    own = network.member(ALONE)
    own.saves("bitf")
    own.edits(email="own@heroux.example", phone="514 555-0777")
    own.turns(visible=False)
    network.load(heroux={"name": "Heroux USA", "region": "us", "email": "us@heroux.example"})
    _bill(network, "b1", sender=ALONE, receiver="bitfarms")
    _bill(network, "b2", sender="bitfarms", receiver=ALONE)
    assert any("heroux.example" in json.dumps(row) for row in exported(network))
    erased(network)
    left = exported(network)
    text = json.dumps(left, ensure_ascii=False)
    for gone in ("heroux.example", "Héroux", "Heroux", "5550777", "Longueuil", "of heroux"):
        assert gone not in text, gone
    assert {row["what"] for row in left} == {
        "company", "former_region", "change", "reveal", "bill", "bill_event", "audit", "end",
    }  # fmt: skip


def _bill(network: Any, name: str, *, sender: str, receiver: str) -> None:
    network.sql(
        "INSERT INTO bills (id, sender_id, receiver_id, customer_contact_id, vendor_contact_id, vendor_name, customer_name, "
        "number, folded_number, issued_on, due_on, currency, total, document, state, version, created_by, "
        "created_at, changed_at) VALUES (:id, :sender, :receiver, 'c', 'v', 'V', 'C', 'F-1', 'f1', '2026-01-01', '2026-02-01', "
        "'CAD', '10.00', :document, 'rejected', 2, :by, 1, 1)",
        id=name,
        sender=sender,
        receiver=receiver,
        document=json.dumps({**BILLED, "note": f"a note of {sender}"}),
        by=f"billing@{sender}.example",
    )
    for state, by, note in (("for_review", sender, ""), ("rejected", receiver, f"a reason of {receiver}")):
        network.sql(
            "INSERT INTO bill_events (bill_id, move, state, note, by, at) VALUES (:id, :state, :state, :note, :by, 1)",
            id=name,
            state=state,
            note=note,
            by=f"billing@{by}.example",
        )


def test_the_other_side_keeps_its_bills_without_the_erased_companys_words_and_people(network: Any) -> None:
    _bill(network, "sent", sender=ALONE, receiver="bitfarms")
    _bill(network, "received", sender="bitfarms", receiver=ALONE)
    erased(network)
    bills = {row[0]: row for row in network.sql("SELECT id, number, total, created_by, document FROM bills")}
    documents = {name: row[4] if isinstance(row[4], dict) else json.loads(row[4]) for name, row in bills.items()}
    assert bills["sent"][1:4] == ("F-1", "10.00", "")
    assert documents["sent"] == {**BILLED, "note": ""}
    assert bills["received"][3] == "billing@bitfarms.example"
    assert documents["received"] == {**BILLED, "note": "a note of bitfarms"}
    events = network.sql("SELECT bill_id, state, note, by FROM bill_events ORDER BY seq")
    assert events == [
        ("sent", "for_review", "", ""),
        ("sent", "rejected", "a reason of bitfarms", "billing@bitfarms.example"),
        ("received", "for_review", "", ""),
        ("received", "rejected", "", ""),
    ]
    assert erased(network, "bitfarms")["removed"]["bills"] == 2
    assert network.sql("SELECT count(*) FROM bill_events") == [(0,)]


def test_the_journal_knows_it_so_that_no_old_database_can_bring_it_back(network: Any) -> None:
    said = erased(network)
    newest = [entry for entry in replay(network.settings.journal) if entry.company == ALONE][-1]
    assert (newest.state, newest.index_version) == ("erased", said["index_version"])


def test_every_region_where_it_was_still_gets_its_tombstone(network: Any) -> None:
    network.load(bitfarms={"name": "Bitfarms Ltd.", "region": "us"})
    said = erased(network, "bitfarms")
    for (build,) in network.sql("SELECT name FROM index_builds WHERE state = 'live'"):
        assert network.engine.versions(build, ["bitfarms"]) == {"bitfarms": said["index_version"]}
    assert network.sql("SELECT region, published_version FROM former_regions") == [("ca", 0)]
    assert network.member("ajax").finds("bitf") == network.member("tremblay").finds("bitf") == []


def test_a_rebuild_and_imports_that_are_rejected_leave_its_stub_and_its_tombstone_at_their_last_version(
    network: Any,
) -> None:
    said = erased(network)
    for region in ("ca", "us"):
        loaded = network.load(heroux={"name": "Héroux-Devtek inc.", "region": region, "visible": "true"})
        assert loaded.rejected == 1
    rebuild_region(network.records, network.engine, "ca")
    (build,) = network.sql("SELECT name FROM index_builds WHERE region = 'ca' AND state = 'live'")
    assert network.engine.versions(build[0], [ALONE]) == {ALONE: said["index_version"]}
    assert network.sql("SELECT region, index_version FROM companies WHERE id = 'heroux'") == [
        ("ca", said["index_version"])
    ]
    assert network.sql("SELECT count(*) FROM former_regions") == [(0,)]
    assert network.member("tremblay").finds("heroux") == network.member("ajax").finds("heroux") == []


LINKS = "SELECT count(*) FROM contacts WHERE linked_company_id = 'heroux' AND linked_version IS NOT NULL"


def many_links(network: Any, number: int) -> None:
    """Companies that follow the one to be erased, written straight into the records: through the API they take too long."""
    network.sql("CREATE TABLE n AS SELECT 1 AS i")
    for i in range(2, number + 1):
        network.sql("INSERT INTO n VALUES (:i)", i=i)
    network.sql(
        "INSERT INTO contacts (id, company_id, relation, linked_company_id, linked_version, linked_publication, own_fields, "
        "revealed_at, created_by, created_at, changed_at) "
        "SELECT 'k-' || i, 'tremblay', 'vendor', 'heroux', 1, 0, '{}', 1, 'x', 1, 1 FROM n"
    )
    network.sql("DROP TABLE n")


def test_a_call_whose_time_was_up_is_taken_up_again_where_it_stopped(network: Any) -> None:
    many_links(network, 1_200)
    carnet = network.services
    calls = 0
    while True:
        calls += 1
        done = erase(network.records, carnet.journal, carnet.publisher, "books", ALONE, budget_s=0)
        assert network.member("tremblay").finds("heroux") == []
        if done.complete:
            break
        left = network.sql(
            "SELECT count(*) FROM contacts WHERE linked_company_id = 'heroux' AND linked_version IS NOT NULL"
        )[0][0]
        assert left + done.counts.get("links_reduced", 0) == 1_200
    assert calls > 3
    assert done.counts["links_reduced"] == 1_200
    emails = network.sql("SELECT count(*) FROM contact_edits WHERE field = 'email' AND value = 'info@heroux.example'")
    assert emails == [(1_200,)]


def unfinished(network: Any) -> list[Any]:
    return network.sql("SELECT company_id, journaled FROM erasures")


def test_an_erasure_that_was_interrupted_goes_on_with_the_next_sweeps(network: Any) -> None:
    many_links(network, 1_200)
    carnet = network.services
    assert not erase(network.records, carnet.journal, carnet.publisher, "books", ALONE, budget_s=0).complete
    assert unfinished(network) == [(ALONE, True)]
    sweep, sweeps = make_sweep(network.settings, network.records), 0
    while unfinished(network):
        sweep()
        sweeps += 1
        assert sweeps < 100, "it never comes to its end"
    assert network.sql(LINKS) == [(0,)]
    assert network.sql("SELECT count(*) FROM card_versions WHERE company_id = 'heroux'") == [(0,)]
    assert network.sql("SELECT count(*) FROM contact_edits WHERE field = 'email'") == [(1_200,)]
    said = erased(network)
    assert (said["complete"], said["reduced"]["links"]) == (True, 1_200), "all in one certificate"
    assert unfinished(network) == []


def test_a_sweep_notes_an_erasure_in_the_journal_that_a_crash_kept_from_it(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(network.services.journal), "append", crash)
        with pytest.raises(KeyboardInterrupt):
            erase(network.records, network.services.journal, network.publisher, "books", ALONE)
    assert unfinished(network) == [(ALONE, False)]
    make_sweep(network.settings, network.records)()
    assert unfinished(network) == []
    assert [entry.state for entry in replay(network.settings.journal) if entry.company == ALONE] == ["erased"]


def test_what_every_sweep_asks_looks_at_no_company_that_is_not_being_erased(tmp_path: Path) -> None:
    """Else a server of 600,000 companies is busy for a thirteenth of the time with nothing to do."""
    records = open_records(read_settings({"CARNET_HOME": str(tmp_path)}))
    with records.reading() as connection:
        asked = str(UNFINISHED.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    records.close()
    assert [step for step in plan if step.startswith("SCAN")] == ["SCAN erasures"]


def test_a_server_that_starts_finishes_what_another_left(new_server: Any) -> None:
    server = new_server()
    server.carnet("import", server.write("few.csv", {"heroux": "Héroux-Devtek inc.", "tremblay": "Tremblay"}))
    records = open_records(server.settings)
    with records.writing() as connection:
        connection.execute(update(companies).where(companies.c.id == ALONE).values(visible=False, erased=True))
        note = {"actor": "books", "action": "erased", "company_id": ALONE, "region": "ca", "at": 1, "detail": {}}
        connection.execute(audit.insert().values(note))
        connection.execute(erasures.insert().values(company_id=ALONE, since=1, journaled=False))
    server.start()
    deadline = time.monotonic() + 30
    while held(records):
        assert time.monotonic() < deadline, "nobody goes on with it"
        time.sleep(0.05)
    records.close()
    assert [entry.state for entry in replay(server.settings.journal) if entry.company == ALONE] == ["erased"]


def held(records: Any) -> int:
    with records.reading() as connection:
        cards = select(func.count()).select_from(card_versions).where(card_versions.c.company_id == ALONE)
        left = select(func.count()).select_from(erasures)
        return int(connection.execute(cards).scalar_one() + connection.execute(left).scalar_one())


def test_two_calls_at_once_share_the_work_and_certify_it_once(network: Any) -> None:
    many_links(network, 1_200)
    start = threading.Barrier(2)
    answers: list[Any] = []

    def run() -> None:
        start.wait()
        answers.append(network.product().ask("DELETE", f"/v1/admin/companies/{ALONE}"))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[-1].json["reduced"]["links"] == 1_200
    assert network.sql("SELECT count(*) FROM contact_edits WHERE field = 'email'") == [(1_200,)]


def test_a_journal_that_takes_nothing_is_no_answer_and_the_next_call_is_one(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise Unavailable("journal", "full")

    with monkeypatch.context() as patch:
        patch.setattr(type(network.services.journal), "append", refuse)
        answer = network.product().ask("DELETE", f"/v1/admin/companies/{ALONE}")
        assert (answer.status, answer.json["part"]) == (503, "journal")
    assert network.member("tremblay").finds("heroux") == []
    assert erased(network)["complete"] is True
    assert [entry.state for entry in replay(network.settings.journal) if entry.company == ALONE] == ["erased"]


def test_a_link_that_is_saved_while_the_company_goes_is_none_afterwards(network: Any) -> None:
    asker = network.member("tremblay")
    links = [asker.picks("heroux")["link"] for _ in range(6)]
    start = threading.Barrier(len(links) + 1)
    statuses: list[int] = []

    def save(link: str) -> None:
        start.wait()
        statuses.append(asker.ask("POST", "/v1/contacts", {"relation": "vendor", "link": link}).status)

    threads = [threading.Thread(target=save, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    start.wait()
    assert erased(network)["complete"] is True
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 404}
    assert network.sql(
        "SELECT count(*) FROM contacts WHERE linked_company_id = 'heroux' AND linked_version IS NOT NULL"
    ) == [(0,)]
    assert network.sql("SELECT count(*) FROM contacts") == [(statuses.count(201),)]


@pytest.mark.services  # SQLite has one writer at a time
def test_a_company_that_goes_between_the_card_and_the_contact_is_not_there_for_the_link(network: Any) -> None:
    asker = network.member("tremblay")
    link = asker.picks("heroux")["link"]
    threads: list[threading.Thread] = []

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not threads and "JOIN card_versions" in statement:
            threads.append(threading.Thread(target=erased, args=(network,)))
            threads[0].start()
            threads[0].join(1)  # it waits for the contact, or is done before

    event.listen(network.records._writer, "after_cursor_execute", after)
    saved = asker.ask("POST", "/v1/contacts", {"relation": "vendor", "link": link})
    threads[0].join()
    assert saved.status == 201
    assert asker.contact(saved.json["id"])["linked"] is False


@pytest.mark.parametrize("linked", [False, True])
def test_who_asked_before_their_company_was_erased_leaves_no_contact_behind(network: Any, linked: bool) -> None:
    own, services = network.member(ALONE), network.services
    link = own.picks("bitf")["link"] if linked else None
    asker = Asker("a", Role.PRIMARY_ADMIN, ALONE, "Héroux", "ca", Kind.BUSINESS, Plan.PLUS, Status.ACTIVE, True, "", "")
    erased(network)
    with pytest.raises(NotAMember):
        create_contact(services.records, services.tokens, asker, Relation.VENDOR, {"name": "Paul"}, link)
    assert network.sql("SELECT count(*) FROM contacts") == [(0,)]


def test_an_erased_firm_acts_for_nobody_and_its_people_are_named_nowhere(network: Any) -> None:
    network.product().ask("PUT", "/v1/admin/firms/firm/clients/tremblay").ok()
    accountant = network.member("firm")
    acting = {"Carnet-Acting-For": "tremblay"}
    assert accountant.ask("GET", "/v1/typeahead?q=bitf", headers=acting).status == 200
    erased(network, "firm")
    assert accountant.ask("GET", "/v1/typeahead?q=bitf", headers=acting).code == "not_allowed"
    assert accountant.ask("GET", "/v1/clients").status == 403
    log = network.member("tremblay").ask("GET", "/v1/company/audit").ok()["entries"]
    assert {(one["action"], one["actor"], one["firm"]["name"]) for one in log} == {
        ("acted", "", None),
        ("firm_granted", "books", None),
    }


def test_what_an_erased_firms_people_did_in_a_clients_books_stays_without_their_names(network: Any) -> None:
    product, client = network.product(), network.member("tremblay")
    for books in ("tremblay", "bitfarms"):
        product.ask("PUT", f"/v1/admin/firms/firm/clients/{books}").ok()
    accountant, shared = network.member("firm"), network.member("firm", "standard_user")
    product.ask(
        "PUT", "/v1/admin/companies/bitfarms/members/standard_user@firm.example", {"role": "standard_user"}
    ).ok()
    made = trade(network)

    def does(who: Any, books: str, method: str, path: str, body: Any = None) -> Any:
        return who.ask(method, path, body, headers={"Carnet-Acting-For": books, "Idempotency-Key": path}).ok()

    contact = f"/v1/contacts/{does(accountant, 'tremblay', 'POST', '/v1/contacts', VENDOR)['id']}"
    does(accountant, "tremblay", "PATCH", contact, {"phone": "514 555-0123"})
    client.ask("PATCH", contact, {"city": "Laval"}).ok()
    bill = does(accountant, "tremblay", "POST", "/v1/invoices", {**INVOICE, "customer": made.customer})["id"]
    does(accountant, "bitfarms", "POST", f"/v1/bills/{bill}/approve")
    does(shared, "bitfarms", "POST", f"/v1/bills/{bill}/pay")
    said = erased(network, "firm")
    assert said["complete"]
    assert (said["removed"]["idempotency_keys"], said["reduced"]["bills"], said["reduced"]["bill_events"]) == (2, 1, 2)
    history = client.ask("GET", f"{contact}/history").ok()["history"]
    assert {(one["field"], one.get("by")) for one in history} == {
        ("name", None),
        ("country", None),
        ("phone", None),
        ("city", "primary_admin@tremblay.example"),
    }
    decided = [(one["move"], one["by"]) for one in made.bill(bill)["history"]]
    member = "standard_user@firm.example"  # of the client, too
    assert decided == [("received", ""), ("approve", ""), ("pay", member)]
    left = json.dumps([exported(network, books) for books in ("tremblay", "bitfarms")])
    assert "primary_admin@firm.example" not in left


def test_an_export_holds_everything_a_page_at_a_time_and_says_when_it_is_whole(network: Any) -> None:
    own = network.member(ALONE)
    for number in range(3):
        own.ask("POST", "/v1/contacts", {"relation": "vendor", "name": f"Paul {number}"}).ok()
    own.edits(email="b@heroux.example")
    network.member("tremblay").picks("heroux")
    rows = exported(network)
    by_kind: dict[str, int] = {}
    for row in rows[:-1]:
        by_kind[row["what"]] = by_kind.get(row["what"], 0) + 1
    assert by_kind == {
        "company": 1,
        "card_version": 2,
        "member": 1,
        "contact": 3,
        "contact_edit": 6,
        "change": 1,
        "reveal": 1,
        "audit": 1,
    }
    assert rows[-1] == {"what": "end", "rows": len(rows) - 1}
