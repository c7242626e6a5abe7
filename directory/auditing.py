"""What was done in a company's books, and by whom, for its own admins to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from directory.permissions import Action, require
from directory.records import Records
from directory.records.tables import CURRENT_CARD, audit, card_versions, companies
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


def read_audit(records: Records, asker: Asker, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """One page of the company's own log, the newest first, from the entry before `before`. Raises NotAllowed."""
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
        .limit(limit)
    )
    if before is not None:
        page = page.where(audit.c.seq < before)
    with records.reading() as connection:
        return [Entry(*row) for row in connection.execute(page)]
