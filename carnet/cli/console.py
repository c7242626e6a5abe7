"""Where the command prints: answers to standard output, everything else to standard error."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

output = Console()
errors = Console(stderr=True)


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
