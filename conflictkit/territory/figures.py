"""What analysts print beside a map: people on held land, who took what from whom, published figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd

from conflictkit.dates import to_day, to_days
from conflictkit.geometry import project_points
from conflictkit.grid import nearest_site
from conflictkit.residents import VINTAGE, Rule, spread_residents
from conflictkit.territory import areas, comparison
from conflictkit.territory.draws import CAUSES, PERCENTILES, epoch
from conflictkit.territory.uncertain import DRAWS, UncertainLand

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.territory.land import Level

    Floats = NDArray[np.float64]
    Row = Any  # a row of ``itertuples``, whose type pandas does not say


@dataclass(frozen=True, eq=False, repr=False)
class LandFigures(UncertainLand):
    """Land held, with the figures that are computed from it.

    Attributes
    ----------
    actors
        Who the holders are, as in the table of actors: names, colours, parents.
    """

    actors: pd.DataFrame

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
            the two rules of ``spread_residents``), ``share`` (of the scope's people).

        Raises
        ------
        DateError
            If a date cannot be read.

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
        days = pd.DatetimeIndex(self.history.dates) if dates is None else to_days(dates)
        holders = self.history.holders[self.history.state(days)]
        actors = self.history.actor_ids
        counts = [areas.with_total(areas.area_by_holder(holders, cells, len(actors))) for cells in self._residents]
        listed = counts[0].any(axis=(0, 1)) | counts[1].any(axis=(0, 1))
        whole = counts[0].sum(axis=-1, keepdims=True)
        shown = [count[..., listed] for count in counts]
        frame = areas.long_frame(
            days,
            [*self.scope, areas.ALL],
            list(np.array(actors)[listed]),
            level="claimed",
            people_prewar=shown[0],
            people_prewar_lo=np.minimum(*shown),
            people_prewar_hi=np.maximum(*shown),
            share=shown[0] / whole,
        )
        found = frame.drop(columns="level")
        found.attrs = {"table": "people", "vintage": VINTAGE}
        return found

    def changes(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return the changes of control between two dates, with the land and the people that each one moved.

        Parameters
        ----------
        start, end
            Anything that ``pandas.to_datetime`` reads; changes after ``start`` up to and including ``end``.

        Returns
        -------
        pandas.DataFrame
            One row per place and change, by date and place: ``valid_from``, ``place_id``, ``from_actor``,
            ``to_actor``, ``claimed_km2``, ``core_km2`` (the place's cell within the scope), ``people_prewar``
            (pre-war residents of the cell). Initial rows are no changes. Added to the figures at ``start``, they give
            those at ``end``.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If ``start`` is after ``end``.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> moved = Territory.from_places().changes("2017-11-02", "2017-11-03")
        >>> moved[["place_id", "from_actor", "to_actor"]].head(1).values.tolist()
        [['al-qaim', 'isis', 'iraq_gov']]
        """
        found = self._changes(start, end)
        cell = pd.Index(self.history.place_ids).get_indexer(pd.Index(found["place_id"]))
        return found.assign(people_prewar=self._residents[0].sum(axis=1)[cell])

    def transitions(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return who held what of whom: land by its holder on one date and on another.

        Parameters
        ----------
        start, end
            Anything that ``pandas.to_datetime`` reads.

        Returns
        -------
        pandas.DataFrame
            One row per pair of holders with land between them, the largest first: ``from_actor``, ``to_actor`` (the
            same where land was kept), ``places``, ``claimed_km2``, ``core_km2``, ``people_prewar``. The rows sum to
            the scope.

        Raises
        ------
        DateError
            If a date cannot be read.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> taken = Territory.from_places().transitions("2014-01-01", "2014-09-01")
        >>> taken.claimed_km2.sum().round(-3).item()
        623000.0
        """
        before, after = (self.history.holders[self.history.state(to_day(day))] for day in (start, end))
        actors = np.array(self.history.actor_ids)
        frame = pd.DataFrame(
            {
                "from_actor": pd.array(actors[before], dtype="str"),
                "to_actor": pd.array(actors[after], dtype="str"),
                "places": self._in_scope.astype(int),
                "claimed_km2": self.tessellation.claimed_km2.sum(axis=1),
                "core_km2": self.tessellation.core_km2.sum(axis=1),
                "people_prewar": self._residents[0].sum(axis=1),
            }
        )
        summed = frame.groupby(["from_actor", "to_actor"], as_index=False).sum()
        listed = summed[summed["claimed_km2"] > 0]
        return listed.sort_values(["claimed_km2", "from_actor"], ascending=[False, True], ignore_index=True)

    def compare(self, published: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """Return published figures of one definition with the model's own beside them.

        Parameters
        ----------
        published
            Rows as ``load_area_estimates`` returns them, of one ``control_definition``.
        draws, seed
            Number and seed of the draws behind the bands.

        Returns
        -------
        pandas.DataFrame
            The rows that the model can answer, with ``level``, ``model_value`` (in the unit of the row), ``model_lo``
            and ``model_hi`` (5th and 95th percentile of the draws), ``error`` (relative, 0 inside a published range),
            ``within`` (whether figure and band meet), ``publishers`` and ``published_spread`` (of the same figure on
            the same date). ``attrs["rejected"]`` has the other rows with the ``reason``.

        Raises
        ------
        TerritoryError
            If the rows mix core with claimed, which differ 2 to 2.5 times, or none of them states its definition, or a
            column is missing, or there is to be no draw.

        Notes
        -----
        Published figures of an actor count its parts too (rebels with Turkish-backed groups). A share of the peak
        lost is the Coalition's: land held at the baseline and not held now.

        Examples
        --------
        >>> import conflictkit as ck
        >>> rows = ck.load_area_estimates().query("estimator == 'IHS Conflict Monitor' and metric == 'area_held'")
        >>> compared = ck.Territory.from_places().compare(rows, draws=10)
        >>> bool(compared.error.abs().max() < 0.15)
        True
        """
        level = comparison.one_level(published)
        known = {actor for actor in published["actor_id"].unique() if self._members(actor)}
        first = pd.Timestamp(self.history.dates[0])
        rows, rejected = comparison.comparable(published, level, self.scope, actors=known, first=first)
        value, low, high = self._figures(rows, level, draws, seed)
        compared = comparison.beside(rows, level, value, low, high)
        compared.attrs = {"table": "comparison", "rejected": rejected.to_dict("records")}
        return compared

    def _figures(self, rows: pd.DataFrame, level: Level, count: int, seed: int) -> tuple[Floats, Floats, Floats]:
        """Return the model's figure for each published row, in its unit, with the band."""
        days = pd.DatetimeIndex(rows["as_of"]).union(pd.DatetimeIndex(rows["baseline_date"].dropna())).unique()
        ask = [self._question(row, days) for row in rows.itertuples()]

        def answers(holders: NDArray[np.int16], cells: Floats) -> list[float]:
            return [question(holders, cells) for question in ask]

        exact = answers(self.history.holders[self.history.state(days)], self._km2(level))
        holders, when = self._simulation.holders, epoch(days)
        worlds = self._worlds(level, count, seed, CAUSES)
        drawn = np.array([answers(holders(changed, when), cells) for changed, cells in worlds])
        low, high = np.percentile(drawn, PERCENTILES, axis=0)
        return np.array(exact), low, high

    def _question(self, row: Row, days: pd.DatetimeIndex) -> Callable[[NDArray[np.int16], Floats], float]:
        """Return what a published row asks of the holders on some days and the areas of their cells."""
        members = self._members(row.actor_id)
        now = days.get_loc(row.as_of)
        whole = areas.with_total(self.tessellation.claimed_km2.sum(axis=0)[np.newaxis, :, np.newaxis])[0, :, 0]
        scope = [*self.scope, areas.ALL].index(comparison.SCOPES[row.scope])
        countries = slice(None) if scope == len(self.scope) else slice(scope, scope + 1)

        def question(holders: NDArray[np.int16], cells: Floats) -> float:
            land = cells[:, countries].sum(axis=1)
            held = np.isin(holders[now], members)
            if row.metric == "area_held":
                return float(land[held].sum())
            if row.metric == "share_of_country_held":
                return float(land[held].sum() / whole[scope] * comparison.PERCENT)
            base = np.isin(holders[days.get_loc(row.baseline_date)], members)
            lost = land[base & ~held].sum()
            return float(
                lost if row.metric == "area_freed" else lost / max(land[base].sum(), 1e-9) * comparison.PERCENT
            )

        return question

    def _members(self, actor_id: str) -> list[int]:
        """Return the numbers of an actor and of its parts, as far as they hold a place."""
        parts = comparison.with_parts(actor_id, self.actors)
        return [self.history.actor_ids.index(part) for part in parts if part in self.history.actor_ids]

    @cached_property
    def _residents(self) -> tuple[Floats, Floats]:
        """Pre-war residents of each cell by country, (P, C), for the two rules of spreading."""
        first, second = (self._residents_by(rule) for rule in get_args(Rule))
        return first, second

    def _residents_by(self, rule: Rule) -> Floats:
        points = spread_residents(rule)
        points = points[points["country"].isin(self.scope)]
        where = project_points(points[["longitude", "latitude"]].to_numpy(dtype=float), self.tessellation.crs)
        cell = nearest_site(self.tessellation.sites, where)[0]
        country = pd.Index(self.scope).get_indexer(pd.Index(points["country"]))
        found = np.zeros((len(self.places), len(self.scope)))
        np.add.at(found, (cell, country), points["residents"].to_numpy())
        return found
