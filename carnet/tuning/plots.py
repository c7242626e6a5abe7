"""Keystroke curves: how many sessions are over after so many keys, a panel a tag, a line a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_COLUMNS = 4


def keystroke_curves(path: Path, runs: Mapping[str, dict[str, Any]], references: Mapping[str, Sequence[float]]) -> None:
    """Draw success@5 by keystrokes of each run (name → run) to an SVG or PNG file. Needs matplotlib.

    `references`: tag → what a reference reaches at the same moments, drawn dashed.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    scores = {name: {row["tag"]: row for row in run["scores"]} for name, run in runs.items()}
    tags = list(dict.fromkeys(tag for rows in scores.values() for tag in rows))
    moments = [str(keys) for keys in next(iter(runs.values()))["keys"]]
    lines = -(-len(tags) // _COLUMNS)
    figure, panels = pyplot.subplots(
        lines, _COLUMNS, figsize=(3.2 * _COLUMNS, 2.4 * lines), sharey=True, squeeze=False, layout="constrained"
    )
    for panel, tag in zip(panels.flat, tags, strict=False):
        for name, rows in scores.items():
            if tag in rows:
                panel.plot(moments, rows[tag]["success@5"], marker="o", markersize=3, label=name)
        if tag in references:
            panel.plot(moments, references[tag], linestyle="--", color="grey", label="reference")
        panel.set(title=tag.replace("_", " "), ylim=(0, 1.02))
        panel.grid(alpha=0.3)
    for unused in list(panels.flat)[len(tags) :]:
        unused.remove()
    figure.supxlabel("keystrokes")
    figure.supylabel("the company is among the first five")
    panels[0][0].legend(fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)
