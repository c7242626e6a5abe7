"""`carnet tune`: score a configuration, compare two, see how a text is read. docs/tuning.md walks through it."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from rich.table import Table

from carnet.cli import misses
from carnet.cli.console import errors, output, progress_bar, rated
from carnet.demo import sample
from carnet.settings import read_settings
from carnet.stores import open_engine
from carnet.tuning import compare as comparing
from carnet.tuning import exports, runs, sessions
from carnet.tuning.corpus import built, read_companies
from carnet.tuning.reference import references
from carnet.tuning.scoring import play
from carnet.tuning.styles import STYLES, Named, reading
from carnet.tuning.tables import every_measure, summary
from indexer.render import fingerprint
from mappings.as_said import acronyms, compounds
from mappings.data import FOLDER
from mappings.folding import fold
from mappings.reading import read

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def tune() -> None:
    """Relevance: how soon people find the company that they mean. CARNET_MAPPINGS names a folder with changed files."""


@tune.command()
@click.option("--companies", type=_FILE, help="In the format of `carnet import`; the bundled sample if not given.")
@click.option("--region", metavar="R", help="Only companies of this region. All of them in one index if not given.")
@click.option("--sessions", "listed", type=_FILE, help="A judgement list; with the bundled sample, the bundled one.")
@click.option("--per-tag", type=click.IntRange(1, 5_000), help="Draw so many sessions a tag instead.")
@click.option("--seed", default=1, show_default=True, help="Of what is drawn.")
@click.option(
    "--tag", "tags", multiple=True, type=click.Choice([*STYLES, sessions.ABSENT]), help="Only these; may be repeated."
)
@click.option("--updates", default=0, show_default=True, help="Write so many companies again, as everyday use does.")
@click.option("--full", is_flag=True, help="Print every measure after every number of keys, too.")
@click.option("--name", default="", help="What the run is called in comparisons; the mappings folder if not given.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Keep the run here, for `tune compare`.")
@click.option(
    "--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw keystroke curves here (.svg, .png)."
)
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
    known = read_companies(companies or sample(), region)
    if listed or not (companies or per_tag):
        wanted = list(sessions.read(listed or sessions.bundled()))
    else:
        wanted = with_absent(known, per_tag or 100, seed)
    if tags:
        wanted = [session for session in wanted if session.tag in tags]
    if not wanted:
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
    for table in [summary(found), *(every_measure(found) if full else [])]:
        output.print(table)
    output.print("Engine and ordering, ms: " + " · ".join(f"{at} {ms}" for at, ms in found["latency_ms"].items()))
    if out:
        runs.write(out, found)
    if plot:
        from carnet.tuning.plots import keystroke_curves

        keystroke_curves(plot, {str(about["name"]): found}, reference)
    if engine:
        engine.close()


def with_absent(known: Sequence[Named], per_tag: int, seed: int) -> list[sessions.Session]:
    """Sessions of every tag, and as many for companies that are then left out of the index."""
    drawn = sessions.draw(known, per_tag, seed)
    meant = [session.name for session in drawn]
    return drawn + sessions.absent([company.name for company in known], meant, per_tag, seed)


tune.add_command(misses.misses)


@tune.command()
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--cases", default=10, show_default=True, help="How many of the sessions that changed most are shown.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw both runs' keystroke curves here.")
def compare(before: Path, after: Path, cases: int, plot: Path | None) -> None:
    """Is run AFTER better than run BEFORE, or only luckier? Paired, session by session."""
    try:
        a, b = runs.read(before), runs.read(after)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    outcomes = runs.outcomes(a), runs.outcomes(b)
    table = Table(title=f"{a['name']} → {b['name']}: share of the text that need not be typed")
    for heading in ("tag", "sessions", "before", "after", "better in", "worse in", "chance of mere luck"):
        table.add_column(heading, justify="left" if heading == "tag" else "right")
    for row in comparing.compare(*outcomes):
        style = "" if row.p > 0.05 else "green" if row.b > row.a else "red"
        table.add_row(
            row.tag,
            f"{row.sessions:,}",
            f"{row.a:.3f}",
            f"{row.b:.3f}",
            str(row.wins),
            str(row.losses),
            f"{row.p:.4f}",
            style=style,
        )
    output.print(table)
    changed = sorted(
        (session for session in outcomes[0] if session in outcomes[1] and outcomes[0][session] != outcomes[1][session]),
        key=lambda session: outcomes[1][session][1] - outcomes[0][session][1],
    )
    for session in dict.fromkeys([*changed[:cases], *changed[-cases:]]):
        gap = outcomes[1][session][1] - outcomes[0][session][1]
        output.print(f"{gap:+.0%}  {session}", style="green" if gap > 0 else "red", highlight=False)
    if plot:
        from carnet.tuning.plots import keystroke_curves

        keystroke_curves(plot, {f"{a['name']} (before)": a, f"{b['name']} (after)": b}, b.get("reference", {}))


@tune.command()
@click.argument("text")
def analyze(text: str) -> None:
    """How TEXT is folded as a name, and how it is read when somebody types it."""
    name, typed = fold(text), read(text)
    words = Table(title="As a name")
    for heading in ("word", "as it is spelled", "legal form", "stands at"):
        words.add_column(heading)
    for word, spelled, legal, span in zip(name.words, name.spelled, name.legal, name.spans, strict=True):
        words.add_row(word, spelled if spelled != word else "", "yes" if legal else "", f"{span[0]}–{span[1]}")
    output.print(words)
    for what, texts in (("Written as one word", compounds(name)), ("First letters of words", acronyms(name))):
        if texts:
            output.print(f"{what}: {', '.join(texts)}")
    asked = Table(title="As a typed text", show_header=False)
    for what, value in (
        ("is exactly", typed.exact),
        ("starts a name", " | ".join(typed.starts)),
        ("starts a name without spaces", " | ".join(typed.joined)),
        ("every word starts a word", " | ".join(" + ".join(words) for words in typed.readings)),
        ("first letters of words", typed.acronym or "no"),
        ("one typo is forgiven in", typed.typo or "nothing: too short"),
        ("two typos", "yes" if typed.two_typos else "no"),
    ):
        asked.add_row(what, value)
    output.print(asked)


@tune.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--companies", type=_FILE, help="In the format of `carnet import`; the bundled sample if not given.")
@click.option("--per-tag", default=100, show_default=True, type=click.IntRange(1, 5_000))
@click.option("--seed", default=1, show_default=True)
def draw(target: Path, companies: Path | None, per_tag: int, seed: int) -> None:
    """Write a judgement list of sessions drawn from real names to TARGET, to be edited by hand."""
    known = read_companies(companies or sample())
    drawn = with_absent(known, per_tag, seed)
    sessions.write(target, drawn)
    errors.print(f"{len(drawn):,} sessions of {len({one.tag for one in drawn})} tags in {target}.")


@tune.command()
@click.argument("listed", type=_FILE)
@click.option("--to", "form", required=True, type=click.Choice(["qrels", "search-relevance", "query-set"]))
def export(listed: Path, form: str) -> None:
    """Print a judgement list as TREC qrels, or as judgements or query set of OpenSearch's Search Relevance Workbench."""
    found = list(sessions.read(listed))
    if form == "qrels":
        click.echo("\n".join(exports.to_qrels(found)))
    else:
        made = exports.to_query_set if form == "query-set" else exports.to_search_relevance
        click.echo(made(found, listed.stem))
