"""What the commands of `carnet index` share: the option that names a region, and the index open for writing."""

import click
from sqlalchemy import case, func, select

from carnet.cli.opening import engine_for_command, records_for_command
from carnet.settings import read_settings
from carnet.stores import own_index
from directory.records import Records
from directory.records.tables import companies
from directory.standing import SHOWN
from indexer.builds import end_leases
from indexer.engines.port import Counts, Engine

region_option = click.option("--region", "only", metavar="R", help="Only this region (ISO 3166-1, lower case).")
_BUSY = "A server is running and owns the index: stop it, then do this."


def open_for_work() -> tuple[Records, Engine]:
    """Raises Refused beside a server that owns an embedded index."""
    settings = read_settings()
    ownership = own_index(settings, refusal=_BUSY)
    if ownership:
        click.get_current_context().call_on_close(ownership.give_back)  # last, after what is opened below
    records = records_for_command(settings)
    if ownership:
        end_leases(records)  # nobody else can be at work on it
    return records, engine_for_command(settings, ownership)


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
