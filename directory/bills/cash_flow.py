"""What is to be paid when, by ISO week and currency, to the cent.

Each open bill counts once: scheduled, in the week of the day that it is scheduled for; else due, in the week of its due date;
overdue, in the present week, where that day has passed. One that is held does not count until it is released: it may be the
same debt twice. Currencies are never added up.

Bills are read a page at a time and added up as decimals (SQLite would add texts as floats), so that memory does not grow with
their number, and time only with those that are open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from directory.bills import money
from directory.bills.dates import days_later
from directory.bills.reading import open_in_order, page_key
from directory.bills.states import State
from directory.records import Records
from directory.values import Asker

_PAGE = 1_000


@dataclass
class Flow:
    """Amounts of one currency in one week."""

    due: Decimal = Decimal(0)
    scheduled: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)


@dataclass
class Week:
    """`name` as in ISO 8601, 2026-W48; `starts_on` is its Monday."""

    name: str
    starts_on: str
    flows: dict[str, Flow] = field(default_factory=dict)


def cash_flow(records: Records, asker: Asker, today: str, weeks: int) -> list[Week]:
    """So many weeks, from that of `today`. Every week has the same currencies, in alphabetical order."""
    made = _weeks(today, weeks)
    by_name = {week.name: week for week in made}
    end = days_later(made[-1].starts_on, 7)
    for bill in _open_bills(records, asker):
        day = bill.scheduled_on if bill.state == State.SCHEDULED else bill.due_on
        if day >= end or bill.held:
            continue
        late = day < today
        flow = by_name[_week(today if late else day)].flows.setdefault(bill.currency, Flow())
        kind = "overdue" if late else "scheduled" if bill.state == State.SCHEDULED else "due"
        setattr(flow, kind, getattr(flow, kind) + Decimal(bill.total))
    return _same_currencies(made)


def _weeks(today: str, weeks: int) -> list[Week]:
    monday = days_later(today, -date.fromisoformat(today).weekday())
    return [Week(_week(day), day) for day in (days_later(monday, 7 * n) for n in range(weeks))]


def _week(day: str) -> str:
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def _open_bills(records: Records, asker: Asker) -> Iterator[Row[Any]]:
    """Each once, as it is when its page is read."""
    after = ""
    while True:
        with records.reading() as connection:
            rows = connection.execute(open_in_order(asker.company_id, after).limit(_PAGE)).all()
        yield from rows
        if len(rows) < _PAGE:
            return
        after = page_key(rows[-1])


def _same_currencies(weeks: list[Week]) -> list[Week]:
    currencies = sorted({currency for week in weeks for currency in week.flows})
    for week in weeks:
        flows = {currency: week.flows.get(currency, Flow()) for currency in currencies}
        week.flows = {
            currency: Flow(*(money.rounded(value, currency) for value in (flow.due, flow.scheduled, flow.overdue)))
            for currency, flow in flows.items()
        }
    return weeks
