"""Pre-war residents as points: official governorate totals, spread by a stated rule.

A population map of the war years does not exist: people fled. What can be said is how many people lived before the
war on land that somebody held later. The official totals of the governorates are kept; how they lie inside a
governorate is a rule, and two rules are offered so that a reader sees how much the rule does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from conflictkit import geometry
from conflictkit.errors import TableError, known
from conflictkit.grid import grid_on
from conflictkit.territory._land import CORE_RADIUS_KM, Rule

if TYPE_CHECKING:
    from conflictkit.tables import Tables


COUNTRY_GRID_M = 5_000.0  # side of a square of countryside, which is the land of the core


def governorate_residents(tables: Tables) -> pd.DataFrame:
    """Return the residents of each governorate before the war.

    Parameters
    ----------
    tables
        The tables whose ``population`` is read.

    Returns
    -------
    pandas.DataFrame
        One row per governorate: ``country``, ``admin1``, ``residents`` (persons).

    Raises
    ------
    TableError
        If there is no row, or the total of a country that states shares cannot be derived.

    Notes
    -----
    Of a country that states persons, these. Of one that states the shares of residents in percent, the shares times a
    total that is derived from the governorates with both a share and a number of residents. Iraq: the official
    projection for 2010. Syria: its yearbook gives registered persons, who are not residents, and the shares of 2004;
    the one governorate with residents of mid-2010 as well is Raqqa (910,000 people, 4.4 %), whose rounding makes the
    total good to about 1 %.

    Examples
    --------
    >>> import conflictkit as ck
    >>> people = governorate_residents(ck.Tables.shipped()).set_index("admin1").residents
    >>> round(people["Nineveh"]), round(people["Raqqa"])
    (3187945, 910000)
    """
    if tables.population.empty:
        msg = "governorate_population has no row: these tables do not say how many people lived anywhere."
        raise TableError(msg)
    by_country = tables.population.groupby("country", sort=False)
    return pd.concat([_of_country(str(code), rows) for code, rows in by_country], ignore_index=True)


def _of_country(code: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the residents of each governorate of one country: of several years of one count, the last."""
    by_year = rows.sort_values("year", kind="stable").drop_duplicates(["admin1", "unit", "definition"], keep="last")
    rows = by_year.sort_index()
    shares, persons = rows[rows["unit"] == "percent"], rows[rows["unit"] == "persons"]
    if shares.empty:
        # who is registered somewhere counts where nobody says who lives there; of two other counts, the one below
        registered = persons["definition"].str.startswith("registered")
        persons = persons[~registered | ~persons["admin1"].isin(persons["admin1"][~registered])]
        persons = persons.drop_duplicates("admin1", keep="last")
        return pd.DataFrame({"country": code, "admin1": persons["admin1"], "residents": persons["value"]})
    shares = shares.drop_duplicates("admin1", keep="last")
    persons = persons[persons["definition"].str.startswith("residents")].drop_duplicates("admin1", keep="last")
    share, residents = shares.set_index("admin1")["value"] / 100, persons.set_index("admin1")["value"]
    both = share.index.intersection(residents.index)
    if both.empty:
        msg = f"governorate_population: of {code} a governorate needs both its residents and its share; see the notes."
        raise TableError(msg)
    total = residents[both].sum() / share[both].sum()
    people = (share / share.sum() * total).to_numpy()
    return pd.DataFrame({"country": code, "admin1": share.index, "residents": people})


def vintage_of(tables: Tables) -> str:
    """Say of which year and which kind the residents of each country are."""
    rows = tables.population
    used = rows[(rows["unit"] == "percent") | ~rows["definition"].str.startswith("registered")]
    kinds = used.groupby("country", sort=False)["definition"].unique()
    return "; ".join(f"{tables.country_name(str(code))}: {', '.join(sorted(words))}" for code, words in kinds.items())


@lru_cache(maxsize=8)  # tables are frozen, and to spread the people of two countries takes a third of a second
def residents_of(tables: Tables, rule: Rule = "towns_and_country") -> pd.DataFrame:
    """Return points that stand for the pre-war residents of the countries of some tables. Not to be changed.

    Parameters
    ----------
    tables
        The tables whose ``population``, ``settlements`` and ``governorates`` are read.
    rule
        ``"towns_and_country"``: towns with a known population keep it (scaled down where they exceed the
        governorate's total), and the rest of the governorate is spread evenly over its land within 29 km of a
        settlement; without borders of governorates, in towns too. ``"towns"``: all of the governorate lives in its
        towns, in proportion to their known populations.

    Returns
    -------
    pandas.DataFrame
        One row per town or square of countryside: ``country``, ``admin1``, ``longitude``, ``latitude`` (degrees),
        ``residents`` (persons, not whole numbers), ``kind`` (town or country). Each governorate sums to its official
        total.

    Raises
    ------
    UnknownNameError
        If the rule is not one of the two.
    TableError
        If a governorate has no town of known population, and no land to spread its people over.

    Notes
    -----
    Feature code PPLX (a section of a town) is left out: those repeat their town's population. A population of
    GeoNames is the census that its editors had, of mixed years; unknown ones count as countryside. Natural Earth's
    Baghdad is the city alone and takes the governorate's total.

    Examples
    --------
    >>> import conflictkit as ck
    >>> points = residents_of(ck.Tables.shipped())
    >>> float(points.residents.sum().round(-6))
    53000000.0
    """
    known("rule", rule, get_args(Rule))
    totals, towns = governorate_residents(tables), _towns(tables.settlements)
    # without the borders of governorates there is no land to spread people over: they live in the towns
    spread_out = rule == "towns_and_country" and not tables.governorates.empty
    land = _countryside(tables) if spread_out else towns.iloc[:0].assign(kind="country")
    return _spread(totals, towns, land)


def _towns(gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the settlements of known population, without sections of towns."""
    known = gazetteer[gazetteer.population.gt(0) & gazetteer.feature_code.ne("PPLX")]
    columns = ["country", "admin1", "longitude", "latitude", "population"]
    return known[columns].assign(kind="town", population=known.population.astype(float))


def _countryside(tables: Tables) -> pd.DataFrame:
    """Return equal-area squares of land near settlements, with their governorate."""
    gazetteer, areas = tables.settlements, tables.governorates
    whole = areas.geometry.union_all()
    crs = geometry.local_crs(whole)
    (land,) = geometry.project_land(np.array([whole]), crs)
    grid = grid_on(land, spacing=COUNTRY_GRID_M)
    sites = geometry.project_points(gazetteer[["longitude", "latitude"]].to_numpy(dtype=float), crs)
    from scipy.spatial import KDTree

    distance, _ = KDTree(sites).query(grid.points)
    x, y = grid.points[distance <= CORE_RADIUS_KM * 1000].T
    near = gpd.GeoSeries.from_xy(x, y, crs=crs).to_crs(geometry.WGS84)
    squares = gpd.GeoDataFrame(geometry=near).sjoin(areas[["country", "admin1", "geometry"]], predicate="within")
    squares = squares[~squares.index.duplicated()].sort_index()
    return pd.DataFrame(
        {
            "country": squares.country,
            "admin1": squares.admin1,
            "longitude": squares.geometry.x,
            "latitude": squares.geometry.y,
            "kind": "country",
        }
    )


def _spread(totals: pd.DataFrame, towns: pd.DataFrame, land: pd.DataFrame) -> pd.DataFrame:
    """Return the residents of all governorates, one after the other: towns first, the rest over the countryside."""
    where, land = ["country", "admin1"], land.assign(population=1.0)
    of = totals.set_index(where)["residents"]
    told, squares = (
        frame.groupby(where)["population"].sum().reindex(of.index, fill_value=0) for frame in (towns, land)
    )
    nowhere = of[(told == 0) & (squares == 0)]
    if len(nowhere):
        (country, admin1), total = nowhere.index[0], nowhere.iloc[0]
        msg = f"settlements: no town of known population in {admin1} ({country}), where {total:,.0f} people lived."
        raise TableError(msg)
    # towns keep their number, scaled down where they exceed the total; they take all of it where there is no land
    in_towns = of.where(squares == 0, np.minimum(told, of))
    share, each = (in_towns / told.where(told > 0)).fillna(0.0), (of - in_towns) / squares.where(squares > 0)
    points = pd.concat([towns, land], ignore_index=True)
    at = of.index.get_indexer(pd.MultiIndex.from_frame(points[where]))
    each_of = np.where(points["kind"] == "town", share.to_numpy()[at], each.to_numpy()[at])
    points = points.assign(order=at, residents=points["population"] * each_of)
    living = points[(at >= 0) & (points["residents"] > 0)].sort_values("order", kind="stable", ignore_index=True)
    return living[[*where, "longitude", "latitude", "residents", "kind"]]
