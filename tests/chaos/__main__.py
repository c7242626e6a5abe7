"""python -m tests.chaos [ROW…] [--seconds 30] [--seed 1] [--unconfirmed] [--list]

ROW: a part of a row's name; none: all of them, one after the other. `--unconfirmed`: with the API's confirmation taken out,
so that the index alone has to come right. Exit status 1 where a row did not come out as it must.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.chaos.drill import drill, populate
from tests.chaos.ground import Ground, ground
from tests.chaos.names import make_names
from tests.chaos.place import site_on
from tests.chaos.report import Figures, figures, keep, table
from tests.chaos.rows import ROWS, Row

COMPANIES, ACTING = 900, 240


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    console, found = Console(width=200), []
    with ground() as services:
        for row in _wanted(options.row, unconfirmed=options.unconfirmed):
            with tempfile.TemporaryDirectory() as folder:
                found.append(_run(services, row, Path(folder), options))
            keep(found[-1])
            console.print(f"{row.name}: {found[-1]['problems'] or 'as it must'}")
    console.print(table(found))
    sys.exit(any(one["problems"] for one in found))


def _run(services: Ground, row: Row, folder: Path, options: argparse.Namespace) -> Figures:
    names = make_names(options.seed, COMPANIES)
    planted = "no_confirmation" if options.unconfirmed else ""
    with site_on(services, folder, names, planted) as site:
        populate(site)
        acting = list(names.words)[:ACTING]
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
    parser.add_argument("--log", help="where the processes' log goes if a row does not come out as it must")
    return parser.parse_args()


if __name__ == "__main__":
    main()
