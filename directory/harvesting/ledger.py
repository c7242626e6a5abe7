"""Who looked at a company's card: its owner reads it, newest first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from directory.companies import why_not_shown
from directory.errors import InvalidInput, Message, NotFound
from directory.permissions import Action, require
from directory.records import Records
from directory.records.tables import CURRENT_CARD, card_versions, companies, reveals
from directory.tokens import Tokens
from directory.values import Asker


@dataclass(frozen=True, slots=True)
class Look:
    """One pick of the owner's card. `viewer` is the company that saw it, "" where it may not be named to the owner now.

    Which person it was is never told.
    """

    at: int
    viewer: str


def read_ledger(
    records: Records, tokens: Tokens, asker: Asker, *, after: str = "", limit: int = 50
) -> tuple[list[Look], str]:
    """One page, newest first, and what to hand in as `after` for the next; "" on the last.

    A viewer is named only while the owner could find it: visible, active and in the owner's region. Raises NotAllowed,
    and InvalidInput for an `after` that was not given to this company.
    """
    require(asker, Action.READ_LEDGER)
    page = (
        select(
            reveals.c.seq,
            reveals.c.at,
            companies.c.visible,
            companies.c.status,
            companies.c.kind,
            companies.c.region,
            companies.c.erased,
            card_versions.c.name,
        )
        .join(companies, companies.c.id == reveals.c.viewer_company_id)
        .outerjoin(card_versions, CURRENT_CARD)  # of an erased one nothing is left
        .where(reveals.c.company_id == asker.company_id)
        .order_by(reveals.c.seq.desc())
        .limit(limit + 1)
    )
    if after:
        page = page.where(reveals.c.seq < _opened(tokens, asker, after))
    with records.reading() as connection:
        rows: list[Row[Any]] = list(connection.execute(page))
    looks = [Look(row.at, "" if why_not_shown(row, asker.region) else row.name) for row in rows[:limit]]
    more = tokens.place(rows[limit - 1].seq, asker.company_id) if len(rows) > limit else ""
    return looks, more


def _opened(tokens: Tokens, asker: Asker, after: str) -> int:
    try:
        return tokens.open_place(after, asker.company_id)
    except NotFound:
        raise InvalidInput({"after": Message("Must be the next of a page before.")}) from None
