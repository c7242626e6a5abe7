"""Showing a card after a pick, and keeping count of who saw what."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from directory.companies import shown_card
from directory.idempotency import Key, once
from directory.records import Records
from directory.records.tables import now, reveals
from directory.tokens import Tokens
from directory.values import Asker, Card


@dataclass(frozen=True, slots=True)
class Revealed:
    card: Card
    link: str


def reveal(records: Records, tokens: Tokens, asker: Asker, suggestion: str, key: Key | None = None) -> Revealed:
    """The card of the company that a suggestion stands for, and a link to save it with. Written to the owner's ledger.

    Raises NotFound, the same for a suggestion that expired, is forged or was given to another company, and for a company
    that is by now hidden, elsewhere or gone.
    """
    company_id = tokens.open_suggestion(suggestion, asker.company_id)

    def note(connection: Connection) -> dict[str, Any]:
        shown_card(connection, company_id, asker.region)
        note_reveal(connection, asker, company_id)
        return {"company_id": company_id}

    once(records, asker, key, note)
    with records.reading() as connection:  # last: it may have been hidden since the key was first used
        card = shown_card(connection, company_id, asker.region).card
    return Revealed(card, tokens.link(company_id, asker.company_id))


def note_reveal(connection: Connection, asker: Asker, company_id: str) -> None:
    """Write to the ledger of a card's owner that its contact data was shown, after a pick or when a contact is opened."""
    connection.execute(
        reveals.insert().values(
            company_id=company_id,
            viewer_company_id=asker.company_id,
            viewer=asker.subject,
            firm_id=asker.firm_id,
            at=now(),
        )
    )
