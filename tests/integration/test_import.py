"""What an import does to companies that are there already, and what it never does."""

import csv
import gzip
import threading
from pathlib import Path
from typing import Any

import pytest

from carnet.files import BadFile
from carnet.load import load_file


def everything(network: Any) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: network.sql(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608
        for table in ("companies", "card_versions", "former_regions", "members", "contacts", "outbox", "audit")
    }


def test_the_same_file_again_changes_nothing(network: Any) -> None:
    file = network.write("again.csv", {f"c{n}": {"name": f"Nordik {n}", "city": "Laval"} for n in range(1_200)})
    network.imports(file)
    network.drain()
    before = everything(network)
    loaded = network.imports(file)
    assert (loaded.outcomes["unchanged"], loaded.outcomes["changed"], loaded.outcomes["added"]) == (1_200, 0, 0)
    assert everything(network) == before
    assert before["outbox"] == []


def test_a_changed_row_makes_a_version_and_only_what_is_found_by_makes_work_for_the_index(network: Any) -> None:
    network.imports(
        network.write("more.csv", {"heroux": {"name": "Héroux-Devtek inc.", "email": "new@heroux.example"}})
    )
    assert network.sql("SELECT card_version FROM companies WHERE id = 'heroux'") == [(2,)]
    # The city is gone too, by which the index tells near from far.
    assert network.sql("SELECT company_id, index_version FROM outbox") == [("heroux", 2)]
    network.drain()
    network.imports(network.write("more.csv", {"heroux": {"name": "Héroux-Devtek inc.", "email": "b@heroux.example"}}))
    assert network.sql("SELECT count(*) FROM outbox") == [(0,)]


@pytest.mark.parametrize("said", ["true", "false", ""])
def test_visible_counts_only_when_an_id_is_first_seen(network: Any, said: str) -> None:
    network.load(one={"name": "Un", "visible": "false"}, two={"name": "Deux", "visible": "true"})
    network.member("two").turns(visible=False)
    network.member("bitfarms").turns(visible=False)
    rows = {company: {"name": "Autre Nom", "visible": said} for company in ("one", "two", "bitfarms")}
    network.load(**rows)
    assert network.sql("SELECT visible FROM companies WHERE id IN ('one', 'two', 'bitfarms')") == [(0,)] * 3
    network.member("one").turns(visible=True)
    network.load(**rows)
    assert network.sql("SELECT visible FROM companies WHERE id = 'one'") == [(1,)]


def test_an_import_of_the_same_companies_after_an_opt_out_shows_nobody(network: Any) -> None:
    network.member("bitfarms").turns(visible=False)
    network.load(bitfarms={"name": "Bitfarms Ltd.", "visible": "true", "city": "Toronto"})
    network.load(bitfarms={"name": "Bitfarms Two", "visible": "true", "region": "us"})
    assert network.member("tremblay").finds("bitf") == []
    assert network.member("ajax").finds("bitf") == []


def test_an_erased_id_is_rejected_and_stays_as_it_is(network: Any) -> None:
    network.sql("UPDATE companies SET erased = true, visible = false WHERE id = 'heroux'")
    before = everything(network)
    loaded = network.load(heroux="Héroux-Devtek inc.")
    assert loaded.rejected == 1
    assert loaded.rejects.read_text().splitlines()[1].startswith("2,erased,")
    assert everything(network) == before


def test_a_companys_own_edits_survive_an_import_that_says_nothing_new(network: Any) -> None:
    source = {"name": "Quincaillerie Tremblay ltée", "city": "Longueuil", "province": "QC"}
    network.member("tremblay").edits(email="own@tremblay.example", city="Brossard")
    before = everything(network)
    network.load(tremblay=source)
    assert everything(network) == before
    network.load(tremblay={**source, "phone": "514 555-0111"})
    card = network.member("tremblay").ask("GET", "/v1/company/card").json
    assert (card["email"], card["city"], card["phone"]) == ("own@tremblay.example", "Brossard", "+15145550111")
    network.load(tremblay={**source, "phone": "514 555-0111", "city": "Saint-Lambert"})
    card = network.member("tremblay").ask("GET", "/v1/company/card").json
    assert (card["email"], card["city"]) == ("own@tremblay.example", "Saint-Lambert")


def test_a_move_to_another_region_leaves_a_tombstone_where_the_company_was(network: Any) -> None:
    (build,) = network.sql("SELECT name FROM index_builds WHERE region = 'ca' AND state = 'live'")
    before = network.engine.count(build[0])
    network.load(bitfarms={"name": "Bitfarms Ltd.", "region": "us"})
    after = network.engine.count(build[0])
    assert (after.visible, after.hidden) == (before.visible - 1, before.hidden + 1)
    assert network.engine.versions(build[0], ["bitfarms"]) == {"bitfarms": 2}


def test_noise_stays_untouched(network: Any) -> None:
    before = network.sql("SELECT * FROM card_versions WHERE company_id LIKE 'noise%'")
    network.load(heroux="Heroux Un", tremblay={"name": "T1", "region": "us"})
    assert network.sql("SELECT * FROM card_versions WHERE company_id LIKE 'noise%'") == before
    assert network.member("bitfarms").finds("noise abat") == ["Noise Abatement Ltd."]


def test_every_bad_row_is_kept_with_its_line_and_its_reason_and_the_rest_is_stored(network: Any) -> None:
    file = network.folder / "mixed.csv"
    file.write_bytes(
        b"id,region,name,email,phone,website,kind,plan,visible,other_names\n"
        b"good-1,ca,Bon Un,,,,,,,\n"
        b",ca,Sans id,,,,,,,\n"
        b"bad-1,zz,Nulle part,,,,,,,\n"
        b"bad-2,ca,,,,,,,,\n"
        b"bad-3,ca," + b"x" * 321 + b",,,,,,,\n"
        b"bad-4,ca,Courriel,pas un courriel,,,,,,\n"
        b"bad-5,ca,Phone,,12,,,,,\n"
        b"bad-6,ca,Site,,,javascript:alert(1),,,,\n"
        b"bad-7,ca,Bor\xe9al,,,,,,,\n"
        b"good-1,ca,Encore,,,,,,,\n"
        b'bad-8,ca,"Sans fin,,,,,,,\n'
        b"bad-9,ca,trop peu\n"
        b"bad-10,ca,Genre,,,,person,gold,maybe,\n"
        b"bad-11,ca,A\x1b[31m,,,,,,,\n"
        b"good-2,ca,Bon Deux,,,,,,,\n"
    )
    loaded = network.imports(file)
    assert (loaded.outcomes["added"], loaded.rejected, loaded.rows) == (2, 13, 15)
    assert loaded.rejects == network.folder / "mixed.rejected.csv"
    rejected = loaded.rejects.read_text("utf-8").splitlines()
    assert rejected[0] == "line,reason,row"
    reasons = {int(line.split(",")[0]): line for line in rejected[1:]}
    assert list(reasons) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    for line, word in {
        3: "id:",
        4: "region:",
        5: "name:",
        6: "Longer",
        7: "email:",
        8: "phone:",
        9: "website:",
    }.items():
        assert word in reasons[line]
    for line, word in {
        10: "not UTF-8",
        11: "same as in line 2",
        12: "not a line of CSV",
        13: "3 values",
        15: "control",
    }.items():
        assert word in reasons[line]
    assert all(word in reasons[14] for word in ("kind:", "plan:", "visible:"))
    assert network.sql("SELECT id FROM companies WHERE id LIKE 'good%' OR id LIKE 'bad%'") == [("good-1",), ("good-2",)]


def test_a_rejected_row_can_be_mended_in_the_file_of_rejects(network: Any) -> None:
    file = network.write("few.csv", {"a1": {"name": "Un, deux", "email": "x"}})
    loaded = network.imports(file)
    (row,) = csv.DictReader(loaded.rejects.read_text("utf-8").splitlines())
    assert row["row"] == file.read_text().splitlines()[1]


def test_the_rejects_of_an_earlier_run_are_gone_once_the_file_is_mended(network: Any) -> None:
    network.imports(network.write("few.csv", {"a1": {"name": "Un", "email": "x"}}))
    assert (network.folder / "few.rejected.csv").exists()
    network.imports(network.write("few.csv", {"a1": {"name": "Un"}}))
    assert not (network.folder / "few.rejected.csv").exists()


def test_what_came_before_damage_is_stored_and_the_mended_file_can_be_imported(network: Any) -> None:
    whole = network.write("big.csv", {f"c{n:05}": f"Nordik {n}" for n in range(5_000)}).read_bytes()
    damaged = network.folder / "damaged.csv.gz"
    damaged.write_bytes(gzip.compress(whole)[:-200])
    with pytest.raises(BadFile):
        network.imports(damaged)
    (stored,) = network.sql("SELECT count(*) FROM companies WHERE id LIKE 'c0%'")[0]
    assert 0 < stored < 5_000
    assert network.imports(network.folder / "big.csv").outcomes["added"] == 5_000 - stored


def test_of_a_file_shorter_than_a_batch_what_came_before_damage_is_stored_too(network: Any) -> None:
    whole = network.write("few.csv", {f"few-{n}": {"name": f"Nordik {n}"} for n in range(90)}).read_bytes()
    damaged = network.folder / "few.csv.gz"
    damaged.write_bytes(gzip.compress(whole)[:-9])  # the last bytes of the text are there, what follows them is not
    with pytest.raises(BadFile, match="damaged after line 91"):
        network.imports(damaged)
    assert network.sql("SELECT count(*) FROM companies WHERE id LIKE 'few-%'") == [(90,)]


def test_somebody_else_writes_while_an_import_runs(network: Any) -> None:
    file = network.write("big.csv", {f"c{n:05}": f"Nordik {n}" for n in range(6_000)})
    owner = network.member("bitfarms")
    running, done = threading.Event(), threading.Event()
    receipts: list[bool] = []

    def switch() -> None:
        running.wait(30)
        while not done.is_set():
            receipts.append(owner.turns(visible=not receipts or not receipts[-1])["visible"])

    writer = threading.Thread(target=switch)
    writer.start()
    load_file(network.records, network.settings.regions, file, Path(network.folder), lambda _: running.set())
    done.set()
    writer.join()
    assert len(receipts) >= 3
    assert network.sql("SELECT visible FROM companies WHERE id = 'bitfarms'") == [(int(receipts[-1]),)]
    assert network.sql("SELECT count(*) FROM companies WHERE id LIKE 'c0%'") == [(6_000,)]


def test_two_imports_at_the_same_time_store_every_company_once(network: Any) -> None:
    file = network.write("both.csv", {f"c{n:05}": f"Nordik {n}" for n in range(3_000)})
    start = threading.Barrier(2)
    totals: list[int] = []

    def run(folder: Path) -> None:
        folder.mkdir()
        start.wait()
        totals.append(load_file(network.records, network.settings.regions, file, folder).outcomes["added"])

    threads = [threading.Thread(target=run, args=(network.folder / name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(totals) == 3_000
    assert network.sql("SELECT count(*), count(DISTINCT company_id) FROM outbox") == [(3_000, 3_000)]
