"""Whom a figure helps, and how far its source and its content can be trusted: two marks that are never merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.estimates._figures import WINDOW_DAYS, described, figures_of, side_of
from conflictkit.schema import SINCE_BASELINE
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from conflictkit.tables import Tables

    Flags = NDArray[np.bool_]

CANNOT_BE_JUDGED = "F"
MARKS = (
    *("reliability", "credibility", "confirmed_by", "contradicted_by"),
    *("speaker", "stands", "helps", "against_interest", "self_interested"),
)

# What harms the actor that is counted: more of it helps its enemies. More of anything else helps the actor itself.
HARM = ("killed", "captured", "casualties", *SINCE_BASELINE)


class Beside(NamedTuple):
    """What other sides say of one thing at one time, for each figure."""

    stands: str  # higher, lower or level beside the others; empty without any
    confirmed: int
    contradicted: int


def graded(estimates: pd.DataFrame | None, tables: Tables | None, *, what: str) -> tuple[pd.DataFrame, Tables]:
    """Return published figures with their marks, and the tables that they belong to.

    Rows that have the marks already, as ``select_estimates`` returns them, keep those: they were given beside all rows,
    of which these may be a part. Errors as in ``figures_of``.
    """
    rows, tables = figures_of(estimates, tables, what=what)
    return (rows if set(MARKS) <= set(rows.columns) else marked(rows, tables)), tables


def marked(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return rows of the door with the columns of ``MARKS``, each figure held against the others."""
    figures = described(rows, tables)
    beside = _beside(figures)
    confirmed = np.array([told.confirmed for told in beside], dtype=int)
    contradicted = np.array([told.contradicted for told in beside], dtype=int)
    helps = _helps(figures, np.array([told.stands for told in beside], dtype=object))
    # whoever speaks gains if it counts itself or an ally and that helps it, or its enemies and that helps them
    own = of_one_camp(figures["side"], side_of(figures["actor_id"], tables.hierarchy), tables)
    speaks = figures["side"].ne("").to_numpy() & (helps != "")
    gains = speaks & (own == (helps == "itself"))
    return rows.assign(
        reliability=reliability(rows, tables),
        credibility=_credibility(confirmed, contradicted),
        confirmed_by=confirmed,
        contradicted_by=contradicted,
        speaker=figures["speaker"],
        stands=pd.Series([told.stands for told in beside], index=figures.index, dtype=TEXT),
        helps=pd.Series(helps, index=figures.index, dtype=TEXT),
        against_interest=speaks & ~gains,
        self_interested=gains,
    )


def reliability(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """Return the grade of the source of each row; without a known source it cannot be judged."""
    grade = tables.sources.set_index("source_id")["reliability"]
    return rows["source_id"].map(grade).fillna(CANNOT_BE_JUDGED).astype(TEXT)


def _helps(figures: pd.DataFrame, stands: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return whom each figure helps: the actor counted (itself), its enemies, or nobody that can be named."""
    harm = figures["quantity" if "quantity" in figures else "metric"].isin(HARM).to_numpy()
    more, less = np.where(harm, "enemies", "itself"), np.where(harm, "itself", "enemies")
    alone = np.where(harm, "enemies", "")  # a count of losses helps the enemies with nothing beside it, too
    cases = [stands == "higher", stands == "lower", stands == "level"]
    return np.select(cases, [more, less, np.full(len(stands), "")], alone).astype(object)


def _credibility(confirmed: NDArray[np.int_], contradicted: NDArray[np.int_]) -> NDArray[np.int_]:
    cases = [
        (confirmed == 0) & (contradicted == 0),
        (contradicted == 0) & (confirmed > 1),
        contradicted == 0,
        (confirmed >= contradicted),
        (confirmed == 0) & (contradicted > 1),
    ]
    return np.select(cases, [6, 1, 2, 3, 5], 4)


def of_one_camp(sides: Iterable[object], others: Iterable[object], tables: Tables) -> Flags:
    """Return whether the two sides of each pair are one, or one backs the other: what helps one then helps both."""
    allied = allies(tables)
    pairs = zip(sides, others, strict=True)
    return np.array([one == other or (one, other) in allied for one, other in pairs], dtype=bool)


def allies(tables: Tables) -> frozenset[tuple[str, str]]:
    """Return the pairs of sides of which one backs the other."""
    side = tables.hierarchy.side
    backed = tables.actors.dropna(subset=["side", "backed_by"])
    pairs = {
        (own, side[backer])
        for own, backers in zip(backed["side"], backed["backed_by"], strict=True)
        for backer in backers.split(";")
        if backer in side
    }
    return frozenset(pairs | {(other, one) for one, other in pairs})


def _beside(figures: pd.DataFrame) -> list[Beside]:
    """Return what stands beside each figure, in the order of the rows."""
    found: dict[int, Beside] = {}
    said = {column: figures[column].to_numpy(dtype=object) for column in ("side", "voice", "source_id")}
    ends = {column: figures[column].to_numpy(dtype=float) for column in ("least", "most")}
    days = {column: figures[column].to_numpy(dtype="datetime64[D]") for column in ("first", "last")}
    things = figures.groupby(["actor_id", "scope", "place", "of", "thing"], sort=False)
    for rows in map(np.asarray, things.indices.values()):
        of_one_thing = _Figures(**{name: cells[rows] for name, cells in (said | ends | days).items()})
        found.update(zip(rows.tolist(), _beside_in(of_one_thing), strict=True))
    return [found[at] for at in range(len(figures))]


class _Figures(NamedTuple):
    """The figures of one thing."""

    side: NDArray[np.object_]
    voice: NDArray[np.object_]
    source_id: NDArray[np.object_]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]


def _beside_in(of: _Figures) -> Iterator[Beside]:
    """Yield what stands beside each of the figures of one thing: the others, of other sides, within a quarter."""
    low, high = np.nan_to_num(of.least, nan=0.0), np.where(np.isnan(of.most), np.inf, of.most)
    # the middle in log; a bound is its own
    middle = np.sqrt(np.where(np.isnan(of.least), of.most, of.least) * np.where(np.isnan(of.most), of.least, of.most))
    speakers = np.where(of.side != "", of.side, of.voice)  # one side is one voice
    window = np.timedelta64(WINDOW_DAYS, "D")
    for at in range(len(low)):
        near = (of.first <= of.last[at] + window) & (of.last >= of.first[at] - window)
        others = near & ((of.side != of.side[at]) if of.side[at] else (of.voice != of.voice[at]))
        # a figure repeated on the same page confirms nothing
        elsewhere = others & (of.source_id != of.source_id[at])
        meets = elsewhere & (low <= high[at]) & (high >= low[at])
        confirm = set(speakers[meets])
        yield Beside(_stands(middle[at], middle[others]), len(confirm), len(set(speakers[elsewhere]) - confirm))


def _stands(middle: float, others: NDArray[np.float64]) -> str:
    """Return where a figure stands to the median of others."""
    if not len(others):
        return ""
    median = float(np.median(others))
    return "level" if np.isclose(middle, median) else "higher" if middle > median else "lower"
