"""Runs one row of the table on a site: clients act while its fault goes on, then quiet, then both sides are compared."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from directory.members import set_role
from directory.records.tables import companies
from directory.values import Role
from tests.chaos.calm import PATIENCE_S, Calm, calm_down
from tests.chaos.client import Client
from tests.chaos.crowd import Crowd
from tests.chaos.ledger import MOVE, OFF, Change, Ledger, last_answer
from tests.chaos.names import ASKERS, write_file
from tests.chaos.owners import owner
from tests.chaos.probe import Probe
from tests.chaos.rows import Row
from tests.chaos.searchers import searcher
from tests.chaos.site import Site

OWNERS, SEARCHERS = 8, 3
_SEARCHER_RESTS_S = 0.02


@dataclass(frozen=True)
class Drilled:
    """What came of one row. Seconds, unless a name says otherwise. `drifted`: drift that was there while it went on."""

    row: Row
    seed: int
    confirmed: bool
    seconds: float
    ledger: Ledger
    probe: Probe
    dropped: Counter[str]
    calm: Calm
    drifted: Counter[str]
    commands: Counter[str]
    unexpected: list[str]
    wrong_state: list[str] = field(default_factory=list)

    def opt_outs(self) -> list[Change]:
        return [one for changes in self.ledger.changes.values() for one in changes if one.kind == OFF]


def populate(site: Site) -> None:
    """All companies in the records and in an index of each region, and a member in each."""
    path = site.home.folder / "companies.csv"
    write_file(path, site.names)
    assert site.carnet("import", str(path), "--no-index") == 0, site.log()
    assert site.carnet("index", "rebuild") == 0, site.log()
    for company in (*site.names.words, *ASKERS.values()):
        set_role(site.records, company, f"primary_admin@{company}.example", Role.PRIMARY_ADMIN)


def drill(
    site: Site,
    row: Row,
    seed: int,
    seconds: float,
    acting: Sequence[str],
    *,
    confirmed: bool = True,
    patience_s: float = PATIENCE_S,
) -> Drilled:
    """`acting`: the companies that change; the others are noise. `confirmed`: whether this site's API confirms.

    `patience_s`: how long the index may take to come right afterwards.
    """
    site.start(lined=row.lined)
    ledger = Ledger(site.regions())
    probe = Probe(ledger, site.ground.search.address, site.prefix)
    site.ended.clear()
    site.drifted.clear()
    clients = [Client(site.home, site.port) for _ in range(OWNERS + SEARCHERS + 1)]
    before = dropped(clients[-1])
    started = time.monotonic()
    acts = [owner(clients[at], ledger, site.names, acting[at::OWNERS], row.habits) for at in range(OWNERS)]
    acts += [searcher(clients[OWNERS + at], ledger, site.names, acting, _SEARCHER_RESTS_S) for at in range(SEARCHERS)]
    try:
        with Crowd(f"{seed} {row.name}", [*acts, probe.act]):
            row.fault(site, random.Random(f"{seed} {row.name} fault"), started + max(seconds, row.least_s))
        ended = time.monotonic()
        calm = calm_down(site, row, ledger, probe, clients[0], patience_s)
        after = dropped(clients[-1])
    finally:
        probe.close()
        for client in clients:
            client.__exit__()
    commands = Counter(f"{name}: {status}" for name, status in site.ended)
    unexpected = [name for name, status in site.ended if status not in row.commands]
    took, gone = ended - started, after - before
    found = Drilled(row, seed, confirmed, took, ledger, probe, gone, calm, +site.drifted, commands, unexpected)
    found.wrong_state.extend(wrong_state(site, ledger))
    return found


def wrong_state(site: Site, ledger: Ledger) -> list[str]:
    """Companies whose row is not what their last answer said."""
    with site.records.reading() as connection:
        rows = {row.id: row for row in connection.execute(select(companies))}
    wrong = []
    for company, changes in ledger.changes.items():
        visible, moves = last_answer(changes), [one for one in changes if one.kind == MOVE]
        if visible is not None and rows[company].visible != visible:
            wrong.append(company)
        if moves and all(one.succeeded for one in moves) and rows[company].region != moves[-1].region:
            wrong.append(company)
    return wrong


def dropped(client: Client) -> Counter[str]:
    """What confirmation has taken away since the server started, by reason."""
    found: Counter[str] = Counter()
    for line in client.metrics().splitlines():
        if line.startswith("carnet_confirm_dropped_total{"):
            found[line.split('"')[1]] += int(float(line.split()[-1]))
    return found
