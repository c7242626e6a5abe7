"""Times as the command prints them."""

import time
from datetime import UTC, datetime


def moment(at: int) -> str:
    """UTC, to the second, of milliseconds since 1970."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def since(at: int) -> str:
    """How long ago that was, in the unit that says it best."""
    seconds = max(0, time.time() - at / 1000)
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
