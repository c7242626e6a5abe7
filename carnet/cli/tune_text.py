"""`carnet tune analyze`: how a text is folded as a name, and read as it is typed."""

import click
from rich.table import Table

from carnet.cli.console import output
from mappings.as_said import acronyms, compounds
from mappings.folding import fold
from mappings.reading import read


@click.command()
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
