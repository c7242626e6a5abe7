"""An accounting firm's own routes: its clients, and their visibility in one call."""

from typing import Any

from api.problems import part_of_answer
from api.routes.blueprint import firm_blueprint
from api.routes.company import say_receipt
from api.schemas.clients import ClientReceipts, Clients, ClientsQuery, ClientsVisibility
from api.services import services
from api.sign_in import asker
from directory.accountants.clients import Client, list_clients, switch_clients
from directory.cursor import from_cursor, name_and_id, to_cursor
from directory.errors import CarnetError

clients = firm_blueprint("clients", __name__, "For accountants: the clients of one's firm.")
_SHOWN = ("id", "name", "city", "province", "visible", "plan", "status")


@clients.get("/clients")
@clients.arguments(ClientsQuery, location="query")
@clients.response(200, Clients)
def get_clients(query: dict[str, Any]) -> dict[str, Any]:
    """One page of the firm's clients, by name; with `q`, those that it finds."""
    after = from_cursor(query["after"], name_and_id) if "after" in query else None
    page = list_clients(services().records, asker(), query["q"], after=after, limit=query["limit"] + 1)
    shown = page[: query["limit"]]
    said = {"clients": [_said(client) for client in shown]}
    return {**said, "next": to_cursor(shown[-1].place)} if len(page) > len(shown) else said


@clients.put("/clients/visibility")
@clients.arguments(ClientsVisibility)
@clients.response(200, ClientReceipts)
def put_visibility(change: dict[str, Any]) -> dict[str, Any]:
    """Turn the visibility of up to 500 clients on or off, each with its own receipt; a bad one never stops the rest."""
    carnet, ids = services(), change["clients"]
    came = switch_clients(
        carnet.records, carnet.journal, carnet.publisher, carnet.regions, asker(), ids, change["visible"]
    )
    results = [
        {"client": client_id, **(part_of_answer(one) if isinstance(one, CarnetError) else say_receipt(one))}
        for client_id, one in zip(ids, came, strict=True)
    ]
    return {"results": results}


def _said(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in _SHOWN}
