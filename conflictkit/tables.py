"""``Tables``: the tables that belong together, validated once and carried as one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import Hierarchy
from conflictkit.asof import known_by
from conflictkit.datasets import layers
from conflictkit.dates import EARLIEST, LATEST, in_words, iso, to_day, to_days
from conflictkit.errors import DateError, TableError, UnknownNameError, known, nearest, shown
from conflictkit.files import Dialect, path_of
from conflictkit.prose import listed
from conflictkit.schema import CONTRACTS, REJECTED, Beside, Lands, empty, shipped_lands, without_hanging
from conflictkit.schema.tables import LOOKED_UP, checked, frame_of, ids, read_folder, shipped, with_nobody
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike

    import geopandas as gpd

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.schema import Keys


# Attribute -> table where the two differ.
TABLE_OF = {"population": "governorate_population", "governorate_codes": "governorates"}
LAYERS = ("borders", "governorates", "layers")
# The scopes of figures: codes of countries, or words.
ALL, ELSEWHERE = "all", "elsewhere"
SCOPE_WORDS = {
    "global": f"{ALL};{ELSEWHERE}",
    "global_other": ELSEWHERE,
}
SCOPE_NAMES = {"place": "single places", "global": "the world", "global_other": "the rest of the world"}


@dataclass(frozen=True, eq=False, repr=False)
class Tables:
    """The tables that belong together: each typed and valid, the references between them whole.

    Get them with ``Tables.shipped()`` or ``Tables.read(folder)``, and change them with ``replace``. Frames are shared:
    copy one before you change it.

    Attributes
    ----------
    places, control_changes, actors, sources, deployments, fighter_estimates, area_estimates, settlements
        As the ``load_*`` function of the same name returns them. A table that was not there has its columns and no row.
    sides
        One row per side of the actors, in the order in which sides are listed: ``side``, ``name``.
    borders, governorates
        As ``load_borders(level=0)`` and ``load_borders(level=1)``.
    layers
        As ``load_basemap``.
    reports
        As ``load_reports``: rival reports of the changes of control.
    events
        As ``load_events``: single events, each with its page.
    governorate_codes
        As ``load_governorates``: codes of the governorates.
    population
        As ``load_governorate_population``.
    seed_claims, quantity_words
        As ``load_seed_claims`` and ``load_quantity_words``.
    covers
        First and last day that the tables answer for.
    story_actor
        The actor whose story they tell, by ``actor_id``; None if it is nobody's.
    rejected
        One row per row that was set aside or emptied because another table was replaced: ``table``, ``row_key``,
        ``reason``.
    """

    places: pd.DataFrame
    control_changes: pd.DataFrame
    actors: pd.DataFrame
    sides: pd.DataFrame
    sources: pd.DataFrame
    deployments: pd.DataFrame
    fighter_estimates: pd.DataFrame
    area_estimates: pd.DataFrame
    settlements: pd.DataFrame
    reports: pd.DataFrame
    events: pd.DataFrame
    governorate_codes: pd.DataFrame
    population: pd.DataFrame
    seed_claims: pd.DataFrame
    quantity_words: pd.DataFrame
    borders: gpd.GeoDataFrame
    governorates: gpd.GeoDataFrame
    layers: gpd.GeoDataFrame
    covers: tuple[pd.Timestamp, pd.Timestamp]
    story_actor: str | None
    rejected: pd.DataFrame

    @classmethod
    def shipped(cls) -> Tables:
        """Return the tables that come with the kit: the war against the Islamic State in Iraq and Syria, 2014-2019.

        Returns
        -------
        Tables
            The same object at every call.

        Raises
        ------
        TableError
            If a shipped table was edited and has a wrong cell.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Tables.shipped()
        Tables: 1,172 places, 3,430 control changes, 75 actors, 347 deployments, 414 estimates; 2014-01-01 to 2019-12-31
        """
        return _shipped()

    @classmethod
    def read(
        cls, folder: str | PathLike[str], *, sep: str = ",", decimal: str = ".", encoding: str = "utf-8"
    ) -> Tables:
        """Read tables of your own from a folder: what is there, and nothing of the shipped ones.

        Parameters
        ----------
        folder
            A CSV for each table, named after it (``places.csv``, ``control_changes.csv``, ...); ``borders_0.geojson``
            (countries), ``borders_1.geojson`` (their first level); ``neighbours``, ``lakes`` and ``rivers.geojson``.
            ``tables.csv`` has one row: ``covers_from``, ``covers_to``, ``story_actor_id``.
        sep, decimal, encoding
            How the CSVs are written, as in ``read_table``.

        Returns
        -------
        Tables
            Tables that are not there have no rows. Without ``tables.csv`` they cover the first control row to the end
            of the last row's year, and the story is nobody's.

        Raises
        ------
        TableError
            With every problem of every table: a cell that is wrong, or names a row that is not there.
        UnknownNameError
            If no CSV is written as you say.

        Notes
        -----
        Countries, governorates and the window in which points may lie are those of the borders; without borders, any.
        A column whose cells may be empty may be left out. ``none``, ``contested`` and ``unknown`` belong to the kit:
        they need no row among the actors. A deployment with a place and no ``host_country`` is in the place's country.

        Examples
        --------
        >>> import conflictkit as ck
        >>> from conflictkit.files import Dialect, data_folder, path_of
        >>> len(ck.Tables.read(data_folder()).places)
        1172
        """
        where = path_of(folder)
        borders, governorates = layers.read_borders(where, 0), layers.read_borders(where, 1)
        frames = read_folder(where, dialect=Dialect.of(sep, decimal, encoding), lands=Lands.of(borders, governorates))
        return _built(frames, borders, governorates, layers.read_basemap(where))

    def as_known_on(self, date: DateLike) -> Tables:
        """Return the tables with only what had been published by the end of a day.

        Parameters
        ----------
        date
            A day.

        Returns
        -------
        Tables
            Fewer rows, and what was not known yet in ``rejected``, with the reason. Rows of control changes,
            deployments, reports and events gain ``date_assumed``: true where no page has a date, so that the row counts
            as known from its own day.

        Raises
        ------
        DateError
            If the date cannot be read, or is not covered by the tables.

        Notes
        -----
        A control row is known from the earliest dated page on it, its own source or that of a rival report. Initial
        rows always count. Where a row is not known yet, the holder before it holds on. Figures without a day of
        publication, of their own or of their page, are left out. A page can be dated by its last edit, so that a row
        may have been known earlier than this says; nothing here tells what was known and not published.

        Examples
        --------
        >>> import conflictkit as ck
        >>> then = ck.Tables.shipped().as_known_on("2017-11-03")
        >>> then.fighter_estimates["published_date"].max()
        Timestamp('2017-11-03 00:00:00')
        """
        new, aside = known_by({name: getattr(self, name) for name in _NAMES}, self.day(date))
        rejected = pd.concat([self.rejected, aside], ignore_index=True)
        return replace(self, **new, rejected=rejected)  # type: ignore[arg-type] # tables by name

    def replace(
        self,
        *,
        covers: tuple[DateLike, DateLike] | None = None,
        story_actor: str | None = None,
        **frames: pd.DataFrame | None,
    ) -> Tables:
        """Return tables of which some are replaced by your own.

        Parameters
        ----------
        covers
            First and last day that the tables answer for. By default as before; where rows of new control changes lie
            outside, from the first of them to the end of the last one's year.
        story_actor
            The actor whose story is told, by ``actor_id``; by default as before, nobody if it is gone.
        **frames
            Table by attribute, such as ``actors=mine``; None leaves the table as it is.

        Returns
        -------
        Tables
            What was passed is typed and whole. Rows of the tables that were not passed, and name what is gone, are set
            aside and listed in ``rejected``: of the control changes all those of the place, since its chain is broken.
            In tables of places, actors, sources and official figures the cell is emptied instead, and listed.

        Raises
        ------
        TableError
            With every problem of the tables that were passed. Sources are looked up only if they are passed: one's own
            rows may cite one's own pages.
        UnknownNameError
            If there is no such table.
        DateError
            If ``covers`` is not two days in order.

        Examples
        --------
        >>> import conflictkit as ck
        >>> tables = ck.Tables.shipped()
        >>> fewer = tables.replace(places=tables.places[tables.places.place_id != "kobani"])
        >>> fewer.rejected.table.value_counts().to_dict()
        {'reports': 6, 'fighter_estimates': 4, 'control_changes': 3, 'deployments': 2}
        """
        own = self._not_its_own(frames)
        if not own and covers is None and story_actor is None:
            return self
        bounds: dict[str, Any] = {name: layers.own_layer(name, frame) for name, frame in own.items() if name in LAYERS}
        bounded = replace(self, **bounds)
        before = {table_of(name): getattr(self, name) for name in _NAMES}
        tables = [name for name in own if name in _NAMES]
        mine = {table_of(name): frame_of(own[name], table_of(name)).reset_index(drop=True) for name in tables}
        # borders narrow the land, not the evidence: a place beyond them still bounds the cells inside
        typed = _own_tables(mine, before, _lands_of(self).either(_lands_of(bounded)))
        if "actors" in typed:
            typed["actors"] = with_nobody(typed["actors"])
        changed, rejected = without_hanging(before, typed)
        new: dict[str, Any] = {attribute_of(table): frame for table, frame in {**typed, **changed}.items()}
        whole = replace(bounded, **new, rejected=pd.concat([self.rejected, rejected], ignore_index=True))
        return replace(
            whole,
            covers=_still_covers(whole, new_rows="control_changes" in typed) if covers is None else _in_order(covers),
            story_actor=_story_actor(whole, story_actor),
        )

    def day(self, date: DateLike) -> pd.Timestamp:
        """Return a date as a day that these tables answer for.

        Parameters
        ----------
        date
            ISO text, text with the month as a word (``3 Nov 2017``), a ``date``, ``datetime64``, ``Timestamp`` or a
            ``Period`` of one day.

        Returns
        -------
        pandas.Timestamp
            Midnight of that day, without a time zone.

        Raises
        ------
        DateError
            If it cannot be read as one day, or lies outside ``covers``: what the tables do not cover would be answered
            with the last thing they say.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Tables.shipped().day("3 Nov 2017")
        Timestamp('2017-11-03 00:00:00')
        >>> ck.Tables.shipped().day("2031-01-01")
        Traceback (most recent call last):
        ...
        conflictkit.errors.DateError: The tables answer for 1 January 2014 to 31 December 2019, not for 1 January 2031.
        For other days give tables that cover them: tables.replace(covers=(first, last)).
        """
        return self._covered_only(pd.DatetimeIndex([to_day(date)]))[0]

    def days(self, dates: DatesLike) -> pd.DatetimeIndex:
        """Return dates as distinct days, in ascending order, that these tables answer for.

        Parameters
        ----------
        dates
            One date, or a list, index or column of them, each as in ``day``.

        Returns
        -------
        pandas.DatetimeIndex
            Midnights, without a time zone.

        Raises
        ------
        DateError
            If one of them cannot be read as a day, or lies outside ``covers``.

        Examples
        --------
        >>> import conflictkit as ck
        >>> len(ck.Tables.shipped().days(["2017-11-03", "3 Nov 2017", "2014-06-10"]))
        2
        """
        return self._covered_only(to_days(dates))

    def _covered_only(self, days: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return days, or raise with those that the tables do not cover."""
        first, last = self.covers
        if len(outside := days[(days < first) | (days > last)]):
            msg = (
                f"The tables answer for {in_words(first)} to {in_words(last)}, not for "
                f"{listed(map(in_words, outside))}. For other days give tables that cover them: "
                "tables.replace(covers=(first, last))."
            )
            raise DateError(msg)
        return days

    def country_name(self, codes: str) -> str:
        """Return a country, or several, in words.

        Parameters
        ----------
        codes
            A code of the borders, or several joined with ``;``.

        Returns
        -------
        str
            The names; a code that the borders do not name as it is.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Tables.shipped().country_name("IQ;SY")
        'Iraq and Syria'
        """
        return " and ".join(self._country_names.get(code, code) for code in codes.split(";"))

    def countries_of(self, scope: str) -> frozenset[str]:
        """Return the codes of the countries that the scope of a figure means.

        Parameters
        ----------
        scope
            A code of the borders, several joined with ``;``, or ``all``; ``global`` and ``global_other`` hold
            ``elsewhere``, which stands for all other countries.

        Returns
        -------
        frozenset of str
            The codes; none if it is no scope of countries.

        Examples
        --------
        >>> import conflictkit as ck
        >>> sorted(ck.Tables.shipped().countries_of("all"))
        ['IQ', 'SY']
        """
        codes = frozenset(SCOPE_WORDS.get(scope, scope).split(";"))
        own = frozenset(self.borders["country"])
        codes = codes - {ALL} | own if ALL in codes else codes
        return codes if codes <= own | {ELSEWHERE} else frozenset()

    def scope_name(self, scope: str) -> str:
        """Return the scope of a figure in words.

        Parameters
        ----------
        scope
            As in the column ``scope`` of the estimates.

        Returns
        -------
        str
            The countries; the scope as it is written where it is none of countries.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Tables.shipped().scope_name("SY")
        'Syria'
        """
        if scope in SCOPE_NAMES:
            return SCOPE_NAMES[scope]
        codes = self.countries_of(scope)
        return (
            self.country_name(";".join(code for code in self.borders["country"] if code in codes)) if codes else scope
        )

    def side_name(self, side: str) -> str:
        """Return a side in words.

        Parameters
        ----------
        side
            As in the column ``side`` of the actors.

        Returns
        -------
        str
            Its name; where the table of sides does not name it, that of the actor which is its own side; else the id.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Tables.shipped().side_name("krg")
        'Kurdistan Region of Iraq'
        """
        own = self.actors.loc[self.actors["actor_id"] == side, "name"]
        return self._side_names.get(side, side if own.empty else str(own.iloc[0]))

    def ordered_sides(self, sides: Iterable[str]) -> list[str]:
        """Return sides in the order in which they are listed.

        Parameters
        ----------
        sides
            As in the column ``side`` of the actors.

        Returns
        -------
        list of str
            Without repeats: those of the table of sides in its order, then the others by name.

        Examples
        --------
        >>> import conflictkit as ck
        >>> ck.Tables.shipped().ordered_sides(["other", "mine", "isis", "isis"])
        ['isis', 'other', 'mine']
        """
        order = {side: place for place, side in enumerate(self._side_names)}
        return sorted(set(sides), key=lambda side: (order.get(side, len(order)), side))

    def _not_its_own(self, frames: Mapping[str, pd.DataFrame | None]) -> dict[str, pd.DataFrame]:
        """Return the frames that are no table of these already, or raise if there is no such table."""
        options = [*_NAMES, *LAYERS]
        for name in frames:
            if name not in options:
                msg = f"No table {shown(name)}. Tables: {', '.join(options)}.{nearest(name, options)}"
                raise UnknownNameError(msg)
        return {name: frame for name, frame in frames.items() if frame is not None and frame is not getattr(self, name)}

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Who is part of whom, and on which side."""
        return Hierarchy.of(self.actors)

    @cached_property
    def _country_names(self) -> Mapping[str, str]:
        named = self.borders.dropna(subset=["name"])
        return dict(zip(named["country"], named["name"], strict=True))

    @cached_property
    def _side_names(self) -> Mapping[str, str]:
        return dict(zip(self.sides["side"], self.sides["name"], strict=True))

    def __repr__(self) -> str:
        """Say what there is, in one line."""
        estimates = len(self.fighter_estimates) + len(self.area_estimates)
        return (
            f"Tables: {len(self.places):,} places, {len(self.control_changes):,} control changes, "
            f"{len(self.actors):,} actors, {len(self.deployments):,} deployments, {estimates:,} estimates; "
            f"{iso(self.covers[0])} to {iso(self.covers[1])}"
        )


def tables_with(tables: Tables | None, **own: pd.DataFrame | None) -> Tables:
    """Return tables, by default those that ship, with single frames in place of theirs."""
    whole = Tables.shipped() if tables is None else tables
    mine: dict[str, Any] = {name: frame for name, frame in own.items() if frame is not None}
    return whole.replace(**mine) if mine else whole


def subject_of(tables: Tables, actor_id: str | None, holders: Sequence[str]) -> str:
    """Return whom a question is about: the actor asked for, or that of the tables' story; it must be a holder."""
    whose = tables.story_actor if actor_id is None else actor_id
    if whose is None:
        msg = f"These tables tell nobody's story: say whose land, such as actor_id={holders[0]!r}."
        raise UnknownNameError(msg)
    known("actor_id", whose, holders)
    return whose


_NAMES = tuple(
    field.name for field in fields(Tables) if field.name not in {*LAYERS, "covers", "story_actor", "rejected"}
)


@cache
def _shipped() -> Tables:
    frames = {name: shipped(name) for name in CONTRACTS}
    return _built(frames, layers.shipped_borders(0), layers.shipped_borders(1), layers.shipped_basemap())


def _built(
    frames: Mapping[str, pd.DataFrame],
    borders: gpd.GeoDataFrame,
    governorates: gpd.GeoDataFrame,
    basemap: gpd.GeoDataFrame,
) -> Tables:
    """Return valid tables as one; those that are not there are empty."""
    found = {name: frames.get(table_of(name), _no_rows(table_of(name))) for name in _NAMES}
    found["actors"] = with_nobody(found["actors"])
    about = frames.get("tables", _no_rows("tables")).to_dict("records")
    return Tables(
        **found,
        borders=borders,
        governorates=governorates,
        layers=basemap,
        covers=(about[0]["covers_from"], about[0]["covers_to"]) if about else _covered(found),
        story_actor=about[0]["story_actor_id"] if about and pd.notna(about[0]["story_actor_id"]) else None,
        rejected=pd.DataFrame(columns=list(REJECTED), dtype=TEXT),
    )


def table_of(name: str) -> str:
    """Return the table of an attribute."""
    return TABLE_OF.get(name, name)


def attribute_of(table: str) -> str:
    """Return the attribute of a table."""
    return {table: name for name, table in TABLE_OF.items()}.get(table, table)


def _no_rows(table: str) -> pd.DataFrame:
    frame = empty(CONTRACTS[table])
    frame.attrs = {"table": table, "rejected": []}
    return frame


def _covered(frames: Mapping[str, pd.DataFrame]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first control row and the end of the last one's year; of other dated rows where there is none."""
    days = frames["control_changes"]["valid_from"]
    if days.empty:
        reports = (("deployments", "valid_from"), ("fighter_estimates", "as_of"), ("area_estimates", "as_of"))
        days = pd.concat([frames[name][column] for name, column in reports])
    if days.empty:
        return EARLIEST, LATEST
    return days.min(), pd.Timestamp(days.max().year, 12, 31).as_unit("us")


def _in_order(covers: Sequence[DateLike]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that a caller says tables answer for."""
    days = [to_day(day) for day in covers] if isinstance(covers, (tuple, list)) else []
    if len(days) != len(("first", "last")) or days[1] < days[0]:
        msg = f"covers={shown(covers)} must be the first and the last day, as in ('2014-01-01', '2019-12-31')."
        raise DateError(msg)
    return days[0], days[1]


def _still_covers(tables: Tables, *, new_rows: bool) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the days covered before, or those of new control changes where one lies outside."""
    first, last = tables.covers
    if new_rows and not tables.control_changes["valid_from"].between(first, last).all():
        return _covered({"control_changes": tables.control_changes})
    return first, last


def _story_actor(tables: Tables, wanted: str | None) -> str | None:
    """Return the actor asked for, or the one as before while it is there."""
    present = set(tables.actors["actor_id"])
    if wanted is not None:
        known("story_actor", wanted, present)
    return wanted or (tables.story_actor if tables.story_actor in present else None)


def _lands_of(tables: Tables) -> Lands:
    """Return what the borders of tables allow."""
    if tables.borders is layers.shipped_borders(0):
        return shipped_lands()
    return Lands.of(tables.borders, tables.governorates)


def _own_tables(
    own: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame], lands: Lands
) -> dict[str, pd.DataFrame]:
    """Return the caller's tables typed, checked against one another and against those that stay."""
    # sources that stay are not looked in: one's own rows may cite one's own pages
    looked_in = {
        name: own.get(name, tables[name])
        for name in ("places", "actors", "sources", "events")
        if name in {*own, *LOOKED_UP, "events"}
    }
    keys: dict[str, Keys] = {name: ids(frame, name) for name, frame in looked_in.items()}
    typed: dict[str, pd.DataFrame] = {}
    errors: list[TableError] = []
    # the rules of the others compare with these two
    for name in sorted(own, key=lambda name: (name != "places", name != "control_changes")):
        compared = {other: typed.get(other, tables[other]) for other in ("places", "control_changes")}
        beside = Beside(keys, compared, lands)
        try:
            typed[name] = checked(own[name], name, beside)
        except TableError as error:
            errors.append(error)
    if errors:
        raise TableError.of(errors)
    return typed
