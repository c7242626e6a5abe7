"""What somebody should look at now: bills that are overdue, due soon, or scheduled for a day that has come."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Row, or_

from directory.bills.dates import days_later
from directory.bills.reading import open_in_order
from directory.bills.states import State
from directory.records import Records
from directory.records.tables import bills
from directory.values import Asker


class Reason(StrEnum):
    OVERDUE = "overdue"
    DUE = "due"
    SCHEDULED = "scheduled"


def list_reminders(
    records: Records, asker: Asker, today: str, within: int, *, after: str = "", limit: int = 100
) -> list[Row[Any]]:
    """One page of the open bills that are due by `within` days from `today`, or scheduled for today or before."""
    page = open_in_order(asker.company_id, after).where(
        or_(
            bills.c.open_due_on <= days_later(today, within),
            (bills.c.state == State.SCHEDULED) & (bills.c.scheduled_on <= today),
        ),
    )
    with records.reading() as connection:
        return list(connection.execute(page.limit(limit)))


def reasons(bill: Row[Any], today: str, within: int) -> list[Reason]:
    """Why a bill is in the list, at least one. A scheduled bill may be overdue as well."""
    found = []
    if bill.due_on < today:
        found.append(Reason.OVERDUE)
    elif bill.due_on <= days_later(today, within):
        found.append(Reason.DUE)
    if bill.state == State.SCHEDULED and bill.scheduled_on <= today:
        found.append(Reason.SCHEDULED)
    return found
