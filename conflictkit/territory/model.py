"""``Territory``: the model that analysts build, from dated changes of control at places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import pandas as pd

from conflictkit.actors import UNKNOWN
from conflictkit.dates import to_day
from conflictkit.errors import TerritoryError
from conflictkit.errors import known as known_or_raise
from conflictkit.geometry import tessellate
from conflictkit.schema import CONFIDENCE
from conflictkit.territory import gaps, inputs
from conflictkit.territory.figures import LandFigures
from conflictkit.territory.history import History, keep_confident
from conflictkit.territory.land import CORE_RADIUS_KM, Level
from conflictkit.territory.polygons import DatedPolygons

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from conflictkit.dates import DateLike

QUIET_DAYS = 365  # a year: longer than any lull in the table's busy areas


@dataclass(frozen=True, eq=False, repr=False)
class Territory(LandFigures):
    """Control over land, from dated changes of control at places.

    Each point of land has the holder of its nearest place (level ``claimed``); the part within a radius of a settlement
    is level ``core``. Build it with ``Territory.from_places``; everything is computed once, so that dates are cheap.

    Attributes
    ----------
    min_confidence
        Weakest level of confidence counted; None for all rows.
    control_changes
        The rows counted, as in the table of changes, by date and place.
    left_out
        The rows not counted, with the ``reason``.
    borders
        Polygon of each country of the scope, in degrees.
    """

    min_confidence: str | None
    control_changes: pd.DataFrame
    left_out: pd.DataFrame
    borders: NDArray[np.object_]

    @classmethod
    def from_places(
        cls,
        changes: pd.DataFrame | None = None,
        places: pd.DataFrame | None = None,
        *,
        scope: Sequence[str] = ("IQ", "SY"),
        core_radius_km: float = CORE_RADIUS_KM,
        min_confidence: str | None = None,
        settlements: pd.DataFrame | None = None,
        borders: gpd.GeoDataFrame | None = None,
        actors: pd.DataFrame | None = None,
    ) -> Territory:
        """Build the model from a table of changes of control at places.

        Parameters
        ----------
        changes, places
            Frames as ``load_control_changes`` and ``load_places`` return them, which are the defaults. The holder at
            the start is a row of event ``initial``.
        scope
            Codes of the countries to count. It narrows the land, not the evidence: places beyond a border still bound
            the cells inside it.
        core_radius_km
            Land within this distance of a settlement is ``core``: 0 makes none, infinity all that is claimed.
        min_confidence
            Leave out rows weaker than this: ``confirmed``, ``area-wide``, ``inferred`` or ``unconfirmed``. The chain
            of holders is joined again, and ``left_out`` lists the rows.
        settlements
            The gazetteer that the core is measured from, as ``load_settlements`` returns it, which is the default. Not
            the places themselves: every outpost that someone adds would widen the core.
        borders
            GeoDataFrame with ``country`` and polygons, in any CRS; by default ``load_borders()``.
        actors
            Who can hold a place, with names, colours and parents, as ``load_actors`` returns them, which are the
            default: to add your own, ``pd.concat([load_actors(), mine])``.

        Returns
        -------
        Territory
            Cells and holders. Of places on one point, the first in alphabetical order of ``place_id`` has the cell.

        Raises
        ------
        TableError
            With every problem of a table that the caller brought.
        UnknownNameError
            If a country of the scope or the level of confidence is unknown.
        TerritoryError
            If the borders cannot be used, the radius is negative, no row is left, or no place of
            the scope keeps its first holder: such a table makes whoever took the places the holder of everything.

        Notes
        -----
        One Voronoi partition of the places in a Lambert azimuthal equal-area projection centred on the scope, clipped
        to the borders; exact polygons, no grid. Before a place's first row its holder is ``unknown``; a change dated D
        counts from D on. Areas depend on which places are listed far more than on dates: with 150 places a total moves
        by 5 to 10 % when others are listed, with 60 by 25 %.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places()
        Territory: IQ, SY; 483 places, 1,328 rows from 2014-01-01 to 2019-03-23; core within 29 km of a settlement
        """
        known = inputs.actors_of(actors)
        all_changes, all_places = inputs.control_tables(changes, places, known)
        gazetteer = inputs.gazetteer(settlements)
        lands = inputs.countries(borders, scope)
        if not core_radius_km >= 0:
            msg = f"core_radius_km must be 0 or more, not {core_radius_km!r}."
            raise TerritoryError(msg)
        rows, left_out = _counted(all_changes, all_places, min_confidence)
        cells_of = inputs.located(rows, all_places)
        inputs.background_or_raise(rows, cells_of, scope)
        history = History.from_table(rows, tuple(cells_of["place_id"]))
        tessellation = tessellate(
            cells_of[["longitude", "latitude"]].to_numpy(dtype=float),
            lands,
            gazetteer[["longitude", "latitude"]].to_numpy(dtype=float),
            core_radius_km=core_radius_km,
        )
        return cls(
            scope=tuple(scope),
            core_radius_km=float(core_radius_km),
            min_confidence=min_confidence,
            places=cells_of,
            control_changes=history.table,
            left_out=left_out,
            settlements=gazetteer.reset_index(drop=True),
            borders=lands,
            actors=known,
            history=history,
            tessellation=tessellation,
        )

    def __repr__(self) -> str:
        """Say what was built, in one line."""
        days = self.history.dates
        return (
            f"Territory: {', '.join(self.scope)}; {len(self.places):,} places, {len(self.control_changes):,} rows "
            f"from {days[0]:.10} to {days[-1]:.10}; core within {self.core_radius_km:g} km of a settlement"
        )

    def definition(self, level: Level) -> str:
        """Return in words what the land of a level is, for the caption of a figure.

        Parameters
        ----------
        level
            ``claimed`` or ``core``.

        Returns
        -------
        str
            One sentence.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places().definition("core")
        'Core: the claimed land within 29 km of one of 477 settlements.'
        """
        known_or_raise("level", level, get_args(Level))
        if level == "claimed":
            return f"Claimed: all land, each point with the holder of the nearest of {len(self.places):,} places."
        return (
            f"Core: the claimed land within {self.core_radius_km:g} km of one of {len(self.settlements):,} settlements."
        )

    def holders(self, date: DateLike) -> pd.DataFrame:
        """Return who held each place at the end of a day, and the row that says so.

        Parameters
        ----------
        date
            Anything that ``pandas.to_datetime`` reads.

        Returns
        -------
        pandas.DataFrame
            One row per place, in alphabetical order: ``place_id``, ``actor_id``, ``control_status``, ``since`` (the
            date of the deciding row), ``source_id``. Before its first row a place is ``unknown``, since no date.

        Raises
        ------
        DateError
            If the date cannot be read.

        Examples
        --------
        >>> import conflictkit as ck
        >>> held = ck.Territory.from_places().holders("2017-11-03")
        >>> held.loc[held.place_id == "al-qaim", ["place_id", "actor_id", "since"]]
           place_id  actor_id      since
        67  al-qaim  iraq_gov 2017-11-03
        """
        deciding = self.history.deciding[self.history.state(to_day(date))]
        columns = ["to_actor", "control_status", "valid_from", "source_id"]
        rows = self.control_changes[columns].reindex(deciding).reset_index(drop=True)
        rows = rows.rename(columns={"to_actor": "actor_id", "valid_from": "since"})
        rows[["actor_id", "control_status"]] = rows[["actor_id", "control_status"]].fillna(UNKNOWN)
        rows.insert(0, "place_id", self.places["place_id"])
        return rows

    def stale(self, date: DateLike | None = None, *, days: int = QUIET_DAYS) -> pd.DataFrame:
        """Return what the areas cannot show: gaps and doubts in the evidence that an analyst should look at.

        Parameters
        ----------
        date
            The day to look back from: anything that ``pandas.to_datetime`` reads. None for the last day of the table.
        days
            A place whose last row is older than this has no recent evidence.

        Returns
        -------
        pandas.DataFrame
            One row per finding, by kind and place: ``kind``, ``place_id``, ``other_place_id``, ``actor_id``,
            ``valid_from``, ``claimed_km2`` and ``core_km2`` (the cell of the place: what hangs on the finding),
            ``detail``. Kinds: ``open_capture``, a capture by a non-state holder that no later row ends;
            ``no_evidence``, no row for longer than `days`; ``close_pair``, places within 3 km of each other;
            ``same_point``, places on one point, of which only the first has a cell; ``outside_borders``, a place
            outside its own country; ``no_coordinates``, a place with rows and no point.

        Raises
        ------
        DateError
            If the date cannot be read.

        Notes
        -----
        A finding is not an error. An open capture may be right to this day; but 19 of them among 162 places once raised
        a total by 21 to 39 %. Most places without recent evidence are quiet because nothing changed there.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places().stale(days=3000)["kind"].value_counts().to_dict()
        {'open_capture': 99, 'close_pair': 39, 'outside_borders': 4}
        """
        day = pd.Timestamp(self.history.dates[-1]) if date is None else to_day(date)
        return gaps.gather(
            gaps.open_captures(self.control_changes, self.actors),
            gaps.quiet_places(self.holders(day), day, days),
            gaps.close_places(self.places, self.tessellation.sites),
            gaps.misplaced(self.places, self.scope, self.borders),
            gaps.pointless(self.left_out),
            km2=self._cell_km2(),
        )

    def _cell_km2(self) -> pd.DataFrame:
        """Return the land of each place's cell in the scope, by ``place_id``."""
        land = self.tessellation
        sums = {"claimed_km2": land.claimed_km2.sum(axis=1), "core_km2": land.core_km2.sum(axis=1)}
        return pd.DataFrame(sums, index=pd.Index(self.places["place_id"]))

    @staticmethod
    def from_polygons(frame: gpd.GeoDataFrame, *, actors: pd.DataFrame | None = None) -> DatedPolygons:
        """Return control over time from dated polygons, with the same questions as of places.

        Parameters
        ----------
        frame
            One row per date and holder, as ``read_control_polygons`` returns it: ``date``, ``actor_id``, ``geometry``.
        actors
            Frame as ``load_actors`` returns it, which is the default: whose parts count with whom.

        Returns
        -------
        DatedPolygons
            With ``at``, ``area``, ``people``, ``changes``, ``transitions``, ``loss_since``, ``probability``,
            ``compare`` and ``stale``. A drawing does not say what it rests on: how sure one can be follows from the
            error of its line that you state (``edge_km``). Core and people are known in Iraq and Syria only.

        Raises
        ------
        TerritoryError
            If a column or the coordinate system is missing, or the frame is empty.
        DateError
            If a date is missing or cannot be read.

        Examples
        --------
        >>> import conflictkit as ck
        >>> drawn = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01")
        >>> ck.Territory.from_polygons(drawn).area().round({"area_km2": -1})[["actor_id", "area_km2"]].values.tolist()
        [['IQ', 437370.0], ['SY', 185940.0]]
        """
        return DatedPolygons.from_frame(frame, actors)


def _counted(
    changes: pd.DataFrame, places: pd.DataFrame, min_confidence: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the rows into those the model counts and those it leaves out, with the reason."""
    pointless = places.loc[places["latitude"].isna() | places["longitude"].isna(), "place_id"]
    nowhere = changes["place_id"].isin(pointless)
    kept, weak = changes[~nowhere], changes.iloc[:0]
    if min_confidence is not None:
        known_or_raise("min_confidence", min_confidence, CONFIDENCE)
        kept, weak = keep_confident(kept, min_confidence)
    if kept.empty:
        msg = (
            f"No change of control is left to count: of {len(changes):,} rows, {nowhere.sum():,} are about places "
            f"without coordinates and {len(weak):,} are left out by min_confidence={min_confidence!r}."
        )
        raise TerritoryError(msg)
    reasons = [
        changes[nowhere].assign(reason=gaps.NO_COORDINATES),
        weak.assign(reason=f"confidence below {min_confidence}"),
    ]
    return kept, pd.concat(reasons, ignore_index=True)
