"""Pictures that keep the rows behind their marks against the same pictures that keep none.

Without: rows have no keys and no marks, only the pages that a caption counts, and the call is not kept.
Each pair is drawn in turn, and its ratio is that of the medians of CPU time; the goal is one for all pictures together.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd

import conflictkit as ck
from conflictkit.evidence import _rows
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPEATS = 9
GOAL = 1.1  # times the CPU, over all pictures
DAY = "2017-11-03"


def pictures() -> dict[str, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]]:
    """Return functions with what they are asked, by name."""
    land = ck.Territory.from_places()
    whole = ck.load_fighter_estimates().query("actor_id == 'isis' and quantity == 'fighters' and scope == 'IQ;SY'")
    totals = ck.load_deployments().query("actor_id == 'usa' and measure == 'total'")
    order, edges = ck.order_of_battle(DAY), ck.backing_at(DAY)
    events = ck.load_events()
    return {
        "plot_territory": (ck.plot_territory, (land, DAY), {}),
        "plot_territory, near": (ck.plot_territory, (land, DAY), {"extent": "abu-kamal"}),
        "plot_area": (ck.plot_area, (land,), {"actor_ids": ["isis"]}),
        "plot_changes": (ck.plot_changes, (land, "2015-01-05", "2017-06-26"), {}),
        "plot_evidence": (ck.plot_evidence, (land,), {"actor_id": "isis"}),
        "plot_influence": (ck.plot_influence, (land, "2016-01-01"), {}),
        "plot_pocket": (ck.plot_pocket, (land, "abu-kamal", DAY), {}),
        "plot_deployments": (ck.plot_deployments, (land, "2017-06-10"), {"extent": "raqqa"}),
        "plot_presence": (ck.plot_presence, (), {"date": DAY}),
        "plot_strength": (ck.plot_strength, (totals,), {}),
        "plot_order_of_battle": (ck.plot_order_of_battle, (order,), {}),
        "plot_backing": (ck.plot_backing, (edges,), {}),
        "plot_estimates": (ck.plot_estimates, (whole,), {}),
        "plot_disagreement": (ck.plot_disagreement, (whole,), {}),
        "plot_events": (ck.plot_events, (events,), {}),
        "map_territory": (ck.map_territory, (land, ["2014-06-10", DAY]), {}),
        "map_deployments": (ck.map_deployments, (land, [DAY]), {}),
        "map_events": (ck.map_events, (land, events), {"freq": "YS"}),
    }


@contextmanager
def nothing_recorded() -> Iterator[None]:
    """Take keys and marks out of every module that keeps them."""

    def pages(rows: pd.DataFrame, *_: object) -> pd.DataFrame:
        bare = dict.fromkeys(_rows.COLUMNS, pd.Series(None, index=rows.index, dtype=TEXT))
        return pd.DataFrame(bare | {"source_id": rows["source_id"]}) if "source_id" in rows else pd.DataFrame(bare)

    modules = [module for name, module in sys.modules.items() if name.startswith("conflictkit")]
    users = [module for module in modules if getattr(module, "behind", None) is _rows.behind]
    stops = [patch.object(module, "behind", pages) for module in users]
    for stop in stops:
        stop.start()
    try:
        yield
    finally:
        for stop in stops:
            stop.stop()


def seconds(call: Callable[[], object]) -> float:
    """Return the CPU time of a picture, which is closed again."""
    start = process_time()
    call()
    taken = process_time() - start
    plt.close("all")
    return taken


def main() -> int:
    """Print each picture both ways and the ratio; 1 when the goal is missed or nothing was kept."""
    mpl.use("Agg")
    sums, kept = [0.0, 0.0], True
    print(f"{'':24}{'with':>10}{'without':>12}{'ratio':>8}{'rows':>8}")
    for name, (draw, given, how) in pictures().items():
        bare = draw.__wrapped__  # type: ignore[attr-defined] # what `recorded` wraps
        rows = len(ck.sources_of(draw(*given, **how)))
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(REPEATS):
            taken[0].append(seconds(lambda: draw(*given, **how)))  # noqa: B023 - called at once
            with nothing_recorded():
                taken[1].append(seconds(lambda: bare(*given, **how)))  # noqa: B023 - called at once
        one, two = median(taken[0]), median(taken[1])
        print(f"{name:24}{one * 1000:7.1f} ms{two * 1000:9.1f} ms{one / two:8.2f}{rows:8,}")
        sums, kept = [sums[0] + one, sums[1] + two], kept and rows > 0
    ratio = sums[0] / sums[1]
    print(f"{'all':24}{sums[0] * 1000:7.1f} ms{sums[1] * 1000:9.1f} ms{ratio:8.2f}  (at most {GOAL})")
    return int(ratio > GOAL or not kept)


if __name__ == "__main__":
    sys.exit(main())
