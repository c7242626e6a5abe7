"""What a server or a worker makes sure of before it begins."""

from carnet.settings import Settings
from carnet.stores import open_engine
from directory.errors import Unavailable, Unfit
from directory.records import Records
from directory.records.readiness import check_records
from directory.restoring.comparing import check_replayed


def check_at_start(settings: Settings, records: Records) -> None:
    check_records(records)
    check_replayed(records, settings.journal)
    if settings.embedded_path:
        return
    engine = open_engine(settings)
    try:
        engine.check()
    except Unfit:
        raise
    except Unavailable:  # away for now: /readyz says so
        pass
    finally:
        engine.close()
