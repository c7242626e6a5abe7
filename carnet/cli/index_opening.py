"""What the commands of `carnet index` share: the option that names a region, and the index open for writing."""

import sys

import click
from sqlalchemy import case, func, select

from carnet.cli.console import errors
from carnet.cli.opening import engine_for_command, records_for_command
from carnet.cli.services_checks import without_secrets
from carnet.settings import read_settings
from carnet.stores import own_index
from directory.errors import Message, Refused
from directory.records import Records
from directory.records.tables import companies
from directory.standing import SHOWN
from indexer.builds import end_leases, live_builds
from indexer.engines.port import Counts, Engine

region_option = click.option("--region", "only", metavar="R", help="Only this region (ISO 3166-1, lower case).")
_NOT_THERE = (
    "The records know of live indices (%(number)s), and none of them is where CARNET_SEARCH_URL points: %(address)s."
)
_NOT_THEIRS = (
    f"{_NOT_THERE} Name the place that servers read. If they are lost: `carnet index rebuild` builds them anew."
)
_BUILT_HERE = f"{_NOT_THERE} They are given up, and built anew there."
_BUSY = "A server is running and owns the index: stop it, then do this."


def open_for_work(*, anew: bool = False, lost: bool = False) -> tuple[Records, Engine]:
    """Raises Refused beside a server that owns an embedded index, and before an engine that has none of the live builds; where
    they would be built `anew`, somebody at a terminal is asked instead, unless it is known that they are `lost`.
    """
    settings = read_settings()
    ownership = own_index(settings, refusal=_BUSY)
    if ownership:
        click.get_current_context().call_on_close(ownership.give_back)  # last, after what is opened below
    records = records_for_command(settings)
    engine = engine_for_command(settings, ownership)
    if not lost:
        _check_is_theirs(records, engine, without_secrets(settings.search_url), anew=anew)
    if ownership:
        end_leases(records)  # nobody else can be at work on it
    return records, engine


def _check_is_theirs(records: Records, engine: Engine, address: str, *, anew: bool) -> None:
    """A setting that names another index than the servers' looks like an index that is lost. To go on gives up, in the
    records, the builds that servers read: they are written to no more, and withdrawn. At 3 a.m. a lost index must come back by
    one command all the same.
    """
    with records.reading() as connection:
        live = {build.name for build in live_builds(connection)}
    if not live or not live.isdisjoint(engine.names()):
        return
    refused = Refused(Message(_NOT_THEIRS, number=len(live), address=address))
    if not anew:
        raise refused
    warning = _BUILT_HERE % {"number": len(live), "address": address}
    errors.print(warning, style="yellow", highlight=False, markup=False)
    if sys.stdin.isatty() and not click.confirm("Are they lost?", err=True):
        raise refused


def expected_counts(records: Records) -> dict[str, Counts]:
    """What each region's index should hold, by the records."""
    visible = func.sum(case((SHOWN, 1), else_=0))
    query = select(companies.c.region, visible, func.count()).group_by(companies.c.region)
    with records.reading() as connection:
        return {region: Counts(seen, count - seen) for region, seen, count in connection.execute(query)}


def wanted_regions(only: str | None, known: dict[str, Counts]) -> list[str]:
    if only and only not in known:
        raise click.BadParameter(f"there is no company in {only}", param_hint="--region")
    return [only] if only else sorted(known)
