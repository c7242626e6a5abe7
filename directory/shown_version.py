"""Which version of a linked company's card a contact shows: one expression for all that read, keep or hold it."""

from typing import Any

from sqlalchemy import ColumnElement, case, func

from directory.records.tables import companies, contacts, former_regions


def shown_version(region: Any, published: Any = companies.c.published_version) -> ColumnElement[Any]:
    """The card version that a contact shows; beside what the linked company left in the region of the contact's owner, and beside
    `companies`, which is one of these two. `region`: where the other one is. `published`: what the linked company has published.

    A resting contact shows what it rests at. Else the published version where both are in one region, and where they are
    not, what was current there when the company left, or when it was linked.
    """
    return func.coalesce(
        contacts.c.resting_version,
        case(
            (companies.c.region == region, published),
            else_=func.coalesce(former_regions.c.published_version, contacts.c.linked_version),
        ),
    )
