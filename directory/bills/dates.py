"""Days as texts, YYYY-MM-DD: both databases order them as calendars do."""

import re
from datetime import UTC, date, datetime

from directory.errors import Message
from directory.text import BadText

_DATE = re.compile(r"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


def check_date(text: str) -> str:
    """Raises BadText for anything but a day of the calendar, spelled in full."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:  # 30 February
        pass
    raise BadText(Message("Must be a date between 2000 and 2199, as YYYY-MM-DD."))


def today() -> str:
    """The day in UTC: what is meant where nobody says which day it is where they are."""
    return datetime.now(UTC).date().isoformat()


def days_later(day: str, days: int) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + days).isoformat()
