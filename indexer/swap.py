"""Points look-ups of a region at another build.

Invariant: it is one compare-and-swap in the engine; what look-ups read is then asked, whatever the answer was and whether
one came; and only what was seen is written into the rows.
"""

from directory.errors import Unavailable
from directory.records import Records
from indexer.build_names import BuildName
from indexer.builds import make_live
from indexer.engines.port import Engine
from indexer.history import Event
from indexer.lease import Lease


def swap(
    records: Records, engine: Engine, lease: Lease, name: str, *, instead_of: str | None, event: Event = Event.LIVE
) -> None:
    """Raises Unavailable where look-ups do not read `name` afterwards, or cannot be asked; LeaseLost before anything is
    done, or after it: then whoever holds the lease finds what look-ups read, and says so.
    """
    region = BuildName.parse(name).region
    lease.check(records)
    refused = ""
    try:
        engine.serve(region, name, instead_of=instead_of)
    except Unavailable as error:  # perhaps only the answer was lost
        refused = error.reason
    if engine.serving(region) != name:
        raise Unavailable("search", refused or f"look-ups of {region} do not read {name}")
    with records.writing() as connection:
        make_live(connection, lease, region, name, event)
