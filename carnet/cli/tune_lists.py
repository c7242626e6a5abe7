"""`carnet tune draw` and `carnet tune export`: judgement lists, made and taken elsewhere."""

from pathlib import Path

import click

from carnet.cli.console import errors
from carnet.cli.tune_options import FILE, TARGET, companies_of, companies_option
from carnet.tuning import exports, sessions


@click.command()
@click.argument("target", type=TARGET)
@companies_option
@click.option("--per-tag", default=100, show_default=True, type=click.IntRange(1, 5_000))
@click.option("--seed", default=1, show_default=True)
def draw(target: Path, companies: Path | None, per_tag: int, seed: int) -> None:
    """Write a judgement list of sessions drawn from real names to TARGET, to be edited by hand."""
    drawn = sessions.with_absent(companies_of(companies), per_tag, seed)
    sessions.write(target, drawn)
    errors.print(f"{len(drawn):,} sessions of {len({one.tag for one in drawn})} tags in {target}.")


@click.command()
@click.argument("listed", type=FILE)
@click.option("--to", "form", required=True, type=click.Choice(["qrels", "search-relevance", "query-set"]))
@companies_option
def export(listed: Path, form: str, companies: Path | None) -> None:
    """Print a judgement list as TREC qrels, or as judgements or query set of OpenSearch's Search Relevance Workbench.

    Companies that read the same as the one that is meant are as good an answer: the companies' file says which.
    """
    found = list(sessions.read(listed))
    if not found:
        raise click.UsageError(f"There are no sessions in {listed}.")
    if form == "query-set":
        click.echo(exports.to_query_set(found, listed.stem))
        return
    alike = exports.alike(companies_of(companies))
    if form == "qrels":
        click.echo("\n".join(exports.to_qrels(found, alike)))
    else:
        click.echo(exports.to_search_relevance(found, listed.stem, alike))
