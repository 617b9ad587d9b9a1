"""How every picture looks: type and colours, for charts, maps and widgets. No drawing here.

The colours of the actors are in the table of actors and nowhere else; the constants below are paper, ink and water.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conflictkit.prose import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

INK, MUTED, FAINT = "#222222", "#595959", "#D9D9D9"
WATER, RIVER, BORDER, ADMIN, ABROAD = "#C9DDE8", "#8FB4C8", "#6B6B6B", "#B9B4AA", "#F8F6F2"

# Points: a notebook shows a figure at its own size, and less than 9 cannot be read there.
SMALL, BODY, LARGE, TITLE = 9.0, 9.5, 11.0, 13.0

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
HATCH = 0.45  # of ink in the lines of a hatch
SHORT, LINE = 29, 80  # letters of a name in a key, and the most of one that has no shorter
PALER = 0.55  # of white in a tint: with less it is taken for the core of another holder, with more for another tint
LIGHTEST_MARK = 3.0  # contrast of a mark with white, WCAG 2.2 criterion 1.4.11


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
        """The name or, where it is long, the first alias that is not; a name as long as a line is cut."""
        return next((name for name in (self.name, *self.aliases) if len(name) <= SHORT), shortened(self.name, LINE))

    @property
    def look(self) -> tuple[str, str]:
        """What tells one holder from another on a map."""
        return self.color, self.hatch

    @property
    def ink(self) -> str:
        """The colour itself or, where it is too pale for a mark on white, a darker one."""
        return darkened(self.color)


def palette(actors: pd.DataFrame) -> dict[str, Paint]:
    """Return the paint of every actor of a table, by ``actor_id``."""
    known = actors.fillna({"hatch": "", "parent_id": "", "aliases": ""})
    rows = known[["actor_id", "name", "color", "hatch", "parent_id", "aliases"]].to_dict("records")
    return {
        row["actor_id"]: Paint(
            row["name"], row["color"], row["hatch"], row["parent_id"], tuple(filter(None, row["aliases"].split(";")))
        )
        for row in rows
    }


def paints_of(actor_ids: Iterable[str], actors: pd.DataFrame) -> dict[str, Paint]:
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


def hatched(color: str) -> str:
    """Return the colour of the lines of a hatch on land of a colour."""
    return mix(color, INK, HATCH)


def tint(color: str) -> str:
    """Return the light form of a colour, for land that is claimed but not core."""
    return mix(color, "#FFFFFF", PALER)


def mix(color: str, other: str, share: float) -> str:
    """Return the colour with a share of another mixed in."""
    blend = ((1 - share) * a + share * b for a, b in zip(_rgb(color), _rgb(other), strict=True))
    return "#" + "".join(f"{round(255 * c):02X}" for c in blend)


def _rgb(color: str) -> tuple[float, ...]:
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
