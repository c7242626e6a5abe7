"""`carnet lookup`: what a form would see, and why."""

import click
from rich.table import Table
from rich.text import Text

from carnet.cli.console import errors, output
from carnet.cli.opening import engine_for_command, records_for_command
from carnet.settings import read_settings
from directory.lookup import Suggestion, typeahead
from directory.values import Asker, Kind, Plan, Role, Status


@click.command()
@click.argument("text")
@click.option("--region", required=True, metavar="R", help="The asker's region (ISO 3166-1, lower case).")
@click.option("--city", default="", help="The asker's city, for nearness.")
@click.option("--province", default="", help="The asker's province, for nearness.")
@click.option("--explain", is_flag=True, help="Say why each stands where it stands.")
def lookup(text: str, region: str, city: str, province: str, explain: bool) -> None:
    """Show what a member of a region sees while typing TEXT."""
    settings = read_settings()
    if not settings.regions.serves(region):
        raise click.BadParameter(f"{region} is not a region that is served here", param_hint="--region")
    records = records_for_command(settings)
    engine = engine_for_command(settings)
    somebody = Asker(
        "", Role.STANDARD_USER, "", "", region, Kind.BUSINESS, Plan.ESSENTIALS, Status.ACTIVE, True, city, province
    )
    found = typeahead(records, engine, somebody, text)
    table = Table(show_edge=False)
    headings = ["name", "city", "province"]
    if explain:
        headings += ["id", "tier", "nearness", "connected", "untyped words"]
    for heading in headings:
        table.add_column(heading)
    for suggestion in found.suggestions:
        why = _why(suggestion) if explain else []
        table.add_row(_marked(suggestion), suggestion.city, suggestion.province, *why)
    output.print(table if found.suggestions else "Nothing is found.")
    if explain and found.dropped:
        dropped = ", ".join(f"{count} {reason}" for reason, count in sorted(found.dropped.items()))
        errors.print(f"Proposed by the index and not confirmed by the records: {dropped}.")


def _why(suggestion: Suggestion) -> list[str]:
    match = suggestion.match
    nearness = ("same city", "same province", "")[suggestion.distance]
    return [
        suggestion.company_id,
        match.tier.name.lower(),
        nearness,
        str(suggestion.popularity),
        str(match.untyped_words),
    ]


def _marked(suggestion: Suggestion) -> Text:
    name = Text(suggestion.match.name)
    units = suggestion.match.name.encode("utf-16-le")
    for start, end in suggestion.match.ranges:
        before = len(units[: start * 2].decode("utf-16-le"))
        name.stylize("bold green", before, before + len(units[start * 2 : end * 2].decode("utf-16-le")))
    if suggestion.matched_name:
        name.append(f"  ({suggestion.name})", style="dim")
    return name
