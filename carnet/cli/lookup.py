"""`carnet lookup`: what a form would see, and why."""

from collections.abc import Iterator, Sequence

import click
from rich.table import Table
from rich.text import Text

from carnet.cli.console import errors, is_narrow, output
from carnet.cli.opening import engine_for_command, records_for_command
from carnet.listening import Listening
from carnet.settings import read_settings
from directory.lookup import Lookup, Suggestion, typeahead
from directory.matching import Match, Tier
from directory.ports import Reach
from directory.values import Asker, Kind, Plan, Role, Status
from mappings.folding import fold


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
    index = Listening(engine_for_command(settings, patient=True))
    somebody = Asker(
        "", Role.STANDARD_USER, "", "", region, Kind.BUSINESS, Plan.ESSENTIALS, Status.ACTIVE, True, city, province
    )
    found = typeahead(records, index, somebody, text)
    if found.suggestions:
        table = _table(found.suggestions, explain=explain)
        output.print(*(_blocks(found.suggestions) if explain and is_narrow(table) else [table]))
    else:
        output.print("Nothing is found.")
    if explain:
        _say_how(index, found)


def _table(suggestions: Sequence[Suggestion], *, explain: bool) -> Table:
    table = Table(show_edge=False)
    for heading in ("name", "city", "province", *(_EXPLAINED if explain else ())):
        table.add_column(heading, no_wrap=heading in ("tier", "id"), overflow="fold")
    for suggestion in suggestions:
        why = _why(suggestion) if explain else []
        table.add_row(_marked(suggestion), suggestion.city, suggestion.province, *why)
    return table


def _blocks(suggestions: Sequence[Suggestion]) -> Iterator[Table]:
    """The same for a terminal that has no room for so many columns: a block a company."""
    for suggestion in suggestions:
        block = Table(show_header=False, show_edge=False, box=None)
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        block.add_row("name", _marked(suggestion))
        block.add_row("city, province", ", ".join(filter(None, (suggestion.city, suggestion.province))))
        for heading, said in zip(_EXPLAINED, _why(suggestion), strict=True):
            block.add_row(heading, said)
        block.add_row()
        yield block


def _say_how(index: Listening, found: Lookup) -> None:
    asked = [f"{number} {_QUESTIONS[reach]}" for reach, number in index.answers]
    errors.print(f"Proposed by the index: {', '.join(asked) or 'it was not asked, for there is nothing to ask for'}.")
    if found.dropped:
        dropped = ", ".join(f"{count} {reason}" for reason, count in sorted(found.dropped.items()))
        errors.print(f"Proposed by the index and not confirmed by the records: {dropped}.")
    if len(found.suggestions) > 1:
        errors.print(f"What comes first: {', then '.join(_EXPLAINED[1:-1])}, then the name in alphabetical order.")


_QUESTIONS = {Reach.NEAR: "by the first", Reach.FAR: "by the second", Reach.FARTHEST: "by the third"}
_EXPLAINED = ("matched", "tier", "nearness", "popularity", "unfinished words", "untyped words", "id")


def _why(suggestion: Suggestion) -> list[str]:
    match = suggestion.match
    parts, untyped = _parts(match)
    return [
        " + ".join(parts),
        f"{match.tier.value} {_TIERS[match.tier]}{f', {match.doubtful} from the end' if match.doubtful else ''}",
        ("same city", "same province", "elsewhere")[suggestion.distance],
        str(suggestion.popularity),
        str(match.unfinished),
        f"{match.untyped_words}{f': {untyped}' if untyped else ''}",
        suggestion.company_id,
    ]


_TIERS = {
    Tier.EXACT: "whole name",
    Tier.START: "start of the name",
    Tier.RUN: "words in a row, later on",
    Tier.WORDS: "each starts a word",
    Tier.JOINED: "without spaces",
    Tier.ACRONYM: "first letters of words",
    Tier.TYPO: "start, one typo",
    Tier.TWO_TYPOS: "start, two typos",
    Tier.FAR: "typo in a word or first letter",
    Tier.PARTLY: "a part of it, telling words",
}


def _parts(match: Match) -> tuple[list[str], str]:
    """The parts of the name that were typed, as they are written; and its words that were not, legal forms aside."""
    name, typed = fold(match.name), _ranges(match)
    places = name.places([(at, len(word)) for at, word in enumerate(name.words) if not name.legal[at]])
    untyped = [
        match.name[low:high] for low, high in places if not any(start < high and low < end for start, end in typed)
    ]
    return [match.name[start:end] for start, end in typed], " ".join(untyped)


def _ranges(match: Match) -> list[tuple[int, int]]:
    """Its ranges in characters."""
    units = match.name.encode("utf-16-le", "surrogatepass")
    return [
        (len(units[: start * 2].decode("utf-16-le")), len(units[: end * 2].decode("utf-16-le")))
        for start, end in match.ranges
    ]


def _marked(suggestion: Suggestion) -> Text:
    name = Text(suggestion.match.name)
    for start, end in _ranges(suggestion.match):
        name.stylize("bold green", start, end)
    if suggestion.matched_name:
        name.append(f"  ({suggestion.name})", style="dim")
    return name
