"""Whether a new build may take the place of the live one. Asks the records by itself: it trusts no backfill."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, select

from directory import outbox
from directory.errors import Message, Refused, Unavailable
from directory.ports import Near
from directory.records import Records
from directory.records.tables import CURRENT_CARD, card_versions, companies
from directory.standing import SHOWN
from indexer.build_names import BuildName
from indexer.compare import compare, confirmed
from indexer.engines.port import Counts, Engine, Held
from indexer.lease import Lease
from indexer.sync import sync_companies
from mappings.reading import read

LEAST_SHARE = 0.8  # of what the live build shows
_CANARIES, _FOUND_AMONG = 5, 50


def verify(records: Records, engine: Engine, lease: Lease, name: str, *, live: str | None, allow_shrink: bool) -> None:
    """Every company of the region is in the build, at its version or a newer one, or has work in the outbox; no other is
    shown; a few are found by name; and not far fewer are shown than by the live build.

    Raises Unavailable, and Refused where that last one is not so.
    """
    held = _check_companies(records, engine, lease, name)
    _check_canaries(records, engine, name)
    if live is not None and not allow_shrink:
        _check_size(name, held.visible, engine.count(live).visible)


def _check_companies(records: Records, engine: Engine, lease: Lease, name: str) -> Counts:
    """What the build held when it was filled."""
    held = engine.count(name)  # before: while it is compared, companies move in and are written to it, and none goes
    compared = 0
    for page in compare(records, engine, name):
        lease.beat(records)
        compared += page.compared
        if page.suspects:
            with records.reading() as connection:
                waiting = outbox.waiting(connection, page.suspects)
            sync_companies(records, engine, sorted(waiting), refresh=False)  # now, rather than after look-ups read it
            if left := confirmed(records, engine, name, page.suspects):
                raise Unavailable("search", f"{len(left)} companies of {name} differ from the records: {left[0].kind}")
    if held.visible + held.hidden > compared:  # what was compared is all there is, or it was not all
        raise Unavailable("search", f"{name} holds {held.visible + held.hidden} companies, and {compared} were seen")
    return held


def _check_canaries(records: Records, engine: Engine, name: str) -> None:
    """Companies that the build must find by their own names: the operator's canaries, else the first ones.

    One that the build holds at the version that its row had before and after, and does not find, is what fails.
    """
    canaries = _canaries(records, name)
    held = engine.held(name, [row.id for row in canaries])
    absent = {row for row in canaries if _should_be_found(row, held) and not _is_found(engine, name, row)}
    if absent and absent & set(_canaries(records, name)):
        raise Unavailable("search", f"{len(absent)} of {len(canaries)} companies are not found by name in {name}")


def _should_be_found(row: Row[Any], held: Mapping[str, Held]) -> bool:
    return row.id in held and held[row.id] == Held(row.id, row.index_version, visible=True)


def _is_found(engine: Engine, name: str, row: Row[Any]) -> bool:
    found = engine.try_out(name, read(row.name), Near(), _FOUND_AMONG)
    return row.id in found or len(found) == _FOUND_AMONG


def _canaries(records: Records, name: str) -> list[Row[Any]]:
    some: Select[Any] = (
        select(companies.c.id, companies.c.index_version, card_versions.c.name)
        .join(card_versions, CURRENT_CARD)
        .where(companies.c.region == BuildName.parse(name).region, SHOWN)
        .order_by(companies.c.id)
        .limit(_CANARIES)
    )
    with records.reading() as connection:
        marked = list(connection.execute(some.where(companies.c.canary)))
        return marked or list(connection.execute(some))


def _check_size(name: str, new: int, old: int) -> None:
    if new < old * LEAST_SHARE:
        raise Refused(
            Message(
                "The new index of %(region)s would show %(new)s companies, where %(old)s are shown now. "
                "If that is meant, rebuild with --allow-shrink.",
                region=BuildName.parse(name).region,
                new=new,
                old=old,
            )
        )
