"""Where the command prints: answers to standard output, everything else to standard error."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

# What is piped into a file or a search keeps its columns whole, however narrow the terminal was.
_PIPED_WIDTH = 180
output = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
errors = Console(stderr=True, width=None if sys.stderr.isatty() else _PIPED_WIDTH)


def progress_bar(unit: str) -> Progress:
    """A bar with count, rate (the task's field `rate`, in `unit` a second) and time left."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn() if unit == "companies" else TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[rate]} " + unit + "/s"),
        TimeRemainingColumn(),
        console=errors,
        transient=False,
    )
