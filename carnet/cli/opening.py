"""Opens what a command needs, and closes it when the command ends, however it ends."""

import click

from carnet.settings import Settings
from carnet.stores import open_engine, open_records
from directory.records import Records
from directory.restoring import check_replayed
from indexer.engines.ownership import Ownership
from indexer.engines.port import Engine


def records_for_command(settings: Settings) -> Records:
    """See `carnet.stores.open_records`. Raises Refused, too, where the records were restored and have forgotten choices: to
    show or publish by them would break the promise, and every change to them would hide what they have forgotten.
    """
    records = records_as_they_are(settings)
    check_replayed(records, settings.journal)
    return records


def records_as_they_are(settings: Settings) -> Records:
    """For a command that shows no company and changes none."""
    records = open_records(settings)
    click.get_current_context().call_on_close(records.close)
    return records


def engine_for_command(settings: Settings, ownership: Ownership | None = None, *, patient: bool = False) -> Engine:
    """See `carnet.stores.open_engine`."""
    engine = open_engine(settings, ownership, patient=patient)
    click.get_current_context().call_on_close(engine.close)
    return engine
