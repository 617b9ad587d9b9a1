"""Control over time from dated polygons: the same questions as of places, asked of lines that somebody drew."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.dates import to_day, to_days
from conflictkit.geometry import M2_PER_KM2, WGS84, unproject
from conflictkit.grid import as_image
from conflictkit.territory import comparison, drawing_gaps
from conflictkit.territory.areas import ALL
from conflictkit.territory.chances import GRID_KM, entropy_bits
from conflictkit.territory.drawn import DrawnLand
from conflictkit.territory.edges import (
    BAND,
    BEYOND,
    EDGE_KM,
    SURE,
    edge_m,
    edge_probabilities,
    grid_around,
    moved_edges,
)
from conflictkit.territory.land import WAIT_S, Level

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DateLike, DatesLike

    Floats = NDArray[np.float64]
    Row = Any  # a row of ``itertuples``, whose type pandas does not say

BANDS = {"area_lo_km2": -BAND, "area_hi_km2": BAND, "area_certain_km2": -SURE, "area_possible_km2": SURE}
HOW = "the whole drawn line off by its stated error"  # what the band of a comparison is, for a caption


@dataclass(frozen=True, eq=False, repr=False)
class DatedPolygons(DrawnLand):
    """Control over land, as somebody drew it on some days; built by ``Territory.from_polygons``.

    A drawing holds until the next one. Land that two holders claim on one day is ``contested``. A drawing does not say
    what it rests on, so whatever is asked about its doubt takes ``edge_km``: the standard deviation of the drawn line,
    as the caller judges it.
    """

    def area(
        self,
        dates: DatesLike | None = None,
        *,
        level: Level = "claimed",
        bands: bool = False,
        edge_km: float = EDGE_KM,
    ) -> pd.DataFrame:
        """Return how much land each holder has, by date, with bands if asked.

        Parameters
        ----------
        dates
            One date or several; None for the day of every drawing.
        level
            ``claimed``, all that was drawn; or ``core``, the part of it near settlements: in Iraq and Syria only.
        bands
            Whether to add the uncertainty.
        edge_km
            Standard deviation of the drawn line.

        Returns
        -------
        pandas.DataFrame
            One row per date and holder: ``date``, ``scope`` (all), ``actor_id``, ``level``, ``area_km2``, ``share`` (of
            all land drawn on that day). Every holder of any day has a row at each date. With `bands`: ``area_lo_km2``
            and ``area_hi_km2`` (5th and 95th percentile, if the whole line is off in one direction), and
            ``area_certain_km2`` and ``area_possible_km2`` (land whose own chance is at least 0.9, or more than 0.1).
            They are missing for ``none``.

        Raises
        ------
        DateError, UnknownNameError
            If a date cannot be read or the level is unknown.
        TerritoryError
            If a date is before the first drawing, the error is no distance, or the core of land without a gazetteer is
            asked for.

        Notes
        -----
        Errors that differ along a line cancel out in part, so the band is the widest that `edge_km` can give. In Iraq
        and Syria the borders themselves are in no doubt.

        Examples
        --------
        >>> import conflictkit as ck
        >>> drawn = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01")
        >>> area = ck.Territory.from_polygons(drawn).area(bands=True, edge_km=2)
        >>> bool((area.area_lo_km2 < area.area_km2).all())
        True
        """
        days = self.dates if dates is None else to_days(dates)
        frame, error = self._area(days, level), edge_m(edge_km)
        if not bands:
            return frame
        numbers = [self.number_at(day) for day in days]
        wide = self._widths(set(numbers), error, level)
        blank = dict.fromkeys(BANDS, 0.0)
        missing = dict.fromkeys(BANDS, np.nan)
        by_day = dict(zip(days, numbers, strict=True))
        rows = [
            missing if actor == NONE else wide.get((by_day[day], actor), blank)
            for day, actor in zip(frame["date"], frame["actor_id"], strict=True)
        ]
        return frame.join(pd.DataFrame(rows, index=frame.index, columns=list(BANDS), dtype=float))

    def probability(self, date: DateLike, *, grid_km: float = GRID_KM, edge_km: float = EDGE_KM) -> gpd.GeoDataFrame:
        """Return how likely each holder is, square by square, given the error of the drawn line.

        Parameters
        ----------
        date
            Anything that ``pandas.to_datetime`` reads.
        grid_km
            Side of a square.
        edge_km
            Standard deviation of the drawn line: how far off it can be, as you judge it.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per square of the land drawn and of the strip around it, with the columns of the same question to
            places: ``row``, ``column``, ``country`` (of Iraq and Syria), ``actor_id`` (the likeliest holder, or
            ``none``), ``p_holder``, ``p_<actor>``, ``entropy_bits``, ``core`` (near a settlement of the gazetteer),
            ``evidence_place`` (missing: a drawing names none), ``evidence_km`` (distance to the edge of that
            holder's land), ``area_km2``, ``geometry`` (EPSG:4326). ``raster`` turns a column into an array.

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If it is before the first drawing, the error is no distance, or `grid_km` leaves no square or too many.

        Notes
        -----
        The chance that a normal error of the line leaves a point inside the land of a holder, by its distance to the
        edge; the chances of all holders and of nobody are scaled to sum to 1. It knows how far a line is, not why.

        Examples
        --------
        >>> import conflictkit as ck
        >>> drawn = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01")
        >>> squares = ck.Territory.from_polygons(drawn).probability("2014-01-01", grid_km=20)
        >>> bool(squares.p_holder.between(1 / 3, 1).all())
        True
        """
        state, error = self._state(to_day(date)), edge_m(edge_km)
        whole = shapely.union_all(list(state.values()))
        grid = grid_around(whole, spacing_km=grid_km, reach_m=BEYOND * error, ground=self._ground)
        holders, p, distance = edge_probabilities(state, grid.points, error, self._ground)
        best, half = p.argmax(axis=1), grid.spacing / 2
        x, y = grid.points.T
        country = pd.Series(pd.NA, index=range(len(p)), dtype="str")
        for code, land in self._countries.items():
            country[shapely.contains_xy(land, grid.points)] = code
        columns = {
            "row": grid.row,
            "column": grid.column,
            "country": country,
            "actor_id": pd.array(holders, dtype="str").take(best),
            "p_holder": p[np.arange(len(p)), best],
            **{f"p_{holder}": p[:, number] for number, holder in enumerate(holders)},
            "entropy_bits": entropy_bits(p),
            "core": shapely.contains_xy(self._near_towns, grid.points),
            "evidence_place": pd.Series(pd.NA, index=range(len(p)), dtype="str"),
            "evidence_km": distance / 1000,
            "area_km2": grid.spacing**2 / M2_PER_KM2,
        }
        boxes = shapely.box(x - half, y - half, x + half, y + half)
        return gpd.GeoDataFrame(columns, geometry=list(unproject(boxes, self.crs)), crs=WGS84)

    def raster(self, squares: gpd.GeoDataFrame, column: str) -> Floats:
        """Return a column of ``probability`` as a (rows, columns) image, north up, missing outside the land."""
        return as_image(*(squares[name].to_numpy() for name in ("row", "column", column)))

    def compare(self, published: pd.DataFrame, *, edge_km: float = EDGE_KM) -> pd.DataFrame:
        """Return published figures of one definition with those of the drawings beside them; Iraq and Syria only.

        Parameters
        ----------
        published
            Rows as ``load_area_estimates`` returns them, of one ``control_definition``.
        edge_km
            Standard deviation of the drawn line, behind ``model_lo`` and ``model_hi``.

        Returns
        -------
        pandas.DataFrame
            The rows that the drawings can answer, with the columns that the same question to places adds: ``level``,
            ``model_value``, ``model_lo``, ``model_hi``, ``error``, ``within``, ``publishers``, ``published_spread``.
            ``attrs["rejected"]`` has the other rows with the ``reason``.

        Raises
        ------
        TerritoryError
            If the rows mix core with claimed, or none of them states its definition, or a column is missing, or the
            error is no distance.

        Notes
        -----
        Figures of an actor count its parts too. A figure of a country that no drawing reaches into, or of a day before
        the first or after the last drawing, has no answer.
        """
        level, error = comparison.one_level(published), edge_m(edge_km)
        scope = tuple(code for code, km2 in self._drawn_in.items() if km2 > 0)
        holders = {holder for state in self.states for holder in state}
        known = {actor for actor in published["actor_id"].unique() if holders & set(self._members(actor))}
        rows, rejected = comparison.comparable(
            published, level, scope, actors=known, first=self.dates[0], last=self.dates[-1]
        )
        found = [self._figures(row, level, error) for row in rows.itertuples()]
        value, low, high = np.array(found, dtype=float).reshape(-1, 3).T
        compared = comparison.beside(rows, level, value, low, high)
        compared.attrs = {"table": "comparison", "rejected": rejected.to_dict("records"), "band": HOW}
        return compared

    def stale(self, date: DateLike | None = None, *, days: int | None = None) -> pd.DataFrame:
        """Return what the drawings cannot show: days without one, days that repeat the one before, contested land.

        Parameters
        ----------
        date
            Drawings up to this day; None for all.
        days
            A step from one drawing to the next is a gap if it is longer than this; None for the usual step.

        Returns
        -------
        pandas.DataFrame
            One row per finding, by kind and day, with the columns of the same question to places: ``kind``,
            ``place_id`` and ``other_place_id`` (missing), ``actor_id``, ``valid_from``, ``claimed_km2`` (what hangs on
            it), ``core_km2`` (missing), ``detail``. Kinds: ``missing_days``, with the land that moved meanwhile, on
            which day is not known; ``same_drawing``, a run of identical days, with the land that the next drawing
            moved, perhaps late; ``contested``, with the land.

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If it is before the first drawing.
        """
        last = self.dates[-1] if date is None else to_day(date)
        self.number_at(last)
        dates = self.dates[self.dates <= last]
        numbers = self.state_of[: len(dates)]
        step = drawing_gaps.usual_step(self.dates) if days is None else days
        return drawing_gaps.gathered(
            chain(
                drawing_gaps.missing_days(dates, numbers, self.states, step),
                drawing_gaps.same_drawings(dates, numbers, self.states),
                drawing_gaps.contested_land(dates, numbers, self.states),
            )
        )

    def _moved(self, land: BaseGeometry, metres: Sequence[float], level: Level) -> list[BaseGeometry]:
        """Return land at a level with its edge moved; where the core ends is in no doubt."""
        found = moved_edges(land, metres, self._ground)
        return found if level == "claimed" else [shapely.intersection(moved, self._near_towns) for moved in found]

    def _widths(self, numbers: set[int], error: float, level: Level) -> dict[tuple[int, str], dict[str, float]]:
        """Return the band columns of each holder in some drawings, behind a bar if it takes long."""
        from tqdm.auto import tqdm

        lands = [(number, holder, land) for number in sorted(numbers) for holder, land in self.states[number].items()]
        metres = [by * error for by in BANDS.values()]
        return {
            (number, holder): {
                name: moved.area / M2_PER_KM2
                for name, moved in zip(BANDS, self._moved(land, metres, level), strict=True)
            }
            for number, holder, land in tqdm(lands, desc="edges", delay=WAIT_S, leave=False)
        }

    def _figures(self, row: Row, level: Level, error: float) -> tuple[float, float, float]:
        """Return what a published row asks, and its value with the edge of the land of its day moved in and out."""
        code = comparison.SCOPES[row.scope]
        country = shapely.union_all(list(self._countries.values())) if code == ALL else self._countries[code]
        now, base = self._land_of(row.actor_id, row.as_of), None
        if row.metric in comparison.SINCE:
            (base,) = self._moved(self._land_of(row.actor_id, row.baseline_date), [0.0], level)
            base = shapely.intersection(base, country)
        lands = shapely.intersection(self._moved(now, [0.0, -BAND * error, BAND * error], level), country)
        values = [comparison.figure_of_land(row.metric, land, base, country.area) for land in lands]
        return values[0], min(values), max(values)

    def _land_of(self, actor_id: str, date: DateLike) -> BaseGeometry:
        """Return the land of an actor and of its parts on a day."""
        state = self._state(to_day(date))
        return shapely.union_all([state[part] for part in self._members(actor_id) if part in state])

    def _members(self, actor_id: str) -> list[str]:
        return comparison.with_parts(actor_id, self.actors)
