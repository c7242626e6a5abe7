"""Webhooks of a company: where it wants to be told of changes. The feed is the truth, a webhook a convenience."""

import base64
import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, func, select

from directory.auditing import note
from directory.companies import lock_company
from directory.errors import InvalidInput, Message, NotFound
from directory.idempotency import Key, once, recall
from directory.ports import Courier
from directory.records import Records
from directory.records.tables import now, webhooks
from directory.tokens import Tokens
from directory.updates.feed import Place
from directory.updates.numbering import head, number_committed
from directory.values import Asker

MOST = 10  # of one company
_LONGEST_URL = 500
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Webhook:
    """`failures`: in a row, the last of them because of `trouble`; while there are any, it is tried again at `next_at`."""

    id: str
    url: str
    active: bool
    switched_off_because: str | None
    failures: int
    failing_since: int | None
    trouble: str | None
    next_at: int
    created_at: int


def create_webhook(
    records: Records, tokens: Tokens, courier: Courier, asker: Asker, url: str, key: Key | None = None
) -> tuple[Webhook, str]:
    """A webhook that is told of what happens from now on, and its secret, which nothing else ever says.

    Raises InvalidInput for an address that is not https, or not on the public internet.
    """

    def work(connection: Connection) -> dict[str, Any]:
        lock_company(connection, asker.company_id)
        if connection.execute(select(func.count()).where(_own(asker))).scalar_one() >= MOST:
            raise InvalidInput({"url": Message("At most %(most)s webhooks.", most=MOST)})
        made, at, upto = str(uuid.uuid4()), now(), head(connection)
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        connection.execute(
            webhooks.insert().values(
                id=made,
                company_id=asker.company_id,
                url=url,
                secret=tokens.sealed_secret(secret, made),
                active=True,
                cursor=str(Place(upto.epoch, asker.region, upto.last)),
                failures=0,
                next_at=at,
                leased_until=0,
                created_by=asker.subject,
                created_at=at,
            )
        )
        note(connection, asker, "webhook_created", {"webhook": made})
        return {"id": made}

    done = recall(records, asker, key)
    if done is None:
        _check(courier, url)
        number_committed(records)  # what was committed before is no news to it
        done = once(records, asker, key, work)
    made = done["id"]
    with records.reading() as connection:
        row = _read(connection, asker, made)
    return _webhook(row), tokens.open_secret(row.secret, made)


def list_webhooks(records: Records, asker: Asker) -> list[Webhook]:
    with records.reading() as connection:
        rows = connection.execute(select(webhooks).where(_own(asker)).order_by(webhooks.c.created_at, webhooks.c.id))
        return [_webhook(row) for row in rows]


def delete_webhook(records: Records, asker: Asker, webhook_id: str) -> None:
    """One message may be under way at this moment; none is sent afterwards. Raises NotFound."""
    with records.writing() as connection:
        if not connection.execute(webhooks.delete().where(_own(asker), webhooks.c.id == webhook_id)).rowcount:
            raise NotFound
        note(connection, asker, "webhook_deleted", {"webhook": webhook_id})


def switch_on(records: Records, asker: Asker, webhook_id: str) -> Webhook:
    """Go on where it was switched off, with what was not delivered. One that is on stays as it is. Raises NotFound."""
    with records.writing() as connection:
        row = _read(connection, asker, webhook_id)
        if not row.active:
            connection.execute(
                webhooks.update()
                .where(webhooks.c.id == webhook_id)
                .values(
                    active=True,
                    switched_off_because=None,
                    failures=0,
                    failing_since=None,
                    trouble=None,
                    next_at=now(),
                    leased_until=0,
                )
            )
            note(connection, asker, "webhook_switched_on", {"webhook": webhook_id})
        return _webhook(_read(connection, asker, webhook_id))


def _check(courier: Courier, url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or len(url) > _LONGEST_URL or not all("!" <= letter <= "~" for letter in url):
        raise InvalidInput({"url": Message("Must be an https:// address, without a user name, spaces or accents.")})
    if not courier.may_call(url):  # one sentence for a name that is not known and one that is internal
        raise InvalidInput({"url": Message("Must be an address that is known and open on the public internet.")})


def _own(asker: Asker) -> Any:
    return webhooks.c.company_id == asker.company_id


def _read(connection: Connection, asker: Asker, webhook_id: str) -> Row[Any]:
    row = connection.execute(select(webhooks).where(_own(asker), webhooks.c.id == webhook_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(**{name: row._mapping[name] for name in Webhook.__dataclass_fields__})
