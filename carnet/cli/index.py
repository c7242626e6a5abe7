"""`carnet index`: the builds of each region; building them anew, going back, comparing them, and what happened."""

import click

from carnet.cli.index_build import rebuild, rollback
from carnet.cli.index_check import history, reconcile
from carnet.cli.index_status import status


@click.group()
def index() -> None:
    """The search index: its builds, building them anew, comparing and repairing them, and going back.

    Exit status everywhere: 0 as it should be, 1 not, 2 wrong usage, 4 refused in this state.
    """


for command in (status, rebuild, reconcile, rollback, history):
    index.add_command(command)
