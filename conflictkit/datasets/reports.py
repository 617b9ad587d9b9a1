"""What was reported and published, and by whom. Each docstring is a data sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.schema import fresh

if TYPE_CHECKING:
    import pandas as pd


def load_deployments() -> pd.DataFrame:
    """Return the reported deployments of forces.

    **Format**: CSV, one row per force, place or country, and report.
    **Source**: 110 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq and Syria; valid_from 2014-06-12 to 2019-03-05.
    **Rows x columns**: 170 x 21.
    **Known gaps**: Most ends are unknown; half of the rows have no strength. Of 15 rows drawn and checked, 3 were
    wrong and are corrected; expect others. Measures must not be added to one another.
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
    return fresh("deployments")


def load_fighter_estimates() -> pd.DataFrame:
    """Return the published figures of fighters.

    **Format**: CSV, one row per figure and estimator.
    **Source**: 85 public pages, see ``source_id``.
    **Licence**: CC BY 4.0.
    **Coverage**: as_of 2011-12-31 to 2019-08-01; 126 figures of ISIS, 12 of all armed groups together.
    **Rows x columns**: 138 x 17.
    **Known gaps**: The same statement can appear in several copies: count an estimator once. Figures of 59,000
    to 200,000 are partisan or retrospective, and kept as claims.
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
    return fresh("fighter_estimates")


def load_area_estimates() -> pd.DataFrame:
    """Return the published figures of territory and people under control.

    **Format**: CSV, one row per figure and estimator.
    **Source**: 69 public pages, see ``source_id``; 51 rows were read in an excerpt only.
    **Licence**: CC BY 4.0.
    **Coverage**: Iraq, Syria and both; as_of 2014-06-30 to 2019-02-10.
    **Rows x columns**: 125 x 19.
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
    return fresh("area_estimates")


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
    return fresh("quantity_words")


def load_seed_claims() -> pd.DataFrame:
    """Return the checkable claims of the Reuters report of 3 November 2017.

    **Format**: CSV, one row per claim.
    **Source**: Reuters, 3 November 2017, https://www.trtworld.com/article/13097069.
    **Licence**: CC BY 4.0.
    **Coverage**: One report, all of its 51 checkable claims.
    **Rows x columns**: 51 x 12.
    **Known gaps**: Quotes are cut to the claim.
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

    Returns
    -------
    pandas.DataFrame
        A copy; ``attrs["table"]`` is the name of the table, ``attrs["rejected"]`` what was set aside (nothing).

    Examples
    --------
    >>> load_seed_claims().set_index("claim_id").loc["SC46", "unit"]
    'km'
    """
    return fresh("seed_claims")


def load_sources() -> pd.DataFrame:
    """Return the pages behind the tables, with who published them and how far to trust them.

    **Format**: CSV, one row per page.
    **Source**: The tables themselves.
    **Licence**: CC BY 4.0.
    **Coverage**: Every page that a table cites.
    **Rows x columns**: 742 x 9.
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
    return fresh("sources")
