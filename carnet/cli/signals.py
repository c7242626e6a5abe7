"""`carnet signals`: what the operator should hear of; `carnet canary`: companies that nobody has business with."""

from datetime import UTC, datetime

import click
from rich.table import Table

from carnet.cli.console import output
from carnet.cli.moments import moment
from carnet.cli.opening import records_as_they_are, records_for_command
from carnet.settings import read_settings
from directory.errors import Message, NotFound, Refused
from directory.harvesting.canaries import set_canary
from directory.harvesting.signals import Signal, last_signals


@click.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="Only those from then on (UTC): 2026-11-23 or 2026-11-23T14:00.",
)
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000))
def signals(since: datetime | None, most: int) -> None:
    """Show the last signals, newest first. What each means, and what to do, is in docs/operations.md."""
    from_then = int(since.replace(tzinfo=UTC).timestamp() * 1000) if since else 0
    found = last_signals(records_as_they_are(read_settings()), since=from_then, most=most)
    if not found:
        output.print("No signals.")
        return
    table = Table(show_edge=False)
    for heading in ("when (UTC)", "signal", "company", "member", "what"):
        table.add_column(heading)
    for signal in found:
        table.add_row(*_row(signal))
    output.print(table)


def _row(signal: Signal) -> tuple[str, ...]:
    what = ", ".join(f"{name} {value}" for name, value in signal.detail.items() if value is not None)
    return moment(signal.at), signal.kind, signal.company_id or "", signal.subject or "", what


@click.command()
@click.argument("company", metavar="ID")
@click.argument("state", type=click.Choice(["on", "off"]))
def canary(company: str, state: str) -> None:
    """Make a company a canary, or not: made up, so whoever asks for its card gives a signal."""
    try:
        set_canary(records_for_command(read_settings()), company, canary=state == "on")
    except NotFound:
        raise Refused(Message("There is no company %(company)s.", company=company)) from None
