"""How every picture looks: type, colours, words for numbers and dates. No drawing here.

The colours of the actors are in ``data/actors.csv`` and nowhere else; the constants below are paper, ink and water.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.datasets import load_actors, load_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

INK, MUTED, FAINT = "#222222", "#595959", "#D9D9D9"
WATER, RIVER, BORDER, ADMIN, ABROAD = "#C9DDE8", "#8FB4C8", "#6B6B6B", "#B9B4AA", "#F8F6F2"

SMALL, BODY, LARGE, TITLE = 8.0, 9.0, 11.0, 14.0  # points

# Everything is drawn inside this context, so that neither the reader's settings nor ours reach each other. Text is
# never parsed: a `$` in the name of an estimator is a dollar, not the start of a formula.
RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # the sans that ships with matplotlib: same picture on every machine
    "font.size": BODY,
    "text.parse_math": False,
    "text.color": INK,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.unicode_minus": False,
    "legend.fontsize": BODY,
    "hatch.linewidth": 0.6,
}

STRANGER, UNSURE = "#777777", ("", "///", "...", "\\\\\\", "xxx")  # of actors that the table does not know
SHORT = 29  # letters of a name in a key
PALER = 0.55  # of white in a tint: with less it is taken for the core of another holder, with more for another tint
LIGHTEST_MARK = 3.0  # contrast of a mark with white, WCAG 2.2 criterion 1.4.11

COUNTRIES = {"IQ": "Iraq", "SY": "Syria"}
SCOPES = {frozenset({"IQ"}): "iraq", frozenset({"SY"}): "syria", frozenset({"IQ", "SY"}): "iraq_syria"}
SCOPE_NAMES = {"iraq": "Iraq", "syria": "Syria", "iraq_syria": "Iraq and Syria", "place": "single places"}


@dataclass(frozen=True)
class Paint:
    """How one actor is drawn and named."""

    name: str
    color: str
    hatch: str
    parent: str
    aliases: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name or, where it is long, the first alias that is not."""
        return next((name for name in (self.name, *self.aliases) if len(name) <= SHORT), self.name)

    @property
    def look(self) -> tuple[str, str]:
        """What tells one holder from another on a map."""
        return self.color, self.hatch

    @property
    def ink(self) -> str:
        """The colour itself or, where it is too pale for a mark on white, a darker one."""
        return darkened(self.color)


def palette(actors: pd.DataFrame | None = None) -> dict[str, Paint]:
    """Return the paint of every actor of a table, by ``actor_id``; None for the shipped one."""
    known = load_actors() if actors is None else actors
    actors = known.fillna({"hatch": "", "parent_id": "", "aliases": ""})
    rows = actors[["actor_id", "name", "color", "hatch", "parent_id", "aliases"]].to_dict("records")
    return {
        row["actor_id"]: Paint(
            row["name"], row["color"], row["hatch"], row["parent_id"], tuple(filter(None, row["aliases"].split(";")))
        )
        for row in rows
    }


def paints_of(actor_ids: Iterable[str], actors: pd.DataFrame | None = None) -> dict[str, Paint]:
    """Return the paint of each actor, in order; those that the table does not know are grey, told apart by hatch."""
    known = palette(actors)
    strangers = [actor for actor in dict.fromkeys(actor_ids) if actor not in known]
    for number, actor in enumerate(strangers):
        known[actor] = Paint(actor, STRANGER, UNSURE[number % len(UNSURE)], "", ())
    return {actor: known[actor] for actor in actor_ids}


def folded(holders: Iterable[str], paints: dict[str, Paint], *, apart: Iterable[str] = ()) -> dict[str, str]:
    """Return which holders are drawn as part of their parent: those painted like it, where both hold land.

    The YPG became part of the SDF in October 2015; places it has held since before still carry its name in the tables,
    while the published figures of SDF land count them. Holders in `apart` keep a line of their own.
    """
    present, kept = set(holders), set(apart)
    parents = {holder: paints[holder].parent for holder in present - kept if paints[holder].parent in present}
    return {child: up for child, up in sorted(parents.items()) if paints[child].look == paints[up].look}


def contrast(color: str) -> float:
    """Return the contrast of a colour with white, from 1 to 21 (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(color)]  # noqa: PLR2004 - sRGB
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


def dots(paint: Paint) -> str:
    """Return the colour of dots on land of a holder: white, or ink where white would not be seen."""
    return "#FFFFFF" if contrast(paint.color) >= LIGHTEST_MARK else INK


def darkened(color: str) -> str:
    """Return the colour, mixed with as much ink as it needs to be seen on white."""
    shares = (step / 20 for step in range(21))
    return next(mixed for share in shares if contrast(mixed := mix(color, INK, share)) >= LIGHTEST_MARK)


def tint(color: str) -> str:
    """Return the light form of a colour, for land that is claimed but not core."""
    return mix(color, "#FFFFFF", PALER)


def mix(color: str, other: str, share: float) -> str:
    """Return the colour with a share of another mixed in."""
    blend = ((1 - share) * a + share * b for a, b in zip(_rgb(color), _rgb(other), strict=True))
    return "#" + "".join(f"{round(255 * c):02X}" for c in blend)


def _rgb(color: str) -> tuple[float, ...]:
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))


def day(date: pd.Timestamp) -> str:
    """Return a date in words: 3 November 2017."""
    return f"{date.day} {date:%B %Y}"


def span(dates: pd.Series | pd.Index) -> str:
    """Return the first and the last date in words."""
    first, last = day(pd.Timestamp(dates.min())), day(pd.Timestamp(dates.max()))
    return first if first == last else f"{first} to {last}"


def figures(rows: pd.DataFrame) -> list[str]:
    """Return each row's low, best and high as a reader would write them: 1,500-2,500, 3,000+, up to 850."""
    return [_figure(low, best, high) for low, best, high in rows[["low", "best", "high"]].to_numpy(dtype=float)]


def _figure(low: float, best: float, high: float) -> str:
    if not isnan(low) and not isnan(high):
        return f"{low:,.0f}\N{EN DASH}{high:,.0f}"
    if not isnan(best):
        return f"{best:,.0f}"
    return f"up to {high:,.0f}" if isnan(low) else f"{low:,.0f}+"


def listed(names: Iterable[str], *, most: int = 4) -> str:
    """Return names joined for prose, the rest counted: A, B, C and 12 others."""
    once = list(dict.fromkeys(names))
    if len(once) > most:
        return f"{', '.join(once[: most - 1])} and {len(once) - most + 1} others"
    return " and ".join([", ".join(once[:-1]), once[-1]] if len(once) > 1 else once)


def credit(source_ids: pd.Series) -> str:
    """Return the end of a caption: how many pages, by whom, and the version of the kit."""
    used = load_sources().set_index("source_id").reindex(sorted(set(source_ids.dropna())))
    pages = used["publisher"].dropna().value_counts()
    publishers = sorted(pages.index, key=lambda name: (-pages[name], name))
    count = f"{len(used)} page{'' if len(used) == 1 else 's'}"
    return f"{f'Sources: {count} by {listed(publishers)}. ' if publishers else ''}conflictkit {version('conflictkit')}."
