"""A link that is saved after its card has come to look like somebody else's: what was shown with it is kept."""

from sqlalchemy import Connection

from directory.companies import VersionedCard
from directory.look_alikes.finding import Edited, hold_look_alikes
from directory.records.tables import now
from directory.values import NOBODY, Asker


def hold_what_was_seen(
    connection: Connection, asker: Asker, contact_id: str, company_id: str, seen: int | None, current: VersionedCard
) -> None:
    """For a contact that was linked just now, by a link that came with an earlier version of the card: what has come to look
    like a vendor since is not taken over, as if the contact had been there already. The company's card is held by the caller.
    """
    if seen is not None and seen < current.version:
        edited = Edited(company_id, asker.region, seen, asker.region, current.card, NOBODY)
        hold_look_alikes(connection, edited, now(), contact_id)
