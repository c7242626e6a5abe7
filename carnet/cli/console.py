"""Where the command prints: answers to standard output, everything else to standard error."""

import sys
import time
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, TextIOWrapper):
        _stream.reconfigure(errors="backslashreplace")  # a terminal of few letters gets an answer, too
# What is piped into a file or a search keeps its columns whole, however narrow the terminal was.
_PIPED_WIDTH = 180
# What stands in brackets or between colons is somebody's name and printed so: to rich it would be a style, an emoji or an error.
output = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, markup=False, emoji=False)
errors = Console(stderr=True, width=None if sys.stderr.isatty() else _PIPED_WIDTH, markup=False, emoji=False)


def fitting(wide: Table, *narrow: Table) -> Sequence[Table]:
    """What to print of a table, and of the same in tables that a terminal of 80 columns has room for."""
    return narrow if narrow and is_narrow(wide) else [wide]


def is_narrow(table: Table) -> bool:
    """Whether cells would be cut or broken. Never where the output is piped: its columns are what others read."""
    unbounded = output.options.update(max_width=_PIPED_WIDTH * 10)
    return output.width < min(output.measure(table, options=unbounded).maximum, _PIPED_WIDTH)


def progress_bar(unit: str) -> Progress:
    """A bar with count, rate (the task's field `rate`, in `unit` a second) and time left."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn() if unit == "companies" else TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[rate]} " + unit + "/s"),
        TimeRemainingColumn(),
        console=errors,
        transient=False,
        refresh_per_second=2,  # at ten, which is what it does unless told, 6 % of the samples of a rebuild's process were its
    )


def rated(bar: Progress, what: str, total: int, *, then: str = "") -> Callable[[int], None]:
    """A task of a bar, and the function that moves it on by so many; from any thread. `then`: what the task is called while
    all is counted and the work still goes on, which moving it on by none says.
    """
    task, started = bar.add_task(what, total=total, rate="…"), time.monotonic()
    done, counting = 0, Lock()

    def advance(more: int) -> None:
        nonlocal done
        with counting:
            done += more
            if then and not more and done >= total:
                bar.update(task, description=then)
            else:
                bar.update(task, completed=done, rate=f"{done / (time.monotonic() - started):,.0f}")

    return advance
