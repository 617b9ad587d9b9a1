"""What a comparison of published figures with the model has under it: key, caption, and the looks that both share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictkit.charts import marks, style

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from matplotlib.path import Path

    from conflictkit.charts.style import Paint

MEANING = {
    "core": "Core: land near settlements only.",
    "claimed": "Claimed: all land, to the borders.",
}
DRAWN_FROM = "over dates, coordinates, places left out and core radius"
BAND: dict[str, Any] = {"alpha": 0.25, "linewidth": 0}


def arrow(*, forward: bool) -> Path:
    """Return the marker of a bound along the scale: to the right for at least, to the left for at most."""
    from matplotlib.transforms import Affine2D

    return marks.arrow(up=forward).transformed(Affine2D().rotate_deg(-90))


def key_of(rows: pd.DataFrame, paints: dict[str, Paint]) -> list[tuple[Any, str]]:
    """Return the key: the model's band and figure in each actor's colour, then the marks of published figures."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    actors = rows["actor_id"].unique()
    key: list[tuple[Any, str]] = [
        (Patch(facecolor=paints[actor].ink, **BAND), f"model's band{f', {paints[actor].short}' * (len(actors) > 1)}")
        for actor in actors
    ]
    look: dict[str, Any] = {"linestyle": "none", "color": rows["color"].iloc[0], "markersize": 9}
    key.append((Line2D([], [], marker="|", markeredgewidth=2.0, **look), "model's figure"))
    handles = {
        "single figure": marks.hollow("o"),
        "range": Line2D([], [], color=style.INK, linewidth=marks.BAR, alpha=marks.SEE_THROUGH),
        "at least": marks.hollow(arrow(forward=True), size=marks.ARROW),
        "at most": marks.hollow(arrow(forward=False), size=marks.ARROW),
    }
    present = set(rows["kind"])
    key += [(handle, f"published, {name}") for name, handle in handles.items() if name in present]
    if not rows["within"].all():
        key.append((Line2D([], [], color=style.INK, linewidth=1.0, linestyle=(0, (2, 1.2))), "outside the band"))
    if (rows["publishers"] > 1).any():
        box = Patch(facecolor="none", edgecolor=style.MUTED, linestyle=(0, (4, 2)), linewidth=0.9)
        key.append((box, "one day, several publishers"))
    return key


def caption_of(rows: pd.DataFrame, level: str, attrs: Mapping[Hashable, Any]) -> str:
    """Return what was drawn, in which definition, as of when."""
    aside, how = len(attrs.get("rejected", [])), attrs.get("band", DRAWN_FROM)
    inside = int(rows["within"].sum())
    losses = rows["metric"].isin(["share_of_peak_lost", "area_freed"]).any()
    parts = [
        f"{len(rows)} published figures, as of {style.span(rows['as_of'])}; {inside} meet the model's band.",
        MEANING[level],
        f"Band: 5th to 95th percentile, {how}.",
        "Error: the model against the nearest value that the published figure allows; of percentages in points.",
        "Losses count from each figure's own baseline." if losses else "",
        f"Without a counterpart in the model, not drawn: {aside}." if aside else "",
        style.credit(rows["source_id"]),
    ]
    return " ".join(filter(None, parts))
