"""Lines as CSV means them: what stands in quotes goes on over line breaks."""

import csv
from collections import deque
from collections.abc import Iterator

LONGEST_LINE = 1_000_000
csv.field_size_limit(2 * LONGEST_LINE)  # or a long value would end where that does, and not its quotes


def with_line_breaks(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines as CSV means them, each by the number of its first. Quotes that are never closed, or not as CSV closes them,
    nobody wrote who writes CSV: they break their own line, and what follows is read line by line.
    """
    again: deque[tuple[int, str]] = deque()

    def following() -> Iterator[tuple[int, str]]:
        while line := again.popleft() if again else next(lines, None):
            yield line

    for number, text in following():
        held: list[tuple[int, str]] = []
        if '"' in text and _goes_on(text):
            length = len(text)
            for line in following():
                held.append(line)
                length += len(line[1])
                if length > LONGEST_LINE or not _goes_on('"' + line[1]):
                    break
        whole = "\n".join([text, *(more for _, more in held)])
        if held and values_of(whole) is None:
            again.extendleft(reversed(held))
            whole = text
        yield number, whole


def _goes_on(text: str) -> bool:
    """Whether it ends within quotes."""
    return values_of(text) is None and values_of(text + '"') is not None


def values_of(text: str) -> list[str] | None:
    """None for what is no line of CSV."""
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        return None
