"""Cost and search against size, drawn as SVG: `python -m benchmarks.plot FILE` reads the points as JSON.

Run by `bin/bench scale --plot FILE` in the environment of the stock site, so it imports nothing of ours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot  # noqa: E402 - the kind of picture is chosen first

__all__ = ["main"]

# One picture of the same figures is one file, byte for byte.
mpl.rcParams["svg.hashsalt"] = "citizendata"
COLOURS = {"cost": "#0b5394", "search": "#b45f06"}
LABELS = {"cost": "first harvest, ms a dataset", "search": "package_search, ms (95 %)"}


def main(file: str, points: Sequence[Mapping[str, float]]) -> None:
    """Write the picture of the points."""
    figure, axes = pyplot.subplots(figsize=(7, 3.6), layout="constrained")
    ordered = sorted(points, key=lambda point: point["datasets"])
    sizes = [point["datasets"] for point in ordered]
    for name, colour in COLOURS.items():
        axes.plot(sizes, [point[name] for point in ordered], "o-", color=colour, label=LABELS[name])
    axes.set(xscale="log", ylim=(0, None), xlabel="datasets of one member", ylabel="milliseconds")
    axes.set_xticks(sorted(set(sizes)), [f"{size:,.0f}" for size in sorted(set(sizes))])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    main(sys.argv[1], json.load(sys.stdin))
