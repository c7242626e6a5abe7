"""`carnet tune`: score a configuration, compare two, see how a text is read. docs/tuning.md walks through it."""

import click

from carnet.cli.misses import misses
from carnet.cli.tune_compare import compare
from carnet.cli.tune_lists import draw, export
from carnet.cli.tune_run import run
from carnet.cli.tune_text import analyze


@click.group()
def tune() -> None:
    """Relevance: how soon people find the company that they mean. CARNET_MAPPINGS names a folder with changed files."""


for command in (run, misses, compare, analyze, draw, export):
    tune.add_command(command)
