"""Tests side by side: what one process runs in a row."""

import re

from xdist.scheduler import LoadScopeScheduling

_STANDS_ON = re.compile(r"\[(embedded|services|memory|opensearch)[]-]")


class SideBySide(LoadScopeScheduling):
    """Tests of one folder and stack or engine, which share servers, networks and indices; else those of one file."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        stands_on = _STANDS_ON.search(test)
        return f"{file.rpartition('/')[0]} {stands_on[1]}" if stands_on else file
