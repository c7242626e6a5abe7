"""Bringing the index up to the records from a command: by itself, or through the server that owns the index."""

import time

from carnet.cli.console import errors, progress_bar
from carnet.settings import Settings
from carnet.stores import index_owner, open_engine
from directory import outbox
from directory.errors import Unavailable
from directory.records import Records
from indexer.drain import drain
from indexer.engines.ownership import Ownership
from indexer.recover import recover

_POLL_S = 0.2
_PATIENCE_S = 60.0


def show_in_index(settings: Settings, records: Records) -> None:
    """Return once the index shows what the records say. Raises Unavailable where that comes to a standstill."""
    ownership = Ownership.take(settings.embedded_path) if settings.embedded_path else None
    if settings.embedded_path and ownership is None:
        errors.print(f"The server (process {index_owner(settings)}) owns the index: waiting for it to catch up.")
        _wait_for_others(records)
        return
    engine = open_engine(settings, ownership)
    started, done = time.monotonic(), 0
    with records.reading() as connection:
        waiting, _ = outbox.depth(connection)
    with progress_bar("companies") as bar:
        task = bar.add_task("index", total=waiting, rate="…")

        def advance(more: int) -> None:
            nonlocal done
            done += more
            bar.update(task, completed=min(done, waiting), rate=f"{done / (time.monotonic() - started):,.0f}")

        if ownership:
            recover(records, engine)
        drain(records, engine, advance)
        bar.update(task, completed=waiting)
    engine.close()
    if ownership:
        ownership.give_back()
    else:
        _wait_for_others(records)  # what a worker has claimed the drain has passed over


def _wait_for_others(records: Records) -> None:
    with records.reading() as connection:
        last = outbox.last_number(connection)
        total = outbox.waiting_up_to(connection, last)
    if not total:
        return
    least, since = total, time.monotonic()
    with progress_bar("companies") as bar:
        task = bar.add_task("index", total=total, rate="…")
        while True:
            with records.reading() as connection:
                waiting = outbox.waiting_up_to(connection, last)
            bar.update(task, completed=max(total - waiting, 0))
            if not waiting:
                return
            if waiting < least:
                least, since = waiting, time.monotonic()
            elif time.monotonic() - since > _PATIENCE_S:
                raise Unavailable("search", f"nothing of this has been indexed for {_PATIENCE_S:.0f} s; {waiting} wait")
            time.sleep(_POLL_S)
