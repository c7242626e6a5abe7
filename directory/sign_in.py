"""Finding a company to sign in as, for development only: it looks past every wall that the network has."""

from dataclasses import dataclass

from sqlalchemy import func, select

from directory.records import Records
from directory.records.tables import CURRENT_CARD, card_versions, companies

MOST = 20


@dataclass(frozen=True, slots=True)
class DevCompany:
    id: str
    name: str
    city: str
    province: str
    region: str
    kind: str
    status: str
    visible: bool


def find_companies(records: Records, text: str) -> list[DevCompany]:
    """Up to 20 companies whose name contains `text`, by name."""
    query = (
        select(
            companies.c.id,
            card_versions.c.name,
            card_versions.c.city,
            card_versions.c.province,
            companies.c.region,
            companies.c.kind,
            companies.c.status,
            companies.c.visible,
        )
        .join(card_versions, CURRENT_CARD)
        .where(~companies.c.erased)
        .order_by(companies.c.region.not_in(["ca"]), func.length(card_versions.c.name), card_versions.c.name)
        .limit(MOST)
    )
    if text:
        query = query.where(func.lower(card_versions.c.name).contains(text.lower(), autoescape=True))
    else:
        query = query.where(card_versions.c.city != "", func.length(card_versions.c.name).between(8, 20))
    with records.reading() as connection:
        return [DevCompany(*row) for row in connection.execute(query)]
