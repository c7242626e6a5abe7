"""Where the indices that look-ups read differ from the records. It may be asked while everything goes on.

What has work in the outbox is under way, and no difference (indexer/compare.py); so what is one stays one.
"""

from collections import Counter
from contextlib import suppress

from directory.errors import Unavailable
from indexer.builds import State, family
from indexer.reconcile import check_build
from tests.chaos.names import REGIONS
from tests.chaos.site import Site


def drift(site: Site, *, repair: bool = False) -> dict[str, int]:
    """Differences of the live builds from the records, by region and kind. Raises Unavailable where one cannot be asked."""
    found: Counter[str] = Counter()
    with site.records.reading() as connection:
        live = [build for build in family(connection, REGIONS) if build.state is State.LIVE]
    for region in set(REGIONS) - {build.region for build in live}:
        found[f"{region} no live build"] += 1
    for build in live:
        if (served := site.engine.serving(build.region)) != build.name:
            found[f"{build.region} look-ups read {served}"] += 1
        checked = check_build(site.records, site.engine, build.name, repair=repair)
        for kind, number in checked.drift.items():
            found[f"{build.region} {kind}"] += number
    return dict(found)


def note_drift(site: Site) -> None:
    """Look now; where that cannot be, the end of the row will."""
    with suppress(Unavailable):
        site.drifted.update(drift(site))
