"""What the commands of `carnet tune` share: files that are read, and plots, checked before anything is measured."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from carnet.demo import sample
from carnet.tuning.corpus import read_companies
from carnet.tuning.styles import Named

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)
companies_option = click.option(
    "--companies", type=FILE, help="In the format of `carnet import`; the bundled sample if not given."
)


def plot_option(says: str) -> Callable[[Any], Any]:
    return click.option("--plot", type=TARGET, callback=_can_be_drawn, help=says)


def _can_be_drawn(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Before a run of minutes, not after it."""
    if path and not find_spec("matplotlib"):
        raise click.UsageError("--plot needs matplotlib: pip install 'carnet[tune]'")
    if path and path.suffix not in (".svg", ".png", ".pdf"):
        raise click.BadParameter(f"{path} should end in .svg, .png or .pdf.")
    return path


def companies_of(path: Path | None, region: str | None = None) -> list[Named]:
    """Of the file, or of the bundled sample. Raises BadFile, click.UsageError where there are none."""
    known = read_companies(path or sample(), region)
    if not known:
        where = f" in {region}" if region else ""
        raise click.UsageError(f"There is no company{where} in {path or 'the bundled sample'}.")
    return known
