"""What accounting firms do in their clients' books, kept where the client can read it."""

from cachetools import TTLCache

from directory.records import Records
from directory.records.tables import audit, now
from directory.values import Asker

_READ = frozenset({"GET", "HEAD", "OPTIONS"})
# Reading is noted once an hour, for each person, client and route: a look-up is one request a keystroke.
_noted: TTLCache[tuple[str, str, str], bool] = TTLCache(maxsize=100_000, ttl=3_600)


def note_acting(records: Records, asker: Asker, method: str, route: str) -> None:
    """Write to the client's audit log that a firm's member asked for this, whatever comes of it.

    Raises Unavailable("records"): what cannot be noted is not done.
    """
    seen = (asker.subject, asker.company_id, route)
    if method in _READ and seen in _noted:
        return
    with records.writing() as connection:
        connection.execute(
            audit.insert().values(
                at=now(),
                actor=asker.subject,
                action="acted",
                firm_id=asker.firm_id,
                company_id=asker.company_id,
                region=asker.region,
                detail={"method": method, "route": route},
            )
        )
    if method in _READ:
        _noted[seen] = True
