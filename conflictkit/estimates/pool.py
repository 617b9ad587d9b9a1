"""Several estimators' figures of one thing at one time, pooled so that each has one voice."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from conflictkit.errors import EstimateError, known
from conflictkit.estimates._figures import WINDOW_DAYS, days_apart, described, everybody, figures_of, text
from conflictkit.estimates._grades import reliability
from conflictkit.ranges import BOUNDS, UNKNOWN_RANGE, Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from conflictkit.tables import Tables

    Floats = NDArray[np.float64]

ENOUGH = 3  # voices: with two the spread between them is one number, and a band would be a guess
LEVEL = (0.05, 0.95)  # both bands, as those of the territory
Z = 1.6448536269514722  # of a normal distribution at 0.95
ROUNDED = 0.025  # a single figure is read as within 2.5 % of it: most are published to two digits
SPREAD_SCALE = 1.0  # of the half-normal prior on the spread, in log units: a factor of 2.7 between estimators

# The spread between estimators on the grid, in log units: from almost none to a factor of 150, closer where small.
_AT = (np.arange(100) + 0.5) / 100
SPREADS, SPREAD_STEPS = 5 * _AT**2, _AT
UNITS = np.linspace(-6, 6, 241)  # of the centre, in its standard deviations: all that a quantile at 5 % can feel

# A voice of a weaker source pulls less. F means "cannot be judged", so it gets the middle and not the least.
WEIGHTS = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.4, "E": 0.2, "F": 0.5}

Weights = Literal["equal", "reliability"]


class Log(NamedTuple):
    """Statements in log units: figures with their own width, and bounds; each with its weight."""

    middle: Floats
    width: Floats
    weight: Floats
    bound: Floats
    bound_weight: Floats
    sign: int = 0  # of the bounds: 1 at least, -1 at most


@dataclass(frozen=True, eq=False)
class Pool:
    """What several estimators say together, and how far they differ.

    Attributes
    ----------
    centre
        Where their common centre lies: ``best`` with its confidence band, which holds 90 %. Also as ``pool.low``,
        ``pool.best`` and ``pool.high``.
    next
        Where the next estimator's figure would fall: the prediction band around the same ``best``, which holds 90 %.
    enough
        Whether there are three voices that give a figure or a range. Otherwise both ranges say nothing.
    verdict
        In words: how many voices, or why there is no band.
    spread
        The factor between estimators: two thirds of them lie within the centre divided and multiplied by it.
    voices
        One row per voice and statement: ``voice``, ``low``, ``best``, ``high``, ``weight``, ``reliability``,
        ``speaker``, ``as_of``, ``date_prec``, ``estimate_id``, ``source_id``.
    influence
        One row per voice, the most influential first: ``without`` (the voice left out), ``best``, ``low``, ``high``
        of the pool of the others, ``change`` (their best over the best of all, less 1).
    """

    centre: Range = UNKNOWN_RANGE
    next: Range = UNKNOWN_RANGE
    enough: bool = False
    verdict: str = ""
    spread: float = nan
    voices: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    influence: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @property
    def low(self) -> float:
        """The lower end of the centre's band."""
        return self.centre.low

    @property
    def best(self) -> float:
        """The centre."""
        return self.centre.best

    @property
    def high(self) -> float:
        """The upper end of the centre's band."""
        return self.centre.high

    def __str__(self) -> str:
        """Return the band of the centre, or why there is none."""
        return str(self.centre) if self.enough else self.verdict


def pool_estimates(
    estimates: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    weights: Weights = "equal",
    window_days: int = WINDOW_DAYS,
) -> Pool:
    """Return the common centre of published figures of one thing, and how far the next one may be from it.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``: one quantity, actor and scope, of one time; those of the tables
        by default. Figures of a subset by origin are left out where others are there.
    tables
        The tables with the sources that the rows name; the shipped ones by default.
    weights
        ``"equal"``, or ``"reliability"``: a voice counts by the grade of its source (A 1, B 0.8, C 0.6, D 0.4, E 0.2,
        F 0.5). ``pool.voices`` shows the weights.
    window_days
        How far apart the dates may be, in days. Months and years count as near as they can be.

    Returns
    -------
    Pool
        Both bands as ranges, the voices and the influence of each.

    Raises
    ------
    TableError
        If there is no row, a column is missing, a cell is not of its type, or a row has no usable number.
    EstimateError
        If the rows are not of one thing at one time.
    UnknownNameError
        If ``weights`` is none of those allowed.

    Notes
    -----
    A voice is an estimator without what stands in brackets. The same numbers of one voice count once; its different
    statements share its weight. On the log scale a range is the central 90 % of what its estimator thinks, a single
    figure is known to 2.5 %; each voice's centre varies around the common one with a spread of its own, which has a
    half-normal prior of scale 1; the common centre has a flat one. Bands are percentiles of the posterior,
    computed on a grid without sampling (random-effects meta-analysis, Röver 2020, doi:10.18637/jss.v093.i06). A
    one-sided bound is a censored observation and works on its side only: "at least" can raise the low ends, "at most"
    can lower the high ends, and neither moves the centre. A bound beyond the centre contradicts the figures: the
    verdict counts those. Estimators copy each other and share sources: the
    confidence band is too narrow by what they share, which the rows do not tell.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, pool_estimates
    >>> estimates = load_fighter_estimates()
    >>> autumn = estimates[estimates["as_of"].between("2016-10-02", "2016-11-30")]
    >>> mosul = autumn.query("place_id == 'mosul' and quantity == 'fighters'")
    >>> pool = pool_estimates(mosul)
    >>> print(round(pool.low, -2), round(pool.best, -2), round(pool.high, -2))
    3900.0 5100.0 6400.0
    >>> pool_estimates(mosul.head(2)).verdict
    'too few: 2 voices give a figure or a range, 3 are needed for a band'
    """
    known("weights", weights, get_args(Weights))
    rows, tables = figures_of(estimates, tables, what="pool_estimates")
    figures = _one_thing(described(rows, tables), window_days)
    told = _voices(figures.assign(reliability=reliability(figures, tables)), weights)
    fit = _fit(told)
    # who gives a figure or a range, and who a bound only
    both = told["low"].notna() & told["high"].notna()
    count, bounded = told.loc[both, "voice"].nunique(), told["voice"].nunique() - told.loc[both, "voice"].nunique()
    unit, how = str(figures["thing"].iloc[0]), f"random effects on the log scale, {weights} weights"
    if fit is None:
        words = f"{count} voice{'s give' if count != 1 else ' gives'} a figure or a range"
        bound = f", {bounded} a bound only" if bounded else ""
        verdict = f"too few: {words}{bound}, {ENOUGH} are needed for a band"
        return Pool(Range(unit=unit), Range(unit=unit), verdict=verdict, voices=told)
    (low, high), (next_low, next_high) = fit.confidence, fit.prediction
    against = (told["high"].isna() & told["low"].gt(fit.centre)) | (told["low"].isna() & told["high"].lt(fit.centre))
    verdict = f"{count} voices" + (f" and {bounded} with a bound only" if bounded else "")
    verdict += (
        f"; {against.sum()} of {(~both).sum()} bounds {'lies' if against.sum() == 1 else 'lie'} beyond the centre"
        if against.any()
        else ""
    )
    return Pool(
        centre=Range(low, fit.centre, high, unit, how),
        next=Range(next_low, fit.centre, next_high, unit, how),
        enough=True,
        verdict=verdict,
        spread=fit.spread,
        voices=told,
        influence=_influence(told, fit.centre),
    )


def _one_thing(figures: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """Return the figures that count everybody, or raise if they are not about one thing at one time."""
    kept = everybody(figures)
    names = {"thing": "quantity", "actor_id": "actor_id", "scope": "scope", "place": "place_id", "of": "origin"}
    about = {what: sorted(set(kept[column])) for column, what in names.items()}
    mixed = [f"{what} ({', '.join(cells)})" for what, cells in about.items() if len(cells) > 1]
    if mixed:
        msg = f"Only figures of one thing can be pooled; these differ in {'; '.join(mixed)}. Choose one of each."
        raise EstimateError(msg)
    if (days := days_apart(kept)) > window_days:
        msg = f"These figures are up to {days} days apart: choose those of {window_days} days, or set window_days."
        raise EstimateError(msg)
    return kept


def _voices(figures: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Return the different statements of each voice, in an order of their own, with their weights."""
    told = figures.assign(
        low=figures["least"].mask(figures["least"].le(0)),  # none at the least says nothing on a log scale
        high=figures["most"],
        estimate_id=text(figures, "estimate_id"),
    )
    told = told[told[["low", "high"]].notna().any(axis=1) & ~told["high"].le(0)]
    ordered = told.sort_values(["voice", *BOUNDS, "reliability", "as_of", "estimate_id"], kind="stable")
    once = ordered.drop_duplicates(["voice", *BOUNDS]).reset_index(drop=True)
    # the figures of a voice share its weight, and so do its bounds
    kind = np.select([once[["low", "high"]].notna().all(axis=1), once["low"].notna()], ["both", "low"], "high")
    share = once.groupby(["voice", kind])["voice"].transform("size")
    weight = (once["reliability"].map(WEIGHTS) if weights == "reliability" else 1.0) / share
    columns = ["voice", *BOUNDS, "weight", "reliability", "speaker", "as_of", "date_prec", "estimate_id", "source_id"]
    return once.assign(weight=weight)[columns]


class Fit(NamedTuple):
    """The centre of a pool, the ends of both its bands, and the factor of the spread."""

    centre: float
    confidence: tuple[float, float]
    prediction: tuple[float, float]
    spread: float


def _fit(told: pd.DataFrame) -> Fit | None:
    """Return the fit of some voices; None if they are too few."""
    both = told[["low", "high"]].notna().all(axis=1)
    if told.loc[both, "voice"].nunique() < ENOUGH:
        return None
    figures = np.log(told.loc[both, ["low", "high"]].to_numpy(dtype=float))
    shift = figures.mean()  # everything below is relative to it: scaling the figures scales the result exactly
    least = told.loc[~both & told["low"].notna()]
    most = told.loc[~both & told["high"].notna()]
    base = Log(
        figures.mean(axis=1) - shift,
        np.maximum(np.diff(figures)[:, 0] / 2, ROUNDED) / Z,
        told.loc[both, "weight"].to_numpy(dtype=float),
        np.empty(0),
        np.empty(0),
    )
    plain = _quantiles(base)
    lower = _quantiles(_bounded(base, least, "low", shift)) if len(least) else plain
    upper = _quantiles(_bounded(base, most, "high", shift)) if len(most) else plain
    # a bound narrows its side, up to the centre, and widens nothing
    centre = plain.centre
    low_ends = [min(max(lower.band[i], plain.band[i]), centre) for i in (0, 2)]
    high_ends = [max(min(upper.band[i], plain.band[i]), centre) for i in (1, 3)]
    confidence, prediction = (
        (float(np.exp(low + shift)), float(np.exp(high + shift))) for low, high in zip(low_ends, high_ends, strict=True)
    )
    return Fit(float(np.exp(centre + shift)), confidence, prediction, float(np.exp(plain.spread)))


class Fitted(NamedTuple):
    """Quantiles in log units: the centre, the four ends of the bands, and the median spread."""

    centre: float
    band: tuple[float, float, float, float]
    spread: float


def _bounded(base: Log, rows: pd.DataFrame, side: str, shift: float) -> Log:
    bound = np.log(rows[side].to_numpy(dtype=float)) - shift
    sign = 1 if side == "low" else -1
    return base._replace(bound=bound, bound_weight=rows["weight"].to_numpy(dtype=float), sign=sign)


def _quantiles(told: Log) -> Fitted:
    """Return the quantiles of the centre and of the next figure, by the posterior on a grid of spread and centre."""
    from scipy.special import log_ndtr, ndtr

    weight, middle = told.weight[:, np.newaxis], told.middle[:, np.newaxis]
    variance = SPREADS**2 + told.width[:, np.newaxis] ** 2
    precision = (weight / variance).sum(axis=0)
    mean = (weight * middle / variance).sum(axis=0) / precision
    fit = -0.5 * (weight * (np.log(variance) + (middle - mean) ** 2 / variance)).sum(axis=0)
    log_spread = fit - 0.5 * np.log(precision) - 0.5 * (SPREADS / SPREAD_SCALE) ** 2
    sd = 1 / np.sqrt(precision)
    centre = mean[:, np.newaxis] + sd[:, np.newaxis] * UNITS
    log_mass = log_spread[:, np.newaxis] - 0.5 * UNITS**2
    if len(told.bound):
        reach = np.sqrt(SPREADS**2 + (ROUNDED / Z) ** 2)[:, np.newaxis]
        for bound, share in zip(told.bound, told.bound_weight, strict=True):
            log_mass = log_mass + share * log_ndtr(told.sign * (centre - bound) / reach)
    mass = np.exp(log_mass - log_mass.max()) * SPREAD_STEPS[:, np.newaxis]
    mass /= mass.sum()

    def predicted(value: float) -> float:
        return float((mass * ndtr((value - centre) / SPREADS[:, np.newaxis])).sum())

    order = np.argsort(centre, axis=None, kind="stable")
    sorted_mass, places = mass.ravel()[order], centre.ravel()[order]
    heights = np.cumsum(sorted_mass) - sorted_mass / 2
    inner = [float(np.interp(level, heights, places)) for level in (0.5, *LEVEL)]
    by_spread = np.cumsum(mass.sum(axis=1))
    outer = [_solve(predicted, level, inner[0]) for level in LEVEL]
    return Fitted(inner[0], (inner[1], inner[2], outer[0], outer[1]), float(np.interp(0.5, by_spread, SPREADS)))


def _solve(share: Callable[[float], float], level: float, near: float) -> float:
    """Return where a rising function reaches a level."""
    from scipy.optimize import brentq

    reach = 2.0
    while share(near - reach) > level or share(near + reach) < level:
        reach *= 2
    return float(brentq(lambda value: share(value) - level, near - reach, near + reach, xtol=1e-7))


def _influence(told: pd.DataFrame, centre: float) -> pd.DataFrame:
    """Return what the pool would be without each voice, the most influential first."""
    rows = []
    for voice in told["voice"].unique():
        rest = _fit(told[told["voice"] != voice])
        best, (low, high) = (rest.centre, rest.confidence) if rest else (nan, (nan, nan))
        rows.append({"without": voice, "best": best, "low": low, "high": high, "change": best / centre - 1})
    table = pd.DataFrame(rows)
    order = table["change"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
    return table.loc[order].reset_index(drop=True)
