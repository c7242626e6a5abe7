"""What was done in a company's books, and by whom: noted as it is done, for the company's own admins to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select

from directory.errors import InvalidInput, Message, NotFound
from directory.permissions import Action, require
from directory.records import Records
from directory.records.tables import CURRENT_CARD, audit, card_versions, companies, now
from directory.tokens import Tokens
from directory.values import Asker, Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """`firm_name` is None where nobody acted for the company, and of what is no firm any more: erased, or a business, which may
    be hidden, or elsewhere.
    """

    seq: int
    at: int
    actor: str
    action: str
    firm_id: str | None
    firm_name: str | None
    detail: Mapping[str, Any]


def note(
    connection: Connection, asker: Asker, action: str, detail: Mapping[str, Any], *, at: int | None = None
) -> None:
    """Write what the asker does to the log of the company, in the transaction that does it. `at`: in milliseconds; else now."""
    connection.execute(
        audit.insert().values(
            at=now() if at is None else at,
            actor=asker.subject,
            action=action,
            firm_id=asker.firm_id,
            company_id=asker.company_id,
            region=asker.region,
            detail=detail,
        )
    )


def read_audit(
    records: Records, tokens: Tokens, asker: Asker, *, after: str = "", limit: int = 100
) -> tuple[list[Entry], str]:
    """One page of the company's own log, the newest first, and what to hand in as `after` for the next; "" on the last.

    Raises NotAllowed, and InvalidInput for an `after` that was not given to this company.
    """
    require(asker, Action.READ_AUDIT)
    page = (
        select(
            audit.c.seq,
            audit.c.at,
            audit.c.actor,
            audit.c.action,
            audit.c.firm_id,
            card_versions.c.name,
            audit.c.detail,
        )
        .outerjoin(companies, and_(companies.c.id == audit.c.firm_id, companies.c.kind == Kind.ACCOUNTING_FIRM))
        .outerjoin(card_versions, CURRENT_CARD)
        .where(audit.c.company_id == asker.company_id)
        .order_by(audit.c.seq.desc())
        .limit(limit + 1)
    )
    if after:
        page = page.where(audit.c.seq < _opened(tokens, asker, after))
    with records.reading() as connection:
        rows = [Entry(*row) for row in connection.execute(page)]
    more = tokens.place(rows[limit - 1].seq, asker.company_id) if len(rows) > limit else ""
    return rows[:limit], more


def _opened(tokens: Tokens, asker: Asker, after: str) -> int:
    try:
        return tokens.open_place(after, asker.company_id)
    except NotFound:
        raise InvalidInput({"after": Message("Must be what an earlier page said as next.")}) from None
