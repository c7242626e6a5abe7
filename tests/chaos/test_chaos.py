"""The table of faults on real processes: half a minute a row, each row once more with confirmation off, and every planted
fault. Only in `make torture`: see conftest.py."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.drill import drill, populate
from tests.chaos.ground import Ground, ground
from tests.chaos.names import make_names
from tests.chaos.place import site_on
from tests.chaos.report import figures, keep
from tests.chaos.rows import ROWS, Row
from tests.chaos.site import Site
from tests.chaos.teeth import TEETH, Tooth, bite
from tests.chaos.verdict import problems
from tests.torture import TORTURE, many

pytestmark = [pytest.mark.services, pytest.mark.torture]

SEED = 1
_ALONE = ("rebuild and swap in a loop", "drains doubled and reordered by three workers")
SECONDS = many(2, 30)
COMPANIES, ACTING = many(300, 900), many(90, 240)
WITH = [row for row in ROWS if TORTURE or not row.long]
WITHOUT = [row for row in ROWS if row.alone and (TORTURE or row.name in _ALONE)]


@pytest.fixture(scope="module")
def services() -> Iterator[Ground]:
    with ground() as started:
        yield started


@pytest.fixture(scope="module")
def site(services: Ground) -> Iterator[Site]:
    """One for all rows: each has to leave it in order, and says if it does not."""
    yield from _site(services)


@pytest.fixture(scope="module")
def unconfirmed(services: Ground) -> Iterator[Site]:
    """The same with confirmation taken out of the API: what the index proposes is shown."""
    yield from _site(services, "no_confirmation")


def _site(services: Ground, planted: str = "") -> Iterator[Site]:
    names = make_names(SEED, COMPANIES)
    with tempfile.TemporaryDirectory() as folder, site_on(services, Path(folder), names, planted) as made:
        populate(made)
        yield made


def check(site: Site, row: Row, *, confirmed: bool) -> None:
    everybody = list(site.names.words)
    first = ROWS.index(row) * 7 % (len(everybody) - ACTING)
    found = drill(site, row, SEED, SECONDS, everybody[first : first + ACTING], confirmed=confirmed)
    if TORTURE:
        keep(figures(found))
    assert problems(found) == [], site.log()[-3_000:]


@pytest.mark.parametrize("row", WITH, ids=lambda row: row.name)
def test_no_answer_after_an_opt_out_shows_the_company_and_the_index_comes_right(site: Site, row: Row) -> None:
    check(site, row, confirmed=True)


@pytest.mark.parametrize("row", WITHOUT, ids=lambda row: row.name)
def test_with_confirmation_off_the_index_alone_comes_right(unconfirmed: Site, row: Row) -> None:
    check(unconfirmed, row, confirmed=False)


@pytest.mark.parametrize("tooth", TEETH if TORTURE else TEETH[:1], ids=lambda tooth: tooth.fault)
def test_what_is_planted_is_caught(services: Ground, tooth: Tooth) -> None:
    """In one of three runs: a busy machine does so little in one that what is about an order may not come to pass."""
    assert any(bite(services, tooth, seed, many(4, 15))[0] for seed in range(SEED, SEED + 3))
