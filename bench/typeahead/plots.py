"""Plots of latency: by characters typed, and by how many companies there are. Need matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.typeahead.contestants import TRIGRAMS


def by_characters(path: Path, run: dict[str, Any]) -> None:
    """A line a contestant, p50 and p95 side by side."""
    pyplot, figure, panels = _panels(2)
    for panel, part in zip(panels, ("p50", "p95"), strict=True):
        for name, buckets in run["by_characters"].items():
            if name != TRIGRAMS:
                panel.plot(
                    list(buckets), [found[part] for found in buckets.values()], marker="o", markersize=3, label=name
                )
        panel.set(title=f"{part}, {run['companies']:,} companies", ylim=(0, None))
        panel.grid(alpha=0.3)
    _save(pyplot, figure, panels, path, "characters typed")


def growth(path: Path, runs: Sequence[dict[str, Any]]) -> None:
    """A line a contestant over sizes."""
    pyplot, figure, panels = _panels(2)
    names = list(dict.fromkeys(name for run in runs for name in run["all"]))
    for panel, part in zip(panels, ("p50", "p95"), strict=True):
        for name in names:
            found = [(run["companies"], run["all"][name][part]) for run in runs if name in run["all"]]
            panel.plot(*zip(*found, strict=True), marker="o", markersize=3, label=name)
        panel.set(title=part, xscale="log", yscale="log")
        panel.grid(alpha=0.3, which="both")
    _save(pyplot, figure, panels, path, "companies")


def _panels(many: int) -> tuple[Any, Any, Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, many, figsize=(5.2 * many, 4), layout="constrained")
    return pyplot, figure, panels


def _save(pyplot: Any, figure: Any, panels: Any, path: Path, below: str) -> None:
    figure.supxlabel(below)
    figure.supylabel("milliseconds")
    panels[0].legend(fontsize="x-small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)
