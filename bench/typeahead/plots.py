"""Plots of latency: by characters typed, and by how many companies there are. Need matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.typeahead.contestants import (
    EMBEDDED_ENGINE,
    EMBEDDED_HTTP,
    ENGINE,
    FLOOR,
    HTTP,
    ROUTE,
    SAYT,
    SUGGESTER,
    TRIGRAMS,
)

# Carnet in colours that the colour-blind tell apart, others in grey; whole answers drawn through, calls of an engine broken.
_LOOKS: dict[str, dict[str, Any]] = {
    HTTP: {"color": "#0072b2", "linewidth": 2},
    EMBEDDED_HTTP: {"color": "#d55e00", "linewidth": 2},
    ROUTE: {"color": "#555555", "linewidth": 2},
    ENGINE: {"color": "#0072b2", "linestyle": "--"},
    EMBEDDED_ENGINE: {"color": "#d55e00", "linestyle": "--"},
    SAYT: {"color": "#555555", "linestyle": "--"},
    SUGGESTER: {"color": "#999999", "linestyle": "--", "marker": "s"},
    TRIGRAMS: {"color": "#999999", "linestyle": ":", "marker": "^"},
    FLOOR: {"color": "#bbbbbb", "linestyle": ":"},
}
_MS = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def by_characters(path: Path, run: dict[str, Any]) -> None:
    """A line a contestant, p50 and p95 side by side."""
    pyplot, figure, panels = _panels(2)
    for panel, part in zip(panels, ("p50", "p95"), strict=True):
        for name in _LOOKS:
            buckets = run["by_characters"].get(name)
            if buckets and name != TRIGRAMS:
                _line(panel, name, list(buckets), [found[part] for found in buckets.values()])
        panel.set(title=f"{part}, {run['companies']:,} companies", ylim=(0, None))
        panel.grid(alpha=0.3)
    _save(pyplot, figure, panels, path, "characters typed")


def growth(path: Path, runs: Sequence[dict[str, Any]]) -> None:
    """A line a contestant over sizes."""
    pyplot, figure, panels = _panels(2)
    sizes = [run["companies"] for run in runs]
    for panel, part in zip(panels, ("p50", "p95"), strict=True):
        for name in _LOOKS:
            found = [(run["companies"], run["all"][name][part]) for run in runs if name in run["all"]]
            if found:
                _line(panel, name, *zip(*found, strict=True))
        panel.set(title=part, xscale="log", yscale="log")
        panel.set_xticks(sizes, [f"{size:,}" for size in sizes])
        panel.set_yticks(_MS, [f"{ms:g}" for ms in _MS])
        panel.minorticks_off()
        times = [found[part] for run in runs for found in run["all"].values()]
        panel.set_ylim(min(times) * 0.8, max(times) * 1.25)
        panel.grid(alpha=0.3)
    _save(pyplot, figure, panels, path, "companies")


def _line(panel: Any, name: str, across: Sequence[Any], up: Sequence[float]) -> None:
    panel.plot(across, up, **{"label": name, "marker": "o", "markersize": 3, **_LOOKS[name]})


def _panels(many: int) -> tuple[Any, Any, Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, many, figsize=(5.2 * many + 2, 4), layout="constrained")
    return pyplot, figure, panels


def _save(pyplot: Any, figure: Any, panels: Any, path: Path, below: str) -> None:
    figure.supxlabel(below)
    figure.supylabel("milliseconds")
    lines, names = panels[0].get_legend_handles_labels()
    figure.legend(lines, names, loc="outside right upper", fontsize="small", frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)
