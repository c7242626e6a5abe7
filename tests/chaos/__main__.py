"""python -m tests.chaos [ROW…] [--seconds 30] [--seed 1] [--unconfirmed] [--together]

ROW: a part of a row's name; none: all of them, one after the other. `--unconfirmed`: with the API's confirmation taken out,
so that the index alone has to come right. `--together`: the rows share one site, which each has to leave in order, and other
companies act in each; quicker than a site a row. Exit status 1 where a row did not come out as it must.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from tests.chaos.drill import drill, populate
from tests.chaos.ground import Ground, ground
from tests.chaos.names import make_names
from tests.chaos.place import site_on
from tests.chaos.report import Figures, figures, keep, table
from tests.chaos.rows import ROWS, Row
from tests.chaos.site import Site

COMPANIES, ACTING = 900, 240


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    console, found = Console(width=200), []
    with ground() as services:
        rows = _wanted(options.row, unconfirmed=options.unconfirmed)
        for some in [rows] if options.together else [[row] for row in rows]:
            with _populated(services, options) as site:
                for row in some:
                    found.append(_run(site, row, options))
                    keep(found[-1])
                    console.print(f"{row.name}: {found[-1]['problems'] or 'as it must'}")
    console.print(table(found))
    sys.exit(any(one["problems"] for one in found))


@contextmanager
def _populated(services: Ground, options: argparse.Namespace) -> Iterator[Site]:
    names = make_names(options.seed, COMPANIES)
    planted = "no_confirmation" if options.unconfirmed else ""
    with tempfile.TemporaryDirectory() as folder, site_on(services, Path(folder), names, planted) as site:
        populate(site)
        yield site


def _run(site: Site, row: Row, options: argparse.Namespace) -> Figures:
    first = ROWS.index(row) * 7 % (COMPANIES - ACTING) if options.together else 0
    acting = list(site.names.words)[first : first + ACTING]
    result = figures(drill(site, row, options.seed, options.seconds, acting, confirmed=not options.unconfirmed))
    if result["problems"] and options.log:
        Path(options.log).write_text(site.log())
    return result


def _wanted(parts: list[str], *, unconfirmed: bool) -> list[Row]:
    rows = [row for row in ROWS if row.alone or not unconfirmed]
    return [row for row in rows if not parts or any(part in row.name for part in parts)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("row", nargs="*")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unconfirmed", action="store_true")
    parser.add_argument("--together", action="store_true", help="all rows on one site, one after the other")
    parser.add_argument("--log", help="where the processes' log goes if a row does not come out as it must")
    return parser.parse_args()


if __name__ == "__main__":
    main()
