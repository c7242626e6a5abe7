"""Reading the feed with cursors: opaque, each company's own, and honest about what can no longer be gone on from."""

from sqlalchemy import Connection, select

from directory.errors import CursorExpired, InvalidInput, Message, NotFound, Unavailable
from directory.records import Records
from directory.records.tables import changes, now
from directory.tokens import Tokens
from directory.updates.feed import Page, Place, page_after
from directory.updates.numbering import Head, head, number_committed
from directory.values import Asker

DAY_MS = 86_400_000


def read_changes(
    records: Records, tokens: Tokens, asker: Asker, after: str | None, limit: int, kept_days: int
) -> tuple[Page, str]:
    """The page after a cursor, and the cursor of the next one; without a cursor, from the oldest that is kept.

    Raises InvalidInput for a cursor that is none of this company's, CursorExpired for one that can no longer be gone on
    from.
    """
    _number_if_possible(records)
    with records.reading() as connection:
        upto = head(connection)
        if after:
            place = _open(tokens, asker, after)
            check_place(connection, upto, place, asker.region, kept_days)
            page = page_after(connection, upto, asker.company_id, place, limit)
        else:
            start = Place(upto.epoch, asker.region, 0)
            page = page_after(connection, upto, asker.company_id, start, limit, since=_kept_since(kept_days))
    return page, tokens.cursor(str(page.next), asker.company_id)


def latest(records: Records, tokens: Tokens, asker: Asker) -> str:
    """The cursor after everything that was committed until now."""
    number_committed(records)
    with records.reading() as connection:
        upto = head(connection)
    return tokens.cursor(str(Place(upto.epoch, asker.region, upto.last)), asker.company_id)


def check_place(connection: Connection, upto: Head, place: Place, region: str, kept_days: int) -> None:
    """Raises CursorExpired where what happened since the place is not what the contacts would need to hear of.

    That is: the company has moved to another region meanwhile, which stops and resumes contacts without anything having
    happened to the companies they are linked to; the records were restored to an earlier moment; or it is too long ago.
    """
    if (place.epoch, place.region) != (upto.epoch, region) or place.number > upto.last:
        raise CursorExpired
    following = select(changes.c.at).where(changes.c.number > place.number).order_by(changes.c.number).limit(1)
    at = connection.execute(following).scalar_one_or_none()
    if at is not None and at < _kept_since(kept_days):
        raise CursorExpired


def _kept_since(days: int) -> int:
    return now() - days * DAY_MS


def _open(tokens: Tokens, asker: Asker, after: str) -> Place:
    try:
        return Place.parse(tokens.open_cursor(after, asker.company_id))
    except NotFound:
        raise InvalidInput({"after": Message("Must be a cursor that this feed gave you.")}) from None


def _number_if_possible(records: Records) -> None:
    try:
        number_committed(records)
    except Unavailable:
        return  # a long import holds SQLite's lock: what has numbers can be read all the same, the rest next time
