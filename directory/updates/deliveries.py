"""Telling one webhook what is new: what its company would read in the feed, in that order, each message until it is taken.

A message that was taken just before a crash is sent again, with the same id. No transaction is open while a receiver is
waited for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from directory.errors import CursorExpired, NotFound
from directory.ports import Courier, Outcome
from directory.records import Records
from directory.records.tables import companies, now
from directory.regions import Regions
from directory.tokens import Tokens
from directory.updates import leases
from directory.updates.cursors import check_place
from directory.updates.feed import Change, Place, page_after
from directory.updates.leases import Due
from directory.updates.numbering import head
from directory.values import Kind, Status

RESET = "contacts.reset"  # what the feed says with `cursor_expired`: read your contacts again
_TURN_MS = 30_000  # then others have their turn; a message takes 5 s at most, so the lease outlives it
_PART = 50


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What deliveries are made with."""

    records: Records
    tokens: Tokens
    regions: Regions
    courier: Courier
    kept_days: int


@dataclass(frozen=True, slots=True)
class _Message:
    """`id` is the same however often it is sent; `place` is where the webhook is once it was taken."""

    id: str
    said: dict[str, Any]
    place: Place


def deliver(dispatch: Dispatch, due: Due, go_on: Callable[[], bool] = lambda: True) -> Iterator[Outcome]:
    """Tell a webhook that is leased to us all that is new to it, or as much as a turn allows; what became of each message."""
    records, until = dispatch.records, now() + _TURN_MS
    try:
        secret = dispatch.tokens.open_secret(due.secret, due.id)
    except NotFound:
        leases.switch_off(records, due, "secret_lost")
        return
    while True:
        messages, following = _news(dispatch, due)
        if not messages:
            leases.rest(records, due, following)
            return
        for message in messages:
            if now() > until or not go_on():
                leases.go_on_later(records, due)
                return
            delivery = dispatch.courier.deliver(due.url, secret, message.id, message.said)
            yield delivery.outcome
            if delivery.outcome is not Outcome.DELIVERED:
                leases.failed(records, due, delivery)
                return
            if not leases.told(records, due, message.place):
                return
            due = replace(due, cursor=str(message.place), failures=0, failing_since=None)


def _news(dispatch: Dispatch, due: Due) -> tuple[list[_Message], Place]:
    """What the company would read now, and the place to go on from where that is nothing."""
    place = Place.parse(due.cursor)
    with dispatch.records.reading() as connection:
        company = connection.execute(select(companies).where(companies.c.id == due.company_id)).one()
        if (
            company.erased
            or company.status != Status.ACTIVE
            or company.kind != Kind.BUSINESS
            or not dispatch.regions.serves(company.region)
        ):
            return [], place  # no member now; where it is one again, it hears what it missed
        upto = head(connection)
        try:
            check_place(connection, upto, place, company.region, dispatch.kept_days)
        except CursorExpired:
            start = Place(upto.epoch, company.region, upto.last)
            return [_message(due, f"{RESET} {place}", RESET, now(), {}, start)], start
        page = page_after(connection, upto, due.company_id, place, _PART)
    return [_told(due, change) for change in page.changes], page.next


def _told(due: Due, change: Change) -> _Message:
    data = {"contact": change.contact, "change": change.id}
    return _message(due, change.id, change.type, change.at, data, change.place)


def _message(due: Due, name: str, kind: str, at: int, data: dict[str, str], place: Place) -> _Message:
    said = {"type": kind, "timestamp": datetime.fromtimestamp(at / 1000, UTC).isoformat(), "data": data}
    return _Message(str(uuid5(UUID(due.id), name)), said, place)
