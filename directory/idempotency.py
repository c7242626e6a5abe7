"""`Idempotency-Key`: the same request sent twice is done once, and answered twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import IntegrityError

from directory.errors import KeyReused
from directory.records import Records
from directory.records.tables import idempotency_keys, now
from directory.values import Asker

KEPT_DAYS = 7
_DAY_MS = 86_400_000
_BATCH = 500  # an opt-out may have to wait for one
_MOST_BATCHES = 200  # at a time: the first time there may be years of them


@dataclass(frozen=True, slots=True)
class Key:
    """What the client sent, and a digest of the request that came with it."""

    key: str
    request: str


def once(
    records: Records, asker: Asker, key: Key | None, work: Callable[[Connection], dict[str, Any]]
) -> dict[str, Any]:
    """Run `work` in one transaction and keep its answer under `key`; where it was kept already, only answer.

    What expires, such as a link, is opened in `work`: who sends a request again may do so days later. Raises KeyReused where
    the key came with another request before.
    """
    try:
        with records.writing() as connection:
            kept = _kept(connection, asker, key)
            if kept is not None:
                return kept
            answer = work(connection)
            if key:
                connection.execute(
                    idempotency_keys.insert().values(
                        company_id=asker.company_id,
                        subject=asker.subject,
                        key=key.key,
                        request=key.request,
                        answer=answer,
                        at=now(),
                    )
                )
            return answer
    except IntegrityError:  # the same request, at the same moment, in another process
        kept = recall(records, asker, key)
        if kept is None:
            raise
        return kept


def recall(records: Records, asker: Asker, key: Key | None) -> dict[str, Any] | None:
    """The answer that is kept under `key`, None where there is none. Raises KeyReused as `once` does."""
    if key is None:
        return None
    with records.reading() as connection:
        return _kept(connection, asker, key)


def forget_old_keys(records: Records, page_done: Callable[[int], None] = lambda _forgotten: None) -> int:
    """Forget keys that came more than `KEPT_DAYS` ago, in short transactions, at most `_MOST_BATCHES` of them; how many. May run
    twice at a time, or be cut short, without harm: `page_done` may raise.
    """
    at, before, forgotten = idempotency_keys.c.at, now() - KEPT_DAYS * _DAY_MS, 0
    oldest = select(at).where(at < before).order_by(at).offset(_BATCH - 1).limit(1)
    for _ in range(_MOST_BATCHES):
        with records.writing() as connection:
            last = connection.execute(oldest).scalar_one_or_none()
            old = at < before if last is None else at <= last
            forgotten += connection.execute(delete(idempotency_keys).where(old)).rowcount
        page_done(forgotten)
        if last is None:
            break
    return forgotten


def _kept(connection: Connection, asker: Asker, key: Key | None) -> dict[str, Any] | None:
    if key is None:
        return None
    row = connection.execute(
        select(idempotency_keys.c.request, idempotency_keys.c.answer).where(
            idempotency_keys.c.company_id == asker.company_id,
            idempotency_keys.c.subject == asker.subject,
            idempotency_keys.c.key == key.key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request != key.request:
        raise KeyReused
    kept: dict[str, Any] = row.answer
    return kept
