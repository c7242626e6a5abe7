"""An accounting firm's clients: a list to work through, and the visibility of many of them in one call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, select, tuple_

from directory.companies import INDEX_WAIT_S
from directory.errors import CarnetError, Unavailable
from directory.members import identify, require_network
from directory.ports import Journal, Publisher
from directory.records import Records
from directory.records.tables import CURRENT_CARD, card_versions, companies, firm_clients
from directory.regions import Regions
from directory.sought import sought
from directory.values import Asker, Kind
from directory.visibility import Receipt, switch

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Client:
    """`place` is where it stands in the list: a page begins after one."""

    id: str
    name: str
    city: str
    province: str
    visible: bool
    plan: str
    status: str
    place: tuple[str, str]


_CLIENTS: Select[Any] = (
    select(
        companies.c.id,
        card_versions.c.name,
        card_versions.c.city,
        card_versions.c.province,
        companies.c.visible,
        companies.c.plan,
        companies.c.status,
        card_versions.c.folded_name,
    )
    .select_from(firm_clients)
    .join(companies, companies.c.id == firm_clients.c.client_id)
    .join(card_versions, CURRENT_CARD)
    .where(~companies.c.erased, companies.c.kind == Kind.BUSINESS)
    .order_by(card_versions.c.folded_name, companies.c.id)
)


def list_clients(
    records: Records, firm: Asker, text: str = "", *, after: tuple[str, str] | None = None, limit: int = 100
) -> list[Client]:
    """One page of the firm's clients, by name; with `text`, of those whose name it finds (see `directory.sought`).

    Cost grows with the clients of that firm.
    """
    page, fits = _CLIENTS.where(firm_clients.c.firm_id == firm.company_id), sought(text)
    if after is not None:
        page = page.where(tuple_(card_versions.c.folded_name, companies.c.id) > after)
    with records.reading() as connection:
        if fits is None:
            return [_client(row) for row in connection.execute(page.limit(limit))]
        with connection.execute(page) as rows:
            return [_client(row) for row in islice((row for row in rows if fits(row.name)), limit)]


def _client(row: Row[Any]) -> Client:
    return Client(
        row.id, row.name, row.city, row.province, row.visible, row.plan, row.status, (row.folded_name, row.id)
    )


def switch_clients(
    records: Records,
    journal: Journal,
    publisher: Publisher,
    regions: Regions,
    firm: Asker,
    client_ids: Sequence[str],
    visible: bool,
) -> list[Receipt | CarnetError]:
    """Turn the visibility of these clients on or off, each by itself; what came of each, in their order.

    Each receipt is good for its client, whatever becomes of the others. Once the records or the journal have failed, the
    rest is not tried: they would be waited for again and again.
    """
    results: list[Receipt | CarnetError] = []
    down: Unavailable | None = None
    for client_id in client_ids:
        try:
            if down:
                raise down
            asker = identify(records, firm.subject, firm.company_id, client_id)
            require_network(asker, regions)
            results.append(switch(records, journal, asker, visible))
        except CarnetError as error:
            down = error if isinstance(error, Unavailable) else down
            results.append(error)
    switched = [one for one, result in zip(client_ids, results, strict=True) if isinstance(result, Receipt)]
    confirmed = bool(switched) and publisher.publish(list(dict.fromkeys(switched)), within=INDEX_WAIT_S)
    return [replace(one, index_confirmed=confirmed) if isinstance(one, Receipt) else one for one in results]
