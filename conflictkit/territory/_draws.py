"""Seeded draws of everything that the table does not know exactly: dates, positions, the list of places, the radius.

Each draw moves every date within its precision, every point within its own, leaves a fifth of the places out and
takes another core radius; a band is as wide as the middle nine tenths of the areas drawn, around the figure.
Draws are counted on a grid, which differs from the exact polygons by at most 0.3 % for areas above 5,000 km2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.actors import UNKNOWN
from conflictkit.dates import first_day, last_day
from conflictkit.grid import NearBy, nearest_site
from conflictkit.territory._areas import with_total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from conflictkit.territory._history import History

    Floats = NDArray[np.float64]

LEFT_OUT = 0.2  # share of the places that each draw leaves out
RADIUS_KM = (26.0, 32.0)  # range of the core radius that fits the published totals about equally well
PERCENTILES = (5, 95)

CAUSES = ("dates", "positions", "places", "radius")


@dataclass(frozen=True, eq=False)
class Ground:
    """What a draw is counted on: grid points, and what is fixed about them.

    Attributes
    ----------
    points
        (N, 2) centres of the squares, in metres.
    country
        (N,) number of the country.
    settlement_km
        (N,) distance to the nearest settlement.
    km2
        (N,) area of each square, scaled so that each country has its exact area.
    """

    points: Floats
    country: NDArray[np.intp]
    settlement_km: Floats
    km2: Floats


@dataclass(frozen=True, eq=False)
class Windows:
    """The earliest and latest day of each change, such that no place's own changes can swap.

    Attributes
    ----------
    recorded, first, last
        (R,) days since 1970, of rows sorted by place and date.
    start
        (P + 1,) the rows of place p are ``start[p]`` to ``start[p + 1]``.
    place
        (R,) number of the place.
    holder, before
        (R,) number of the holder that each row brings, and of the one that it ends.
    """

    recorded: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    start: NDArray[np.intp]
    place: NDArray[np.intp]
    holder: NDArray[np.int16]
    before: NDArray[np.int16]


def band(figure: Floats, drawn: Floats, most: Floats | float) -> tuple[Floats, Floats]:
    """Return the low and the high end of a band around a figure: as wide as nine draws in ten, and even to both sides.

    Draws say how far a figure can be off, not in which direction: a draw lacks a fifth of the places, as the list may
    lack a fifth of those there are. Fewer places give whoever stands alone more land, so that draws lie to one side of
    the figure, and the figure of a fuller list most often to the other. docs/figures.md has how often bands cover it.

    Parameters
    ----------
    figure
        What the table gives.
    drawn
        The same in each draw, along the first axis.
    most
        What the figure can be at most; the least is 0.

    Returns
    -------
    low, high
        In the shape of the figure, which is never outside.
    """
    first, last = np.percentile(drawn, PERCENTILES, axis=0)
    half = (last - first) / 2
    roof = np.maximum(most, figure)  # sums of the same cells differ by a rounding
    return np.clip(figure - half, 0, roof), np.clip(figure + half, 0, roof)


def epoch(days: pd.DatetimeIndex | pd.Series) -> NDArray[np.int64]:
    """Return days as the draws count them, since 1970."""
    return np.asarray(days.to_numpy().astype("datetime64[D]").astype(np.int64))


def windows(history: History) -> Windows:
    """Return the window of each change: its day, its month or its year, cut where a neighbouring change limits it.

    Parameters
    ----------
    history
        The states of the places.

    Returns
    -------
    Windows
        A window starts no earlier than those before it and ends no later than those after it, and contains the
        recorded day.
    """
    place = pd.Index(history.place_ids).get_indexer(pd.Index(history.table["place_id"]))
    order = np.lexsort((history.table["valid_from"].to_numpy(), place))
    rows, place = history.table.iloc[order], place[order]
    start = np.searchsorted(place, np.arange(len(history.place_ids) + 1))
    first, last = (epoch(end(rows["valid_from"], rows["date_prec"])) for end in (first_day, last_day))
    first = pd.Series(first).groupby(place).cummax().to_numpy()
    last = pd.Series(last[::-1]).groupby(place[::-1]).cummin().to_numpy()[::-1]
    holder = pd.Index(history.actor_ids).get_indexer(pd.Index(rows["to_actor"])).astype(np.int16)
    before = np.append(np.int16(history.actor_ids.index(UNKNOWN)), holder[:-1])
    before[start[:-1]] = history.actor_ids.index(UNKNOWN)
    recorded = epoch(rows["valid_from"])
    return Windows(recorded, first, last, start, place, holder, before)


def drawn_days(rng: np.random.Generator, spans: Windows) -> NDArray[np.int64]:
    """Return the (R,) day of each change, drawn from its window.

    Parameters
    ----------
    rng
        Source of the draw.
    spans
        The windows of the changes.

    Returns
    -------
    numpy.ndarray
        Days since 1970, ascending within a place.

    Notes
    -----
    The days drawn for a place go to its changes in ascending order. As no window starts or ends before an earlier one,
    each stays in its own window; and of two changes in one month neither is favoured.
    """
    drawn = rng.integers(spans.first, spans.last + 1)
    return np.asarray(drawn[np.lexsort((drawn, spans.place))])


def holders_on(changed: NDArray[np.int64], spans: Windows, days: NDArray[np.int64], unknown: int) -> NDArray[np.int16]:
    """Return (T, P) the holder of each place on each day: after the k-th of its changes, the holder of its k-th row."""
    done = np.cumsum(changed[:, np.newaxis] <= days, axis=0)
    done = np.vstack([np.zeros(len(days), dtype=done.dtype), done])
    passed: NDArray[np.intp] = done[spans.start[1:]] - done[spans.start[:-1]]
    row = spans.start[:-1, np.newaxis] + passed - 1
    return np.where(passed > 0, spans.holder[np.maximum(row, 0)], unknown).T.astype(np.int16)


@dataclass(frozen=True, eq=False)
class Simulation:
    """Everything that the draws of one territory share."""

    ground: Ground
    spans: Windows
    sites: Floats
    position_km: Floats
    n_countries: int
    n_actors: int
    unknown: int
    radius_km: float

    def worlds(
        self, *, draws: int, seed: int, causes: Iterable[str] = CAUSES, level: str = "core"
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield when each change happened, and how large each cell was, in each draw.

        Parameters
        ----------
        draws
            How many.
        seed
            Same seed, same draws; draw k is the same whatever the number of draws.
        causes
            What varies: some of ``CAUSES``. The rest stays as the table has it.
        level
            ``core`` or ``claimed``.

        Yields
        ------
        changed, cells
            (R,) days since 1970 and (P, C) km2.
        """
        vary = frozenset(causes)
        owner = self._owner_as_recorded
        for draw in range(draws):
            rng = np.random.default_rng((seed, draw))
            changed = drawn_days(rng, self.spans) if "dates" in vary else self.spans.recorded
            if vary & {"positions", "places"}:
                owner = self._owner(rng, vary)
            radius = rng.uniform(*RADIUS_KM) if "radius" in vary else self.radius_km
            near = self.ground.settlement_km <= radius if level == "core" else np.ones(len(owner), dtype=bool)
            cell = owner[near] * self.n_countries + self.ground.country[near]
            cells = np.bincount(cell, self.ground.km2[near], len(self.sites) * self.n_countries)
            yield changed, np.asarray(cells, dtype=float).reshape(len(self.sites), self.n_countries)

    @cached_property
    def _near_by(self) -> NearBy:
        """The places nearest to each point as recorded: almost always the deciding one of a draw is among them."""
        return NearBy.of(self.sites, self.ground.points)

    @cached_property
    def _owner_as_recorded(self) -> NDArray[np.intp]:
        """The deciding place of each point where nothing is drawn."""
        return nearest_site(self.sites, self.ground.points)[0]

    def holders(self, changed: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return (T, P) numbers of the holders in one draw; for a few days, as it grows with places times days."""
        return holders_on(changed, self.spans, days, self.unknown)

    def areas(self, changed: NDArray[np.int64], cells: Floats, days: NDArray[np.int64]) -> Floats:
        """Return (T, C + 1, A) km2 of one draw by ascending day, country (the last one all) and holder.

        Each change takes a cell from one holder and gives it to another from its day on: adding up what moved costs the
        number of changes, not that of places times days.
        """
        since, spans = np.searchsorted(days, changed), self.spans
        moved = np.zeros((len(days) + 1, self.n_countries, self.n_actors))  # the last entry: after the last day
        shape = moved.shape[0], moved.shape[2]
        for country in range(self.n_countries):
            land = cells[spans.place, country]
            for holder, sign in ((spans.holder, 1), (spans.before, -1)):
                flow = np.bincount(since * self.n_actors + holder, sign * land, shape[0] * shape[1])
                moved[:, country] += flow.reshape(shape)
        moved[0, :, self.unknown] += cells.sum(axis=0)
        held: Floats = moved[:-1].cumsum(axis=0).clip(min=0)  # of adding and taking away, a rounding below nothing
        return with_total(held)

    def _owner(self, rng: np.random.Generator, vary: frozenset[str]) -> NDArray[np.intp]:
        """Return the deciding place of each point, with some places moved and some left out."""
        moved = self.sites
        if "positions" in vary:
            moved = moved + rng.normal(size=moved.shape) * self.position_km[:, np.newaxis] * 1000
        kept = np.arange(len(moved))
        if "places" in vary:
            kept = np.sort(rng.choice(len(moved), size=round(len(moved) * (1 - LEFT_OUT)), replace=False))
        return self._near_by.nearest(self.sites, moved, kept)
