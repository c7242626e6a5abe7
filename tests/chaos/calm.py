"""After a row: waits until the index is right by itself, and says how long that took and what is left."""

import random
import time
from dataclasses import dataclass, field

from directory import outbox
from directory.errors import Unavailable
from tests.chaos.client import Client
from tests.chaos.drift import drift
from tests.chaos.ledger import Ledger, last_answer
from tests.chaos.names import REGIONS
from tests.chaos.probe import Probe
from tests.chaos.rows import Row
from tests.chaos.searchers import look
from tests.chaos.site import Site

PATIENCE_S = 90.0
_SAMPLE = 25
_LOOK_AGAIN = 5


@dataclass
class Calm:
    """`seconds` until the outbox was empty and nothing differed. What still did: `drift` by region and kind, `waiting` rows
    of the outbox. `mended`: drift that reconciling found, where the row leaves it to that. `shown`, `absent`: companies of
    a sample that are found although hidden, or not although visible.
    """

    seconds: float = 0.0
    waiting: int = 0
    drift: dict[str, int] = field(default_factory=dict)
    mended: dict[str, int] = field(default_factory=dict)
    shown: int = 0
    absent: int = 0


def calm_down(site: Site, row: Row, ledger: Ledger, probe: Probe, client: Client, patience_s: float) -> Calm:
    calm, started = Calm(), time.monotonic()
    site.work_again()
    while time.monotonic() - started < patience_s:
        calm.waiting = _waiting(site)
        if not calm.waiting:
            try:
                calm.drift = drift(site)
                if row.mends and calm.drift:
                    calm.mended = drift(site, repair=True)
            except Unavailable as error:
                calm.drift = {error.reason: 1}
            if not calm.drift:
                break
        time.sleep(0.2)
    calm.seconds = time.monotonic() - started
    while probe.look() and time.monotonic() - started < patience_s:
        time.sleep(0.1)
    _search_in_quiet(site, ledger, client, calm)
    return calm


def _waiting(site: Site) -> int:
    with site.records.reading() as connection:
        return outbox.depth(connection)[0]


def _search_in_quiet(site: Site, ledger: Ledger, client: Client, calm: Calm) -> None:
    """Nothing goes on any more: what is hidden is found nowhere, what is visible in its own region alone."""
    known = {
        company: state for company in ledger.changes if (state := last_answer(ledger.changes[company])) is not None
    }
    rng = random.Random(len(known))
    for visible in (True, False):
        those = sorted(company for company, state in known.items() if state is visible)
        for company in rng.sample(those, min(_SAMPLE, len(those))):
            found = {region for region in REGIONS if _found(site, ledger, client, company, region)}
            if visible:
                calm.absent += len(found) != 1
            else:
                calm.shown += len(found)


def _found(site: Site, ledger: Ledger, client: Client, company: str, region: str) -> bool:
    for _ in range(_LOOK_AGAIN):
        search = look(client, ledger, site.names, company, region, site.names.words[company])
        if search.status == 200:
            return company in search.shown
        time.sleep(0.2)
    raise AssertionError(f"searches in quiet were answered {search.status}")
