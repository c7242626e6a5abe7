"""What the network said to a contact: the card at the moment of linking, then each version that was published to it.

Invariant: a version that was never published to the contact is not among them. One that was edited while the company was
hidden is not in `changes` at all; one that was published in another region is passed over, and so is what members of this
region heard before the contact's owner came here, but for the version that the contact shows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from directory.companies import CARD_COLUMNS
from directory.contacts.rows import from_card, is_linked
from directory.records.tables import card_versions, changes, companies, contact_edits
from directory.standing import News
from directory.values import Asker

LINK = ""  # the field of the row of `contact_edits` that says when, and by whom, the present link was made
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Step:
    """`link` numbers the link, `publication` the step within it; `by` is who linked it, None for what the network did."""

    link: int
    publication: int
    at: int
    by: str | None
    fields: Mapping[str, str]


def steps(connection: Connection, asker: Asker, row: Row[Any], until: int | None = None) -> Iterator[Step]:
    """Newest first, from publication `until` downwards, read a hundred at a time; the last one is the link."""
    if not is_linked(row):
        return
    link, at, by = _linking(connection, row)
    below = (row.publication if until is None else until) + 1
    while batch := connection.execute(_published(asker, row, below)).all():
        for found in batch:
            yield Step(link, found.publication, found.at, None, from_card(row, found._mapping))
        below = batch[-1].publication
        if len(batch) < _BATCH:
            break
    if until is None or until >= row.linked_publication:
        yield Step(link, row.linked_publication, at, by, from_card(row, _linked_card(connection, row)))


def step(connection: Connection, asker: Asker, row: Row[Any], link: int, publication: int) -> Step | None:
    """One of them; None where there is none under these numbers."""
    found = next(steps(connection, asker, row, publication), None)
    return found if found and (found.link, found.publication) == (link, publication) else None


def _published(asker: Asker, row: Row[Any], below: int) -> Any:
    here_since = select(companies.c.region_since).where(companies.c.id == asker.company_id).scalar_subquery()
    return (
        select(changes.c.publication, changes.c.at, *CARD_COLUMNS)
        .join(
            card_versions,
            and_(card_versions.c.company_id == changes.c.company_id, card_versions.c.version == changes.c.card_version),
        )
        .where(
            changes.c.company_id == row.linked_company_id,
            changes.c.kind.in_((News.CARD, News.RESUMED)),
            changes.c.publication > row.linked_publication,
            changes.c.publication < below,
            or_(
                and_(changes.c.region == asker.region, changes.c.at >= here_since),
                changes.c.card_version == row.shown_version,
            ),
        )
        .order_by(changes.c.publication.desc())
        .limit(_BATCH)
    )


def _linking(connection: Connection, row: Row[Any]) -> tuple[int, int, str]:
    made = connection.execute(
        select(contact_edits.c.seq, contact_edits.c.at, contact_edits.c.by)
        .where(contact_edits.c.contact_id == row.id, contact_edits.c.field == LINK)
        .order_by(contact_edits.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return (made.seq, made.at, made.by) if made else (0, row.created_at, row.created_by)


def _linked_card(connection: Connection, row: Row[Any]) -> Mapping[Any, Any]:
    return (
        connection.execute(
            select(*CARD_COLUMNS).where(
                card_versions.c.company_id == row.linked_company_id, card_versions.c.version == row.linked_version
            )
        )
        .one()
        ._mapping
    )
