"""Companies as the accounting product writes them, one or many at once. The rules are those of `directory.importing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from directory.companies import CARD_COLUMNS, INDEX_WAIT_S
from directory.errors import CarnetError, Erased, InvalidInput, Message, NotFound
from directory.importing import CompanyRow, Outcome, store
from directory.ports import Publisher
from directory.records import Records
from directory.records.again import write_again
from directory.records.tables import CURRENT_CARD, card_versions, companies
from directory.regions import Regions
from directory.rows import parse_company
from directory.values import Card, is_company_id

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of each item, in their order; `index_confirmed` says whether the index was seen to agree by now."""

    outcomes: list[Outcome | CarnetError]
    index_confirmed: bool


def enrol(records: Records, publisher: Publisher, regions: Regions, service: str, items: Sequence[Any]) -> Enrolled:
    """Add or change the companies that `items` describe, in one transaction; a bad one never stops the rest."""
    outcomes: list[Outcome | CarnetError] = []
    rows: dict[str, tuple[int, CompanyRow]] = {}
    for place, item in enumerate(items):
        try:
            row = _parse(item, regions)
            if row.id in rows:
                raise InvalidInput({"id": Message("The same id stands in this request twice.")})
            rows[row.id] = place, row
            outcomes.append(Outcome.UNCHANGED)  # until it is stored
        except InvalidInput as invalid:
            outcomes.append(invalid)
    stored = write_again(records, partial(store, rows=[row for _, row in rows.values()], service=service))
    for (place, _), outcome in zip(rows.values(), stored, strict=True):
        outcomes[place] = Erased() if outcome is Outcome.ERASED else outcome
    written = [company for company, (place, _) in rows.items() if outcomes[place] in (Outcome.ADDED, Outcome.CHANGED)]
    return Enrolled(outcomes, not written or publisher.publish(written, within=INDEX_WAIT_S))


def _parse(item: Any, regions: Regions) -> CompanyRow:
    if not isinstance(item, Mapping):
        raise InvalidInput({"_body": Message("The body must be a JSON object.")})
    return parse_company(item, regions)


@dataclass(frozen=True, slots=True)
class Company:
    """A company as the accounting product may see it."""

    id: str
    region: str
    kind: str
    plan: str
    status: str
    visible: bool
    card: Card
    card_version: int
    index_version: int
    created_at: int
    changed_at: int


def read_company(records: Records, company_id: str) -> Company:
    """Raises NotFound, and Erased for a company that was erased."""
    if not is_company_id(company_id):
        raise NotFound
    with records.reading() as connection:
        row = connection.execute(
            select(companies, *CARD_COLUMNS).outerjoin(card_versions, CURRENT_CARD).where(companies.c.id == company_id)
        ).one_or_none()
    if row is None:
        raise NotFound
    if row.erased:
        raise Erased
    return Company(
        id=row.id,
        region=row.region,
        kind=row.kind,
        plan=row.plan,
        status=row.status,
        visible=row.visible,
        card=Card.of(row._mapping),
        card_version=row.card_version,
        index_version=row.index_version,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
