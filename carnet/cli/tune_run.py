"""`carnet tune run`: score the configuration as it stands."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click

from carnet.cli.console import errors, fitting, output, progress_bar, rated
from carnet.cli.tune_options import FILE, TARGET, companies_of, companies_option, plot_option
from carnet.settings import read_settings
from carnet.stores import open_engine
from carnet.tuning import runs, sessions, tables
from carnet.tuning.corpus import built
from carnet.tuning.reference import references
from carnet.tuning.scoring import play
from carnet.tuning.sessions import Session
from carnet.tuning.styles import STYLES, Named, reading
from indexer.render import fingerprint
from mappings.changed import FOLDER


@click.command()
@companies_option
@click.option("--region", metavar="R", help="Only companies of this region. All of them in one index if not given.")
@click.option("--sessions", "listed", type=FILE, help="A judgement list; with the bundled sample, the bundled one.")
@click.option("--per-tag", type=click.IntRange(1, 5_000), help="Draw so many sessions a tag instead.")
@click.option("--seed", default=1, show_default=True, help="Of what is drawn.")
@click.option(
    "--tag", "tags", multiple=True, type=click.Choice([*STYLES, sessions.ABSENT]), help="Only these; may be repeated."
)
@click.option("--updates", default=0, show_default=True, help="Write so many companies again, as everyday use does.")
@click.option("--full", is_flag=True, help="Print every measure after every number of keys, too.")
@click.option("--name", default="", help="What the run is called in comparisons; the mappings folder if not given.")
@click.option("--out", type=TARGET, help="Keep the run here, for `tune compare`.")
@plot_option("Draw keystroke curves here (.svg, .png).")
def run(
    companies: Path | None,
    region: str | None,
    listed: Path | None,
    per_tag: int | None,
    seed: int,
    tags: tuple[str, ...],
    updates: int,
    full: bool,
    name: str,
    out: Path | None,
    plot: Path | None,
) -> None:
    """Score the configuration as it stands: build an index of its own, type every session into it key by key.

    On the engine that CARNET_SEARCH_URL names, under a region that no directory has.
    """
    known = companies_of(companies, region)
    if listed or not (companies or per_tag):
        everybody = {company.id: company for company in (companies_of(companies) if region else known)}
        wanted = _listed(listed or sessions.bundled(), {company.id for company in known}, everybody)
    else:
        wanted = sessions.with_absent(known, per_tag or 100, seed)
    if not wanted:
        raise click.UsageError(f"There are no sessions in {listed}." if listed else "There are no sessions to type.")
    if tags and not (wanted := [session for session in wanted if session.tag in tags]):
        raise click.UsageError("There are no sessions of these tags.")
    settings = read_settings()
    engine = None if settings.embedded_path else open_engine(settings, patient=True)
    left_out = {reading(session.name) for session in wanted if session.tag == sessions.ABSENT}
    indexed = [company for company in known if reading(company.name) not in left_out] if left_out else known
    with ExitStack() as place:
        with progress_bar("companies") as bar:
            advance = rated(bar, "index", len(indexed))
            corpus = place.enter_context(built(indexed, engine, updates=updates, progress=advance))
        with progress_bar("sessions") as bar:
            advance = rated(bar, "type", len(wanted))
            played = []
            for one in (play(corpus.search_for(session), session) for session in wanted):
                played.append(one)
                advance(1)
    about = {
        "name": name or os.environ.get(FOLDER) or "as it ships",
        "fingerprint": fingerprint(),
        "engine": "embedded" if engine is None else "opensearch",
        "companies": len(indexed),
    }
    reference = references((company.name for company in indexed), wanted)
    found = runs.as_json(played, **about, reference=reference)
    for shown in [tables.summaries(found), *(tables.every_measure_in(found) if full else [])]:
        output.print(*fitting(*shown))
    output.print("Engine and ordering, ms: " + " · ".join(f"{at} {ms}" for at, ms in found["latency_ms"].items()))
    if out:
        runs.write(out, found)
    if plot:
        from carnet.tuning.plots import keystroke_curves

        keystroke_curves(plot, {str(about["name"]): found}, reference)
    if engine:
        engine.close()


def _listed(path: Path, here: set[str], everybody: Mapping[str, Named]) -> list[Session]:
    """The sessions of a list, without those that mean a company of another region than the one that is measured."""
    wanted = list(sessions.of_companies(path, everybody))
    kept = [session for session in wanted if session.tag == sessions.ABSENT or session.target in here]
    if len(kept) < len(wanted):
        errors.print(f"Left out: {len(wanted) - len(kept):,} sessions that mean companies of other regions.")
    return kept
