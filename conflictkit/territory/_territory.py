"""``Territory``: control over land as analysts ask for it, whether it rests on places or on drawings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from conflictkit.actors import CONTESTED, NONE, UNKNOWN
from conflictkit.dates import iso, to_day, to_days
from conflictkit.errors import TerritoryError, known, need
from conflictkit.geometry import WGS84, clip, unproject
from conflictkit.outlines import mended
from conflictkit.schema import typed
from conflictkit.tables import Tables, subject_of, tables_with
from conflictkit.territory import _areas, _comparison, _inputs
from conflictkit.territory._areas import ALL
from conflictkit.territory._chances import GRID_KM
from conflictkit.territory._drawings import Drawings
from conflictkit.territory._land import BANDS, CORE_RADIUS_KM, DRAWS, MOVED, How, Level, Rule, refuse_drawings
from conflictkit.territory._places import Places
from conflictkit.territory._residents import vintage_of
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyproj
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.grid import Grid
    from conflictkit.territory._land import Floats, Land, Numbers


@dataclass(frozen=True, eq=False, repr=False)
class Territory:
    """Control over land: who held what on a day, how much that was, and how sure one can be.

    Build it with ``Territory.from_places`` from dated changes of control at places, or with ``Territory.from_polygons``
    from what somebody drew. Each is asked the same questions and answers in the same columns; what drawings cannot
    answer raises ``TerritoryError``, which names what to ask instead.

    Land has two levels: ``claimed``, which is all of it, and ``core``, the part near settlements. What is built is
    kept, so that dates are cheap.
    """

    _land: Land

    @classmethod
    def from_places(
        cls,
        changes: pd.DataFrame | None = None,
        places: pd.DataFrame | None = None,
        *,
        tables: Tables | None = None,
        scope: Sequence[str] | None = None,
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
            Frames as ``load_control_changes`` and ``load_places`` return them. The holder at the start is a row of
            event ``initial``. Frames given alone are a short form of ``tables.replace(...)``.
        tables
            The tables that belong together; ``Tables.shipped()`` by default. The territory keeps them, and whatever
            takes the territory uses them.
        scope
            Codes of the countries to count; None for all of the borders. It narrows the land, not the evidence: places
            beyond a border still bound the cells inside it.
        core_radius_km
            Land within this distance of a settlement is ``core``: 0 makes none, infinity all that is claimed.
        min_confidence
            Leave out rows weaker than this: ``confirmed``, ``area-wide``, ``inferred`` or ``unconfirmed``. The chain
            of holders is joined again, and ``left_out`` lists the rows.
        settlements
            The gazetteer that the core is measured from, as ``load_settlements`` returns it. Not the places themselves:
            every outpost that someone adds would widen the core.
        borders
            GeoDataFrame with ``country`` and polygons, in any CRS, as ``load_borders()`` returns it.
        actors
            Who can hold a place, with names, colours and parents, as ``load_actors`` returns them: to add your own,
            ``pd.concat([load_actors(), mine])``.

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
        Each point of land has the holder of its nearest place. One Voronoi partition of the places in a Lambert
        azimuthal equal-area projection centred on the scope, clipped to the borders; exact polygons, no grid. Before a
        place's first row its holder is ``unknown``; a change dated D counts from D on. A country of the scope in which
        no place lies is ``unknown`` as a whole, not its neighbours': ``stale`` lists it. Areas depend on which places
        are listed far more than on dates: with 150 places a total moves by 5 to 10 % when others are listed, with 60
        by 25 %.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places()
        Territory: IQ, SY; 1,152 places, 3,430 rows from 2014-01-01 to 2019-12-23; core within 29 km of a settlement
        """
        own = tables_with(
            tables, control_changes=changes, places=places, settlements=settlements, borders=borders, actors=actors
        )
        return cls(Places.of(own, scope=scope, core_radius_km=core_radius_km, min_confidence=min_confidence))

    @classmethod
    def from_polygons(
        cls,
        frame: gpd.GeoDataFrame,
        *,
        tables: Tables | None = None,
        actors: pd.DataFrame | None = None,
        borders: gpd.GeoDataFrame | None = None,
        drawn_by: str | None = None,
    ) -> Territory:
        """Build control over time from dated polygons: what somebody drew on some days.

        Parameters
        ----------
        frame
            One row per date and holder, as ``read_control_polygons`` returns it: ``date``, ``actor_id``, ``geometry``
            (polygons, in any CRS). Several rows of one date and holder are united.
        tables
            The tables whose borders, settlements and residents the land is measured with, and whose actors hold it;
            ``Tables.shipped()`` by default.
        actors
            Frame as ``load_actors`` returns it, a short form of ``tables.replace(actors=...)``.
        borders
            Countries as ``load_borders`` returns them (``country``, better with ``name``), a short form of
            ``tables.replace(borders=...)``: the background of maps, and what shares are of.
        drawn_by
            Who drew them, for captions: ``"DeepStateMap"``.

        Returns
        -------
        Territory
            A drawing holds until the next one; land that two holders claim on one day is ``contested``. A drawing does
            not say what it rests on: how sure one can be follows from the error of its line that you state
            (``edge_km``). Core and people are known in the countries of the tables only.

        Raises
        ------
        TableError
            With every problem of the frame: no GeoDataFrame, a column or the coordinate system is missing, no row; a
            row without a date or a holder; a geometry that is missing, empty, no polygon, not finite, outside
            longitude and latitude, or wider than half the globe. Degrees declared as metres.

        Notes
        -----
        Invalid rings are mended: what they enclose is held. A part of an overlap that is smaller than one hectare or
        narrower than 10 m on average is what two drawings of one line leave between them, as their coordinates have
        some four decimals: it is not contested but goes to the first of the two by name.

        Examples
        --------
        >>> import conflictkit as ck
        >>> drawn = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01")
        >>> area = ck.Territory.from_polygons(drawn).area().query("scope == 'all'")
        >>> area.round({"area_km2": -1})[["actor_id", "area_km2"]].values.tolist()
        [['IQ', 437370.0], ['SY', 185940.0]]
        """
        return cls(Drawings.of(frame, tables_with(tables, actors=actors, borders=borders), drawn_by))

    def __repr__(self) -> str:
        """Say what was built, in one line."""
        return repr(self._land)

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

        Raises
        ------
        UnknownNameError
            If the level is unknown.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places().definition("core")
        'Core: the claimed land within 29 km of one of 477 settlements.'
        """
        known("level", level, get_args(Level))
        return self._land.definition(level)

    def at(self, date: DateLike, *, level: Level = "claimed") -> gpd.GeoDataFrame:
        """Return the land of each holder at the end of a day, as polygons.

        Parameters
        ----------
        date
            A day: ISO text, text such as ``3 Nov 2017``, ``date``, ``datetime64``, ``Timestamp``.
        level
            ``claimed``, all land, or ``core``, the part of it near settlements.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per holder with land in the scope, the largest first: ``actor_id``, ``area_km2`` (on the ellipsoid),
            ``places_held`` (places of the scope; missing for drawings, which have none), ``geometry`` (valid polygons
            that do not overlap, EPSG:4326). At level ``core`` the holder of the rest of the land is ``none``.

        Raises
        ------
        DateError, UnknownNameError
            If the date cannot be read or the level is unknown.
        TerritoryError
            Of drawings: if the date is before the first of them, or the core of land without a gazetteer is asked for.

        Examples
        --------
        >>> import conflictkit as ck
        >>> held = ck.Territory.from_places().at("2014-09-01")
        >>> held[["actor_id", "places_held"]].head(2)
           actor_id  places_held
        0  iraq_gov          100
        1      isis          667
        """
        known("level", level, get_args(Level))
        state = self._state(self.day(date))
        km2, names = self._land.held_km2(np.array([state]), level)
        shapes, total = self._land.shapes(state, level), km2[0, -1]
        shown = [number for number in np.argsort(-total, kind="stable") if names[number] in shapes]
        order = [names[number] for number in shown]
        held = self._land.places_held(state)
        drawn = unproject(np.array([shapes[name] for name in order], dtype=object), self.crs)
        return gpd.GeoDataFrame(
            {
                "actor_id": pd.array(order, dtype=TEXT),
                "area_km2": total[shown],
                "places_held": pd.array([pd.NA] * len(order), dtype="Int64")
                if held is None
                else [held.get(name, 0) for name in order],
            },
            geometry=list(mended(drawn)),  # in degrees an edge that touches another can cross it
            crs=WGS84,
        )

    def area(
        self,
        dates: DatesLike | None = None,
        *,
        level: Level = "claimed",
        bands: bool = False,
        draws: int = DRAWS,
        seed: int = 0,
        edge_km: float | None = None,
    ) -> pd.DataFrame:
        """Return how much land each actor held, by date and country, with bands if asked.

        Parameters
        ----------
        dates
            One date or several. None for every date on which something changes.
        level
            ``claimed`` or ``core``.
        bands
            Whether to add the uncertainty.
        draws, seed
            Number and seed of the draws behind the bands of places; drawings need none.
        edge_km
            Of drawings only: standard deviation of the drawn line, as you judge it; 5 km by default.

        Returns
        -------
        pandas.DataFrame
            One row per date, scope and actor, in ascending dates without repeats: ``date``, ``scope`` (each country's
            code, and ``all``), ``actor_id``, ``level``, ``area_km2``, ``share`` (of the scope's land). Every actor that
            ever holds land of the scope has a row at each date, with 0 where it holds none. At level ``core`` the rest
            of the land is the actor ``none``, so that both levels sum to the scope. With `bands`: ``area_lo_km2`` and
            ``area_hi_km2`` (a 90 % band, the figure in it), ``area_certain_km2`` (where the actor's probability is at
            least 0.9) and ``area_possible_km2`` (more than 0.1). Certain and possible are missing for ``none``; of
            drawings all four are.

        Raises
        ------
        DateError, UnknownNameError
            If a date cannot be read or the level is unknown.
        TerritoryError
            If there is to be no draw, or the error of a line is no distance or asked of places. Of drawings: if a date
            is before the first of them, or the core of land without a gazetteer is asked for.

        Notes
        -----
        Of places, areas are sums of exact cell areas: without bands no geometry is touched, and a daily series of six
        years takes milliseconds. The draws move dates within their precision, points within theirs, leave a fifth of
        the places out and take a core radius of 26 to 32 km. A band is as wide as the middle nine tenths of the draws
        and has the figure in its middle, as far as there is land. Where a fifth of the places is not known, it covers
        what all of them would give nine times in ten (docs/figures.md); a row that is wrong is wrong in every draw. The
        definition, core or claimed, matters more than all causes together: see ``causes``.

        Of drawings, the scopes are the countries of the tables that they reach into; ``all`` is all that was drawn. The
        share of ``all`` is that of these countries together, or of the land drawn that day where more than a twentieth
        of it lies outside of them. The band is that of a whole line off in one direction: errors that differ along it
        cancel out in part, so it is the widest that `edge_km` can give. The borders of the countries themselves are in
        no doubt.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> area = Territory.from_places().area("2015-01-05", level="core", bands=True, draws=20)
        >>> isis = area[(area.actor_id == "isis") & (area.scope == "all")].iloc[0]
        >>> bool(isis.area_certain_km2 < isis.area_km2 < isis.area_possible_km2)
        True
        """
        known("level", level, get_args(Level))
        _inputs.only_of_drawings(edge_km, drawn=not self.has_places)
        days = self.dates if dates is None else self.days(dates)
        km2, names = self._land.held_km2(self._land.states(days), level)
        named = self._land.whole_km2()[:, np.newaxis]
        whole = np.where(np.isnan(named), km2.sum(axis=-1, keepdims=True), named)
        share = np.divide(km2, whole, out=np.full_like(km2, np.nan), where=whole > 0)
        columns = {"area_km2": km2, "share": share}
        if bands:
            columns |= self._bands(days, level, names, How(draws, seed, edge_km))
        return _areas.long_frame(days, (*self.scope, ALL), names, level=level, **columns)

    def people(self, dates: DatesLike | None = None) -> pd.DataFrame:
        """Return how many people lived before the war on the land of each holder.

        Parameters
        ----------
        dates
            One date or several; None for every date on which something changes.

        Returns
        -------
        pandas.DataFrame
            One row per date, scope and actor: ``date``, ``scope``, ``actor_id``, ``people_prewar`` (towns first, the
            rest over the countryside), ``people_prewar_lo`` and ``people_prewar_hi`` (the smaller and the larger of
            the two rules of spreading), ``share`` (of the scope's people; of drawings, of those on the land drawn).

        Raises
        ------
        DateError
            If a date cannot be read.
        TableError
            If the tables do not say how many people lived there.
        TerritoryError
            Of drawings: if a date is before the first of them, or nobody is known to have lived on any land drawn.

        Notes
        -----
        Residents of 2010 on land held later: never comparable with a figure after people fled, such as RAND's for
        2017. The range shows what the rule of spreading does, not what the census does. The radius of the core plays
        no part: people live near settlements in either rule.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> people = Territory.from_places().people("2014-09-01")
        >>> isis = people[(people.actor_id == "isis") & (people.scope == "all")].iloc[0]
        >>> bool(5e6 < isis.people_prewar_lo <= isis.people_prewar_hi < 12e6)
        True
        """
        days = self.dates if dates is None else self.days(dates)
        states = self._land.states(days)
        counts = [self._land.people(states, rule) for rule in get_args(Rule)]
        listed = counts[0].any(axis=(0, 1)) | counts[1].any(axis=(0, 1))
        shown = [count[..., listed] for count in counts]
        whole = counts[0].sum(axis=-1, keepdims=True)
        frame = _areas.long_frame(
            days,
            (*self.scope, ALL),
            np.array(self.actor_ids)[listed].tolist(),
            level="claimed",
            people_prewar=shown[0],
            people_prewar_lo=np.minimum(*shown),
            people_prewar_hi=np.maximum(*shown),
            share=np.divide(shown[0], whole, out=np.full_like(shown[0], np.nan), where=whole > 0),
        )
        found = frame.drop(columns="level")
        found.attrs = {"table": "people", "vintage": vintage_of(self.tables)}
        return found

    def changes(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return the changes of control between two dates, with the land and the people that each one moved.

        Parameters
        ----------
        start, end
            Two days; changes after ``start`` up to and including ``end``.

        Returns
        -------
        pandas.DataFrame
            One row per place and change, by date and place; of drawings, per drawing and pair of holders:
            ``valid_from``, ``place_id`` (missing for drawings), ``from_actor``, ``to_actor`` (``none`` where nobody is
            drawn), ``claimed_km2``, ``core_km2`` (of places, the cell within the scope), ``people_prewar`` (pre-war
            residents of that land); the last two are missing where the tables know neither settlements nor residents.
            Initial rows are no changes, and land that two drawings differ in by less than 0.01 km2 is not listed. Added
            to the figures at ``start``, they give those at ``end``.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If ``start`` is after ``end``, or before the first drawing.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> moved = Territory.from_places().changes("2017-11-02", "2017-11-03")
        >>> moved[["place_id", "from_actor", "to_actor"]].loc[1].tolist()
        ['al-qaim', 'isis', 'iraq_gov']
        """
        first, last = self.day(start), self.day(end)
        if first > last:
            msg = f"start ({iso(first)}) is after end ({iso(last)}). Swap them."
            raise TerritoryError(msg)
        return self._land.changes(first, last)

    def transitions(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return who held what of whom: land by its holder on one date and on another.

        Parameters
        ----------
        start, end
            Two days, in any order.

        Returns
        -------
        pandas.DataFrame
            One row per pair of holders with land between them, the largest first: ``from_actor``, ``to_actor`` (the
            same where land was kept), ``places`` (missing for drawings), ``claimed_km2``, ``core_km2``,
            ``people_prewar``. Of places, the rows sum to the scope; of drawings, ``none`` is land that nobody is drawn
            on.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the first drawing.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> taken = Territory.from_places().transitions("2014-01-01", "2014-09-01")
        >>> taken.claimed_km2.sum().round(-3).item()
        623000.0
        """
        found = self._land.transitions(*(self._state(self.day(day)) for day in (start, end)))
        columns = ["from_actor", "to_actor", "places", *(name for name in MOVED if name.endswith(("km2", "prewar")))]
        return found.sort_values(["claimed_km2", "from_actor"], ascending=[False, True], ignore_index=True)[columns]

    def loss_since(
        self, baseline: DateLike, dates: DatesLike | None = None, *, level: Level | None = None
    ) -> pd.DataFrame:
        """Return how much of the land that each actor held on one date it no longer holds.

        Parameters
        ----------
        baseline
            The date of the footprint.
        dates
            One date or several, from the baseline on. None for the baseline and every later date of a change.
        level
            ``claimed`` or ``core``. Left out, it is ``core`` in this release, with a warning, and ``claimed`` in the
            next; of drawings it is ``claimed`` already.

        Returns
        -------
        pandas.DataFrame
            One row per date, scope and actor with land there at the baseline: ``date``, ``scope``, ``actor_id``,
            ``level``, ``baseline_km2``, ``lost_km2``, ``lost_share`` (0 to 1). Land that is contested now counts as
            lost; land contested or unknown at the baseline was nobody's.

        Raises
        ------
        DateError, UnknownNameError
            If a date cannot be read or the level is unknown.
        TerritoryError
            If a date is before the baseline, or before the first drawing.

        Notes
        -----
        The sense of the Coalition's percentages: later gains elsewhere count as neither, so this is not the difference
        of two areas. Land lost and taken back is not lost.

        Examples
        --------
        >>> import conflictkit as ck
        >>> loss = ck.Territory.from_places().loss_since("2014-08-01", "2017-01-01", level="core")
        >>> loss.loc[loss.actor_id == "isis", ["scope", "lost_share"]].round(2)
           scope  lost_share
        1     IQ        0.49
        6     SY        0.36
        13   all        0.42
        """
        start = self.day(baseline)
        shown = _level("loss_since", level) if self.has_places else _known_level(level or "claimed")
        days = self.days([start, *self.dates[self.dates > start]] if dates is None else dates)
        if len(days) and days[0] < start:
            msg = f"{iso(days[0])} is before the baseline {iso(start)}. Ask for dates from the baseline on."
            raise TerritoryError(msg)
        base, lost = self._land.lost_km2(self._state(start), self._land.states(days), shown)
        frame = _areas.long_frame(
            days, (*self.scope, ALL), self.actor_ids, level=shown, baseline_km2=base, lost_km2=lost
        )
        held = (frame["baseline_km2"] > 0) & ~frame["actor_id"].isin([CONTESTED, UNKNOWN, NONE])
        found = frame[held].reset_index(drop=True)
        return found.assign(lost_share=found["lost_km2"] / found["baseline_km2"])

    def probability(
        self, date: DateLike, *, grid_km: float = GRID_KM, edge_km: float | None = None
    ) -> gpd.GeoDataFrame:
        """Return how likely each holder is, square by square.

        Parameters
        ----------
        date
            A day.
        grid_km
            Side of a square.
        edge_km
            Of drawings only: standard deviation of the drawn line, as you judge it; 5 km by default.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per square of land (of drawings, of the land drawn and of the strip around it): ``row``, ``column``
            (position in the raster, row 0 in the north), ``country``, ``actor_id`` (the likeliest holder, of drawings
            perhaps ``none``), ``p_holder`` (its probability), ``p_<actor>`` for each holder of that day,
            ``entropy_bits`` (0 is certain), ``core``, ``evidence_place`` and ``evidence_km`` (the nearest place and its
            distance; of drawings missing, and the distance to the edge of that holder's land), ``area_km2``,
            ``geometry`` (EPSG:4326). ``conflictkit.territory.raster`` turns a column into an image.

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If `grid_km` leaves no square or too many, the error of a line is no distance or asked of places, or the
            date is before the first drawing.

        Notes
        -----
        Of places: discrete natural neighbour (Sibson 1981; Park et al. 2006, doi 10.1109/TVCG.2006.27), the share of
        the area that a place at the centre would take from the cells of each holder. It knows how places lie, not how
        good their rows are. Of drawings: the chance that a normal error of the line leaves a point inside the land of a
        holder, by its distance to the edge; the chances of all holders and of nobody are scaled to sum to 1. It knows
        how far a line is, not why.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> squares = Territory.from_places().probability("2017-11-03", grid_km=10)
        >>> bool(squares.p_holder.between(0, 1).all()), squares.crs.to_epsg()
        (True, 4326)
        """
        _inputs.only_of_drawings(edge_km, drawn=not self.has_places)
        return self._land.probability(self.day(date), grid_km, How(edge_km=edge_km))

    def causes(
        self,
        dates: DatesLike,
        *,
        actor_id: str | None = None,
        level: Level | None = None,
        draws: int = DRAWS,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Return how much each cause of uncertainty moves one actor's area.

        Parameters
        ----------
        dates
            One date or several.
        actor_id
            Whose area; by default that of the actor whom the story of the tables is about.
        level
            ``claimed`` or ``core``. Left out, it is ``core`` in this release, with a warning, and ``claimed`` in the
            next.
        draws, seed
            Number and seed of the draws.

        Returns
        -------
        pandas.DataFrame
            One row per cause: ``cause``, ``low_percent``, ``high_percent`` (of the area in all of the scope, mean
            over the dates), ``meaning``. Drawn causes: dates, positions, places, radius, and all four; then what
            another choice gives: the method and the definition.

        Raises
        ------
        DateError, UnknownNameError
            If a date, the actor or the level is unknown, no actor is named and the tables tell nobody's story, or the
            actor holds nothing on one of the dates.
        TerritoryError
            If there is to be no draw, there is no date or no such land, or the land is drawn: what moves a drawing is
            its line alone, see ``area(bands=True, edge_km=...)``.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> Territory.from_places().causes("2015-12-14", level="core", draws=10).cause.tolist()
        ['dates', 'positions', 'places', 'radius', 'all four', 'method', 'definition']
        """
        land = self._of_places("causes", "What moves a drawing is its line alone: area(bands=True, edge_km=...).")
        days = self.days(dates)
        if days.empty:
            msg = "causes needs a date: give one or several."
            raise TerritoryError(msg)
        shown = _level("causes", level)
        whose = subject_of(land.tables, actor_id, land.actor_ids)
        return land.doubt.causes(days, whose, shown, How(draws, seed))

    def compare(
        self, published: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0, edge_km: float | None = None
    ) -> pd.DataFrame:
        """Return published figures of one definition with the model's own beside them.

        Parameters
        ----------
        published
            Rows as ``load_area_estimates`` returns them, of one ``control_definition``.
        draws, seed
            Number and seed of the draws behind the bands of places; drawings need none.
        edge_km
            Of drawings only: standard deviation of the drawn line, as you judge it; 5 km by default.

        Returns
        -------
        pandas.DataFrame
            The rows that the model can answer, with ``level``, ``model_value`` (in the unit of the row), ``model_lo``
            and ``model_hi`` (its band), ``error`` (relative, 0 inside a published range), ``within`` (whether figure
            and band meet), ``publishers`` and ``published_spread`` (of the same figure on the same date).
            ``attrs["rejected"]`` has the other rows with the ``reason``; of drawings ``attrs["band"]`` says what the
            band is.

        Raises
        ------
        TableError
            If there is no row, a column is missing, or a cell is not of its type.
        TerritoryError
            If the rows mix core with claimed, which differ 2 to 2.5 times, or none of them states its definition, or
            there is to be no draw, or the error of a line is no distance or asked of places.

        Notes
        -----
        Published figures of an actor count its parts too (rebels with Turkish-backed groups). A share of the peak
        lost is the Coalition's: land held at the baseline and not held now. Of a day before the first drawing or after
        the last one nothing is known.

        Examples
        --------
        >>> import conflictkit as ck
        >>> rows = ck.load_area_estimates().query("estimator == 'IHS Conflict Monitor' and metric == 'area_held'")
        >>> compared = ck.Territory.from_places().compare(rows, draws=10)
        >>> bool(compared.error.abs().max() < 0.15)
        True
        """
        _inputs.only_of_drawings(edge_km, drawn=not self.has_places)
        need(published, _comparison.COLUMNS, what="compare", like="load_area_estimates")
        published = typed(published, "area_estimates")
        level, parts = _comparison.one_level(published), self.tables.hierarchy.parts
        holding = {
            actor for actor in published["actor_id"].unique() if not set(self.actor_ids).isdisjoint(parts(actor))
        }
        last = self.covers[1] if self._land.last_known is None else self._land.last_known
        rows, rejected = _comparison.comparable(
            published,
            level,
            self.scope,
            blank=self._land.blank if isinstance(self._land, Places) else (),
            countries_of=self.tables.countries_of,
            actors=holding,
            first=pd.Timestamp(self.dates[0]),
            last=last,
        )
        value, low, high = self._land.published(rows, level, parts, How(draws, seed, edge_km))
        compared = _comparison.beside(rows, level, value, low, high)
        compared.attrs = {"table": "comparison", "rejected": rejected.to_dict("records")}
        if self._land.band:
            compared.attrs["band"] = self._land.band
        return compared

    def holders(self, date: DateLike) -> pd.DataFrame:
        """Return who held each place at the end of a day, and the row that says so.

        Parameters
        ----------
        date
            A day.

        Returns
        -------
        pandas.DataFrame
            One row per place, in alphabetical order: ``place_id``, ``actor_id``, ``control_status``, ``since`` (the
            date of the deciding row), ``source_id``. Before its first row a place is ``unknown``, since no date.

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If the land is drawn, and so has no places: see ``at``.

        Examples
        --------
        >>> import conflictkit as ck
        >>> held = ck.Territory.from_places().holders("2017-11-03")
        >>> held.loc[held.place_id == "al-qaim", ["place_id", "actor_id", "since"]]
            place_id  actor_id      since
        180  al-qaim  iraq_gov 2017-11-03
        """
        land = self._of_places("holders", "Ask at(date) for the land of each holder.")
        return land.holders(self.day(date))

    def stale(self, date: DateLike | None = None, *, days: int | None = None) -> pd.DataFrame:
        """Return what the areas cannot show: gaps and doubts in the evidence that an analyst should look at.

        Parameters
        ----------
        date
            The day to look back from. None for the last day of the table, or of the drawings.
        days
            A place whose last row is older than this has no recent evidence: 365 by default. A step from one drawing
            to the next that is longer than this is a gap: the usual step by default.

        Returns
        -------
        pandas.DataFrame
            One row per finding, by kind and place or day: ``kind``, ``place_id``, ``other_place_id``, ``actor_id``,
            ``valid_from``, ``claimed_km2`` and ``core_km2`` (what hangs on the finding: the cell of the place),
            ``detail``. Kinds of places: ``open_capture``, a capture by a non-state holder that no later row ends;
            ``no_evidence``, no row for longer than `days`; ``close_pair``, places within 3 km of each other;
            ``same_point``, places on one point, of which only the first has a cell; ``outside_borders``, a place
            outside its own country; ``no_coordinates``, a place with rows and no point; ``no_place``, a country of
            the scope in which no place with rows lies, whose land is unknown. Kinds of drawings:
            ``missing_days``, with the land that moved meanwhile, on which day is not known; ``same_drawing``, a run of
            identical days, with the land that the next drawing moved, perhaps late; ``contested``, with the land;
            ``odd_size``, land of a holder that is more than three times, or less than a third of, that in the drawings
            before and after, with the difference (of 1 % of all land drawn and more).

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If it is before the first drawing.

        Notes
        -----
        A finding is not an error. An open capture may be right to this day; but 19 of them among 162 places once raised
        a total by 21 to 39 %. Most places without recent evidence are quiet because nothing changed there.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places().stale(days=3000)["kind"].value_counts().to_dict()
        {'open_capture': 253, 'close_pair': 107, 'outside_borders': 4}
        """
        day = pd.Timestamp(self.dates[-1]) if date is None else self.day(date)
        return self._land.findings(day, days, self.actors)

    def without(self, rows: Iterable[tuple[str, DateLike]]) -> Territory:
        """Return the territory as it would be if some rows of its control changes were left out.

        Parameters
        ----------
        rows
            Pairs of ``place_id`` and ``valid_from``, the key of the table.

        Returns
        -------
        Territory
            The same cells; the holder before a row holds on without it. A place that loses all its rows has no cell,
            and its neighbours share it. ``left_out`` lists the rows.

        Raises
        ------
        TableError
            If there is no such row, with the days that the place has.
        TerritoryError
            If the land is drawn, a place that loses all its rows is asked for by governorate, or no row is left.

        Examples
        --------
        >>> import conflictkit as ck
        >>> without = ck.Territory.from_places().without([("raqqa", "2017-10-17")])
        >>> without.holders("2018-01-01").query("place_id == 'raqqa'")["actor_id"].item()
        'isis'
        """
        land = self._of_places("what rows a place has", "Leave polygons out of the frame instead.")
        return Territory(land.without(_inputs.numbered(land.history.table, rows)))

    def by_governorate(self) -> Territory:
        """Return the same land, counted in governorates.

        Returns
        -------
        Territory
            Its scopes are the governorates of the countries, in the order of the tables (``load_borders(level=1)``);
            cells, holders and definitions stay.

        Raises
        ------
        TerritoryError
            If the tables have no governorates of these countries.

        Notes
        -----
        Those of the shipped tables are Natural Earth's, some of which are not the official ones: see ``load_borders``.

        Examples
        --------
        >>> import conflictkit as ck
        >>> area = ck.Territory.from_places().by_governorate().area("2015-01-05")
        >>> area[(area.scope == "Nineveh") & (area.actor_id == "isis")].share.round(2).tolist()
        [0.75]
        """
        return self._by_governorate

    @property
    def tables(self) -> Tables:
        """The tables that it was built from: whatever takes the territory uses them."""
        return self._land.tables

    @property
    def actors(self) -> pd.DataFrame:
        """Who the holders are, as in the table of actors: names, colours, parents."""
        return self.tables.actors

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """All who ever hold land, in alphabetical order; of places ``unknown`` is the last."""
        return self._land.actor_ids

    @property
    def scope(self) -> tuple[str, ...]:
        """What areas are counted in: codes of countries, or names of governorates."""
        return self._land.scope

    @property
    def borders(self) -> NDArray[np.object_]:
        """The polygon of each of these, in degrees."""
        return self._land.borders

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the land, in degrees."""
        return self._land.extent

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The days on which something changes, or was drawn, in ascending order."""
        return self._land.dates

    @property
    def covers(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The first and the last day that it answers for: those of the tables; of drawings, from the first one on."""
        return self._land.covers

    @property
    def core_radius_km(self) -> float:
        """Land within this distance of a settlement is core."""
        return self._land.core_radius_km

    @property
    def settlements(self) -> pd.DataFrame:
        """The gazetteer that the core is measured from."""
        return self.tables.settlements.reset_index(drop=True)

    @property
    def has_places(self) -> bool:
        """Whether it rests on places: else on drawings, which have no holders of places, no cells and no rows."""
        return isinstance(self._land, Places)

    @property
    def drawn_by(self) -> str | None:
        """Who drew the land; None of places, and where nobody said."""
        return self._land.drawn_by if isinstance(self._land, Drawings) else None

    @property
    def places(self) -> pd.DataFrame:
        """The places that have a cell, as in the table of places; none of drawings."""
        return self._land.places if isinstance(self._land, Places) else self.tables.places.iloc[:0]

    @property
    def control_changes(self) -> pd.DataFrame:
        """The rows counted, as in the table of changes, by date and place; none of drawings."""
        return self._land.history.table if isinstance(self._land, Places) else self.tables.control_changes.iloc[:0]

    @property
    def left_out(self) -> pd.DataFrame:
        """The rows not counted, with the ``reason``."""
        if isinstance(self._land, Places):
            return self._land.left_out
        return self.tables.control_changes.iloc[:0].assign(reason=pd.Series(dtype=TEXT))

    @property
    def min_confidence(self) -> str | None:
        """The weakest level of confidence counted; None for all rows."""
        return self._land.min_confidence if isinstance(self._land, Places) else None

    @property
    def cells(self) -> gpd.GeoDataFrame:
        """The cell of each place in each country of the scope.

        One row per place and country, in alphabetical order: ``place_id``, ``country``, ``claimed_km2``, ``core_km2``,
        ``geometry`` (EPSG:4326). A country without a place is a row of its own at the end, without ``place_id``.
        Drawings have no cells and raise ``TerritoryError``.
        """
        found = self.pieces
        return found.set_geometry(list(unproject(found.geometry.to_numpy(), self.crs)), crs=WGS84)

    # What pictures, pages and forces need of it beyond the figures; all in metres of ``crs``.

    @property
    def crs(self) -> pyproj.CRS:
        """The projection of its geometry in metres: Lambert azimuthal equal-area, centred on the land."""
        return self._land.crs

    @property
    def pieces(self) -> gpd.GeoDataFrame:
        """The rows of ``cells`` with their geometry in metres of ``crs``."""
        land = self._of_places("cells", "Ask shapes(date) for the land of each holder.")
        parts = land.tessellation
        place, country = np.nonzero(parts.claimed_km2 > 0)
        blank = np.flatnonzero(parts.blank_claimed_km2 > 0)
        names = land.places["place_id"].take(place).tolist() + [None] * len(blank)
        rest = clip(parts.grounds[blank], np.array(parts.blank))
        return gpd.GeoDataFrame(
            {
                "place_id": pd.array(names, dtype=TEXT),
                "country": pd.array(self.scope, dtype=TEXT).take(np.append(country, blank)),
                "claimed_km2": np.append(parts.claimed_km2[place, country], parts.blank_claimed_km2[blank]),
                "core_km2": np.append(parts.core_km2[place, country], parts.blank_core_km2[blank])
                if len(self.settlements)
                else np.nan,
            },
            geometry=[*parts.pieces[place, country], *rest],
            crs=parts.crs,
        )

    @property
    def core(self) -> BaseGeometry:
        """All land of level core, whoever holds it, in metres of ``crs``."""
        return self._land.core

    def shapes(self, date: DateLike, *, level: Level = "claimed") -> dict[str, BaseGeometry]:
        """Return the land of each holder on a day, in metres: what ``at`` has in degrees.

        Parameters
        ----------
        date
            A day.
        level
            ``claimed`` or ``core``.

        Returns
        -------
        dict
            Polygon or multipolygon by ``actor_id``, in ``crs``; at level ``core`` that of the rest as ``none``.

        Raises
        ------
        DateError, UnknownNameError
            If the date cannot be read or the level is unknown.
        TerritoryError
            As ``at``.

        Examples
        --------
        >>> import conflictkit as ck
        >>> round(ck.Territory.from_places().shapes("2015-01-05")["isis"].area / 1e6, -3)
        214000.0
        """
        known("level", level, get_args(Level))
        return dict(self._land.shapes(self._state(self.day(date)), level))

    def flows(self, start: DateLike, end: DateLike) -> gpd.GeoDataFrame:
        """Return the land by its holder on two days: where that is of which ``transitions`` has the figures.

        Parameters
        ----------
        start, end
            Two days, in any order.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per pair of holders with land between them, the largest first: ``from_actor``, ``to_actor`` (the
            same where land was kept), ``claimed_km2``, ``geometry`` (in ``crs``). Of drawings, ``none`` is land that
            nobody is drawn on.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the first drawing.

        Examples
        --------
        >>> import conflictkit as ck
        >>> moved = ck.Territory.from_places().flows("2017-11-02", "2017-11-03")
        >>> moved.loc[moved.from_actor != moved.to_actor, ["from_actor", "to_actor"]].values.tolist()
        [['isis', 'iraq_gov'], ['isis', 'syria_gov']]
        """
        found = self._land.flows(*(self._state(self.day(day)) for day in (start, end)))
        return found.sort_values(["claimed_km2", "from_actor"], ascending=[False, True], ignore_index=True)

    def states(self, dates: DatesLike) -> Numbers:
        """Return the number of the state of each day: days of one number have the same holders.

        Parameters
        ----------
        dates
            One date or several.

        Returns
        -------
        numpy.ndarray
            (T,) in ascending order of days, without repeats. Of places, state 0 is before the first row, and state i
            begins on ``dates[i - 1]``; of drawings it is the number of a distinct drawing.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the first drawing.

        Examples
        --------
        >>> import conflictkit as ck
        >>> territory = ck.Territory.from_places()
        >>> state = territory.states("2017-11-03")[0]
        >>> territory.dates[state - 1]
        Timestamp('2017-11-03 00:00:00')
        """
        return self._land.states(self.days(dates))

    def holder_numbers(self, states: Numbers | int) -> NDArray[np.int16]:
        """Return the holder of each place in some states, for those who count through many.

        Parameters
        ----------
        states
            What ``states`` returned, or one number of it.

        Returns
        -------
        numpy.ndarray
            (T, P), or (P,) of one state: the number in ``actor_ids`` of the holder of each of ``places``. Land of a
            country without a place is of none of them: it is unknown.

        Raises
        ------
        TerritoryError
            If the land is drawn, and so has no places: see ``shapes``.

        Examples
        --------
        >>> import conflictkit as ck
        >>> territory = ck.Territory.from_places()
        >>> territory.holder_numbers(territory.states(["2014-09-01", "2017-11-03"])).shape
        (2, 1152)
        """
        land = self._of_places("the holders of places", "Ask shapes(date) for the land of each holder.")
        found: NDArray[np.int16] = land.history.holders[states]
        return found

    def weights(self, *, grid_km: float = GRID_KM) -> tuple[Grid, csr_array]:
        """Return how much each place has to say about each square of land: the probabilities of any date follow.

        Parameters
        ----------
        grid_km
            Side of a square.

        Returns
        -------
        grid, weights
            The N squares, and a sparse (N, P) array whose rows sum to 1: the natural-neighbour weight of each of
            ``places``. Rows of a country without a place are 0. It is kept: dates do not change it.

        Raises
        ------
        TerritoryError
            If the land is drawn, or `grid_km` leaves no square or too many.

        Examples
        --------
        >>> import conflictkit as ck
        >>> grid, weights = ck.Territory.from_places().weights(grid_km=10)
        >>> weights.shape[1], len(grid.points) == weights.shape[0]
        (1152, True)
        """
        squares = self._of_places("the weights of places", "Ask probability(date, edge_km=...).").doubt.squares(grid_km)
        return squares.grid, squares.weights

    def day(self, date: DateLike) -> pd.Timestamp:
        """Return a date as a day that the territory answers for.

        Parameters
        ----------
        date
            As in ``at``.

        Returns
        -------
        pandas.Timestamp
            Midnight of that day, without a time zone.

        Raises
        ------
        DateError
            If it cannot be read as one day, or lies outside ``covers``.
        TerritoryError
            If it is before the first drawing.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Territory.from_places().day("3 Nov 2017")
        Timestamp('2017-11-03 00:00:00')
        """
        return pd.Timestamp(self._land.answered(pd.DatetimeIndex([to_day(date)]))[0])

    def days(self, dates: DatesLike) -> pd.DatetimeIndex:
        """Return dates as distinct days, in ascending order, that the territory answers for.

        Parameters
        ----------
        dates
            One date or several.

        Returns
        -------
        pandas.DatetimeIndex
            Midnights, without a time zone.

        Raises
        ------
        DateError
            If one of them cannot be read as a day, or lies outside ``covers``.
        TerritoryError
            If one is before the first drawing.

        Examples
        --------
        >>> import conflictkit as ck
        >>> len(ck.Territory.from_places().days(["2017-11-03", "3 Nov 2017", "2014-06-10"]))
        2
        """
        return self._land.answered(to_days(dates))

    def _state(self, day: pd.Timestamp) -> int:
        return int(self._land.states(pd.DatetimeIndex([day]))[0])

    def _bands(self, days: pd.DatetimeIndex, level: Level, shown: Sequence[str], how: How) -> dict[str, Floats]:
        """Return the band columns of the holders shown, (T, C + 1, A)."""
        if days.empty:
            return dict.fromkeys(BANDS, np.zeros((0, len(self.scope) + 1, len(shown))))
        names, found = self._land.bands(days, level, how)
        order = [names.index(name) for name in shown]
        return {band: values[..., order] for band, values in found.items()}

    @cached_property
    def _by_governorate(self) -> Territory:
        regions = self.tables.governorates.to_crs(WGS84)
        regions = regions[regions["country"].isin(self.scope)]
        if regions.empty:
            msg = f"The tables have no governorates of {', '.join(self.scope) or 'this land'} (borders of level 1)."
            raise TerritoryError(msg)
        return Territory(self._land.by_regions(regions["admin1"].tolist(), regions.geometry.to_numpy()))

    def _of_places(self, what: str, instead: str) -> Places:
        """Return the land of places, or raise if this is one of drawings."""
        if not isinstance(self._land, Places):
            refuse_drawings(what, instead)
        return self._land


def _level(method: str, level: Level | None) -> Level:
    """Return the level asked for; the former default of a question whose default changes, with a warning."""
    if level is None:
        msg = (
            f"{method}() without a level counts core land now, and will count claimed land from the next release on. "
            f"Write {method}(..., level='core') or level='claimed'."
        )
        warnings.warn(msg, FutureWarning, stacklevel=3)
        return "core"
    return _known_level(level)


def _known_level(level: Level) -> Level:
    known("level", level, get_args(Level))
    return level
