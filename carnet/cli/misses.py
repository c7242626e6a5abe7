"""`carnet tune misses`: what kinds of text found nothing. No text is shown, for none is kept: see `api.misses`."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException
from urllib.request import urlopen

import click
from prometheus_client.parser import text_string_to_metric_families
from rich.table import Table

from carnet.cli.console import output
from carnet.settings import NO_REDIS, BadSetting, Settings, read_settings

_WAIT_S = 5
_Counts = Counter[tuple[str, str]]  # (trait, value)


@click.command()
@click.option("--region", metavar="R", help="Only look-ups of this region; all of them if not given.")
@click.option(
    "--days", default=7, show_default=True, type=click.IntRange(1, 92), help="With Redis: of the last so many."
)
@click.option(
    "--server",
    metavar="URL",
    help="Ask a running server what it has counted since it was started; without Redis, http://127.0.0.1:8000.",
)
def misses(region: str | None, days: int, server: str | None) -> None:
    """What kinds of text found nothing: how long, how many words, which script, what was forgiven. Every key counts."""
    settings = read_settings()
    if server or settings.redis_url is None:
        address = server or "http://127.0.0.1:8000"
        look_ups, found_nothing, counts = _of_server(address, region)
        since = f"since {address} was started"
    else:
        look_ups, found_nothing, counts = _of_days(settings, region, days)
        since = f"in the last {days} days"
    if not found_nothing:
        output.print(f"No look-up found nothing {since}.")
        return
    of = f" of {look_ups:,}" if look_ups >= found_nothing else ""
    output.print(f"{found_nothing:,}{of} look-ups found nothing {since}{f', region {region}' if region else ''}.")
    table = Table(show_edge=False)
    for heading in ("trait of the text", "", "look-ups", "share"):
        table.add_column(heading, justify="right" if heading in ("look-ups", "share") else "left")
    said = ""
    for (trait, value), number in sorted(counts.items(), key=lambda row: (row[0][0], -row[1], row[0][1])):
        table.add_row(trait if trait != said else "", value, f"{number:,}", f"{number / found_nothing:.0%}")
        said = trait
    output.print(table)


def _of_days(settings: Settings, region: str | None, days: int) -> tuple[int, int, _Counts]:
    """Look-ups, those that found nothing, and their traits, as Redis has kept them; a table of the days is printed."""
    try:
        from redis.exceptions import RedisError

        from api.miss_store import LOOK_UPS, MISSES, RedisMisses
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    try:
        store = RedisMisses(settings.redis_url or "")
    except ValueError:  # its text would quote a part of the address
        raise BadSetting("CARNET_REDIS_URL is no address of a Redis.") from None
    try:
        kept = store.counts(_last(days))
    except RedisError as error:
        raise click.ClickException(f"Redis does not answer ({type(error).__name__}).") from error
    finally:
        store.close()
    table = Table(show_edge=False)
    for heading in ("day (UTC)", "look-ups", "found nothing"):
        table.add_column(heading, justify="left" if heading.startswith("day") else "right")
    counts: _Counts = Counter()
    for day, found in kept.items():
        of_day: _Counts = Counter()
        for (where, trait, value), number in found.items():
            if region in (None, where):
                of_day[trait, value] += number
        table.add_row(day.isoformat(), f"{of_day[LOOK_UPS, '']:,}", f"{of_day[MISSES, '']:,}")
        counts += of_day
    if kept:
        output.print(table)
    return counts.pop((LOOK_UPS, ""), 0), counts.pop((MISSES, ""), 0), counts


def _last(days: int) -> Iterator[date]:
    today = datetime.now(UTC).date()
    return (today - timedelta(days=ago) for ago in reversed(range(days)))


def _of_server(address: str, region: str | None) -> tuple[int, int, _Counts]:
    """The same from a server's /metrics; how many look-ups there were is not counted by region there (0)."""
    try:
        with urlopen(f"{address.rstrip('/')}/metrics", timeout=_WAIT_S) as answer:  # noqa: S310
            families = list(text_string_to_metric_families(answer.read().decode()))
    except (OSError, HTTPException, ValueError) as error:
        raise click.ClickException(
            f"{address} does not answer ({error}): --server names a running one; with CARNET_REDIS_URL none is needed."
        ) from error
    samples = [sample for family in families for sample in family.samples if sample.name.endswith("_total")]
    counts: _Counts = Counter()
    for sample in samples:
        if sample.name == "carnet_lookup_misses_total" and region in (None, sample.labels["region"]):
            counts[sample.labels["trait"], sample.labels["value"]] += int(sample.value)
    look_ups = 0 if region else sum(int(one.value) for one in samples if one.name == "carnet_lookups_total")
    found_nothing = sum(number for (trait, _), number in counts.items() if trait == "words")
    return look_ups, found_nothing, counts
