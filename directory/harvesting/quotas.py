"""How many cards a company may be shown: enough for anybody who brings in customers and vendors, too few to collect them.

What counts are different companies, not picks, and those that were saved count apart: a contact of the asker's company
links them at this moment, so one that is saved and thrown away again counts as not saved. Decided from the ledger and
the contacts alone; see directory.reveals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from directory.errors import Message, QuotaReached

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

UNSAVED = Message(
    "Your company has been shown as many cards as it may without saving them. Save those that you need: they no longer "
    "count. Another can be shown in %(wait)s."
)
SAVED = Message("Your company has been shown as many cards as it may in one day. Another can be shown in %(wait)s.")
FIRM = Message(
    "Your firm has been shown as many cards as it may in one day without saving them. Another can be shown in %(wait)s."
)


@dataclass(frozen=True, slots=True)
class Quotas:
    """The numbers; each may be set, as CARNET_QUOTA_ and its name."""

    unsaved_hour: int = 30
    unsaved_day: int = 100
    newcomer_day: int = 20  # in place of unsaved_day in a company's first days
    newcomer_days: int = 14
    firm_day: int = 500  # not saved, by all members of a firm for all its clients
    saved_day: int = 300

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> "Quotas":
        """Raises ValueError with the name of a setting that is no number, or under the least it may be."""
        numbers = {}
        for field in fields(cls):
            name = f"CARNET_QUOTA_{field.name.upper()}"
            if (text := environment.get(name)) is None:
                continue
            if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) < (
                field.name != "newcomer_days"
            ):
                raise ValueError(name)
            numbers[field.name] = int(text)
        return cls(**numbers)

    def unsaved_in_a_day(self, *, newcomer: bool) -> int:
        return min(self.newcomer_day, self.unsaved_day) if newcomer else self.unsaved_day


DEFAULTS = Quotas()


@dataclass(frozen=True, slots=True)
class Seen:
    """A company whose card was shown within a day: when it was first and last, and whether it is saved."""

    company_id: str
    first: int
    last: int
    saved: bool


def check_company(quotas: Quotas, seen: Sequence[Seen], at: int, *, newcomer: bool, saved: bool) -> None:
    """Raises QuotaReached where one more company, not among those seen, is one too many for the asker's company.

    `saved`: whether that one is in its lists already, so that seeing it again tells it nothing new.
    """
    unsaved = [one for one in seen if not one.saved]
    if not saved:
        this_hour = [one.first + HOUR_MS for one in unsaved if one.first > at - HOUR_MS]
        today = [one.last + DAY_MS for one in unsaved]
        _check(at, UNSAVED, (this_hour, quotas.unsaved_hour), (today, quotas.unsaved_in_a_day(newcomer=newcomer)))
    _check(at, SAVED, ([one.last + DAY_MS for one in seen if one.saved], quotas.saved_day))


def check_firm(quotas: Quotas, seen: Sequence[Seen], at: int) -> None:
    """The same for all that the members of an accounting firm are shown, for all its clients."""
    _check(at, FIRM, ([one.last + DAY_MS for one in seen if not one.saved], quotas.firm_day))


def _check(at: int, sentence: str, *windows: tuple[list[int], int]) -> None:
    """Each window: when each company in it leaves it, and how many may be in it."""
    free = [sorted(leaving)[len(leaving) - most] for leaving, most in windows if len(leaving) >= most]
    if free:
        raise QuotaReached((max(free) - at) / 1000, sentence)
