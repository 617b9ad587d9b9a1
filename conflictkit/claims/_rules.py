"""One rule for each kind of claim: the claim and the tables in, verdict and evidence out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.claims._evidence import (
    AGREES,
    DIFFERS,
    NEAR_KM,
    ONE_DAY,
    OPEN,
    PARTLY,
    Claim,
    Evidence,
    Finding,
    claims_of,
)
from conflictkit.claims._geography import geography
from conflictkit.claims._sequel import duration, fact, forecast, last, siege, trend
from conflictkit.dates import in_words
from conflictkit.deployments._ground import territory_of
from conflictkit.deployments._presence import present
from conflictkit.estimates._figures import everybody
from conflictkit.estimates.words import range_from_words
from conflictkit.positions import REPORTED_SHARE, km_to, position_of
from conflictkit.prose import counted, significant
from conflictkit.territory import refuse_drawings
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from conflictkit.territory import Territory


# A report counts for a quarter, the longest interval between the regular counts in the tables (inspector general).
WINDOW_DAYS = 92
AROUND_DAYS = 3  # a front moves on within days

PERCENT = 100.0
ALL = "all"  # the scope of an area that is the sum of the countries
SHARE_POINTS = 5.0  # fair between a published map and the model for the Islamic State (docs/figures.md)


def control(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a claim on control against the holder on that day."""
    if claim.unit in QUANTITIES:
        return QUANTITIES[claim.unit](claim, evidence)
    held = evidence.holders(evidence.listed(claim.place_ids), claim.day)
    if held.empty:
        return Finding(OPEN, f"{claim.place} is an area without an outline: no control row is about it.")
    day_before = evidence.holders(held["place_id"], claim.day - ONE_DAY)
    before = dict(zip(day_before["place_id"], day_before["actor_id"], strict=True))
    text = [
        f"{evidence.name(place)}: {evidence.actors[actor]} since {in_words(since)}"
        + (f", {evidence.actors[before[place]]} the day before" if since == claim.day and place in before else "")
        for place, actor, since in zip(held["place_id"], held["actor_id"], held["since"], strict=True)
    ]
    own = held["actor_id"].isin(evidence.tables.hierarchy.line(claim.subject))
    return Finding(AGREES if own.all() else DIFFERS, f"{'; '.join(text)}.", held["source_id"])


def share(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a share of countries against the largest claimed share of that period."""
    scope = evidence.territory.scope
    land = claim.countries[0] if len(claim.countries) == 1 else ALL
    if land == ALL and set(claim.countries) != set(scope):
        return Finding(OPEN, f"Areas are known of {', '.join(map(evidence.name, scope))}, each and all: {claim.place}.")
    area = evidence.territory.area(level="claimed")
    own = area[area["date"].between(claim.start, claim.day) & (area["actor_id"] == claim.subject)]
    if own.empty:
        return Finding(OPEN, "No change of control in that period says how much land it held.")
    most = own.loc[own.groupby("scope")["share"].idxmax()].sort_values("scope", ascending=False)
    percent = dict(zip(most["scope"], (100 * most["share"]).tolist(), strict=True))
    when = dict(zip(most["scope"], most["date"], strict=True))
    together = "both together" if len(claim.countries) == 2 else "all together"  # noqa: PLR2004 - two of them
    text = [
        f"{percent[code]:.0f} % of {together if code == ALL else evidence.name(code)} on {in_words(when[code])}"
        for code in dict.fromkeys([land, *claim.countries])
    ]
    near = abs(percent[land] - claim.value) <= SHARE_POINTS
    return Finding(AGREES if near else DIFFERS, f"Largest claimed share: {'; '.join(text)}.")


def towns(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a number of towns against the listed towns that the subject holds."""
    held = evidence.holders(evidence.territory.places["place_id"], claim.day)
    is_town = held["place_id"].map(evidence.places["kind"]) == "town"
    own = held[is_town & (held["actor_id"] == claim.subject)]
    names = ", ".join(sorted(map(evidence.name, own["place_id"]))) or "none"
    was = "was" if len(own) == 1 else "were"
    verdict = AGREES if len(own) == claim.value else DIFFERS
    return Finding(verdict, f"{counted(len(own), 'listed town')} {was} still held: {names}.", own["source_id"])


def loss(claim: Claim, evidence: Evidence) -> Finding:
    """Look for a change from the subject in that period, at the place or at every part of it."""
    places, changes = evidence.listed(claim.place_ids), evidence.changes
    if not places:
        return Finding(OPEN, f"No control row is about {claim.place}.")
    inside = changes["valid_from"].between(claim.start, claim.day) & changes["place_id"].isin(places)
    lost = changes[inside & (changes["from_actor"] == claim.subject)]
    text = [
        f"{evidence.name(place)}: to {evidence.actors[actor]} on {in_words(day)}"
        for place, actor, day in zip(lost["place_id"], lost["to_actor"], lost["valid_from"], strict=True)
    ]
    verdict = AGREES if set(places) <= set(lost["place_id"]) else DIFFERS
    return Finding(verdict, f"{'; '.join(text) or 'No such change'}.", lost["source_id"])


def estimate(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a range against the figures of other sources for the same place at about that time."""
    low, high = (claim.value if np.isnan(bound) else bound for bound in (claim.low, claim.high))
    if np.isnan(low) or np.isnan(high):
        return words(claim, evidence)
    rows = everybody(evidence.tables.fighter_estimates)
    same = rows[(rows["actor_id"] == claim.subject) & (rows["quantity"] == claim.unit) & rows["place_id"].notna()]
    # a figure for several places together is that of none of them
    here = same["place_id"].isin(claim.place_ids) if len(claim.place_ids) == 1 else np.zeros(len(same), dtype=bool)
    near = _nearest_first(same[here], claim)
    near = near[near["days"] <= WINDOW_DAYS]
    if near.empty:
        # an area is named after its town: the nearest of these figures are told, and decide nothing
        named = [evidence.name(place) for place in claim.place_ids]
        alike = [any(name in evidence.name(place) for name in named) for place in same["place_id"]]
        wider = _nearest_first(same[np.array(alike, dtype=bool)], claim).head(2)
        text = f" Nearest in time, for it or an area named after it: {evidence.figures(wider)}." if len(wider) else ""
        return Finding(OPEN, f"No other source within {WINDOW_DAYS} days.{text}", wider["source_id"])
    lows, highs = _bounds(near)
    return Finding(_meets(lows, highs, (low, high), near["days"]), f"{evidence.figures(near)}.", near["source_id"])


def words(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a number in words, read by the conventions of the tables, against the figures near it in time."""
    found = _figure_at_each(claim, claim.place_ids, evidence) if claim.place_ids else _figures_of_all(claim, evidence)
    text = f"Nearest in time: {evidence.figures(found)}." if len(found) else "No figure to set beside it."
    if not claim.wording:
        return Finding(OPEN, f"Words, not a number. {text}", found["source_id"])
    said = range_from_words(claim.wording, tables=evidence.tables)
    times = PERCENT if claim.unit == "percent" else 1.0
    low, _, high = (bound * times for bound in said.bounds)
    near = found[found["days"] <= WINDOW_DAYS]
    if near.empty or len(near) < len(claim.place_ids):  # the sum of some of the places is not that of all
        return Finding(OPEN, f"No figure within {WINDOW_DAYS} days. {text}", found["source_id"])
    (lows, highs), days = _bounds(near), near["days"]
    if claim.place_ids:  # of several places: what they have together
        lows, highs, days = pd.Series([lows.sum()]), pd.Series([highs.sum()]), pd.Series([0])
    told = f"{claim.wording!r} is {significant(low)} to {significant(high)}{' %' if claim.unit == 'percent' else ''}."
    return Finding(_meets(lows, highs, (low, high), days), f"{told} {text}", found["source_id"])


def _figures_of_all(claim: Claim, evidence: Evidence) -> pd.DataFrame:
    """Return the figures for the whole of the territory that are nearest in time, by what the unit says is counted."""
    areas, fighters = evidence.tables.area_estimates, everybody(evidence.tables.fighter_estimates)
    metric = {"people": "population_held", "percent": "share_of_peak_lost"}.get(claim.unit)
    counts = fighters[fighters["quantity"] == claim.unit] if metric is None else areas[areas["metric"] == metric]
    tables = evidence.tables
    everywhere = [tables.countries_of(scope) == tables.countries_of(ALL) for scope in counts["scope"]]
    whole = counts[(counts["actor_id"] == claim.subject) & np.array(everywhere, dtype=bool)]
    return _nearest_first(whole, claim).head(3)


def _figure_at_each(
    claim: Claim, places: Collection[str], evidence: Evidence, *, quantity: str | None = None
) -> pd.DataFrame:
    """Return for each of some places the figure that is nearest in time; none at all if a place has none."""
    rows = everybody(evidence.tables.fighter_estimates)
    same = rows[(rows["actor_id"] == claim.subject) & (rows["quantity"] == (quantity or claim.unit))]
    found = _nearest_first(same[same["place_id"].isin(places)], claim).drop_duplicates("place_id")
    return found if len(found) == len(places) else found.head(0)


def _meets(lows: pd.Series, highs: pd.Series, said: tuple[float, float], days: pd.Series) -> str:
    """Return the verdict on a range: whether the figures nearest in time meet it, or only others."""
    meets = (lows <= said[1]) & (highs >= said[0])
    if meets[days == days.min()].any():
        return AGREES
    return PARTLY if meets.any() else DIFFERS


def _bounds(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return how low and how high figures may be: no bound is 0, or any number."""
    return rows["low"].fillna(rows["best"]).fillna(0.0), rows["high"].fillna(rows["best"]).fillna(np.inf)


def deployment(claim: Claim, evidence: Evidence) -> Finding:
    """Look for the force, or a part of it, in each country or at each place named."""
    here = present(claim.day, evidence.tables, None).rows  # how old is fresh is said below
    fresh = here["end_known"] | (here["days_since_report"] <= WINDOW_DAYS)
    force = here[fresh & here["actor_id"].isin(evidence.tables.hierarchy.parts(claim.subject))]
    force = force.assign(part=force["actor_id"] != claim.subject).sort_values(["part", "days_since_report"])
    found = {where: force[_at(where, force, evidence)].head(2) for where in claim.place_ids or claim.countries}
    if found and all(len(rows) for rows in found.values()):
        rows = pd.concat(found.values()).drop_duplicates("deployment_id")
        return Finding(AGREES, f"{evidence.forces(rows)}.", rows["source_id"])
    unseen = [where for where, rows in found.items() if rows.empty]
    counted_there = _figure_at_each(claim, unseen, evidence, quantity="fighters")
    if len(counted_there) and counted_there["days"].le(WINDOW_DAYS).all():
        rows = pd.concat(found.values())
        told = [evidence.forces(rows)] if len(rows) else []
        text = "; ".join([*told, evidence.figures(counted_there)])
        return Finding(AGREES, f"{text}.", [*rows["source_id"], *counted_there["source_id"]])
    missing = " and ".join(evidence.name(where) for where, rows in found.items() if rows.empty) or claim.place
    others = f" Elsewhere: {evidence.forces(force.head(2))}." if len(force) else ""
    return Finding(OPEN, f"No other source places it at {missing}.{others}", force["source_id"].head(2))


def _at(where: str, force: pd.DataFrame, evidence: Evidence) -> NDArray[np.bool_]:
    """Tell which deployments are in a country, or at a place, or near it in the same country."""
    if where not in evidence.places.index:
        return np.array([where in codes.split(";") for codes in force["host_country"]], dtype=bool)
    here = np.array(force["place_id"] == where, dtype=bool)
    if evidence.is_area(where):
        return here
    near = km_to(position_of(where, evidence.tables.places), force["latitude"], force["longitude"]) <= NEAR_KM
    at_home = np.array(force["host_country"] == evidence.places.loc[where, "country"], dtype=bool)
    return np.asarray(here | (near & at_home))


def distance(claim: Claim, evidence: Evidence) -> Finding:
    """Measure from the nearest listed place that the subject's side holds."""
    line = evidence.tables.hierarchy.line(claim.subject)
    side = evidence.actors[line[-1]]
    held = evidence.holders(evidence.territory.places["place_id"], claim.day)
    held = held[held["actor_id"].isin(line)]
    reported = _reported_km(claim, evidence, line)
    if reported is not None:
        return reported
    if held.empty or len(claim.place_ids) != 1 or evidence.is_area(claim.place_ids[0]):
        return Finding(OPEN, f"Nothing to measure: {claim.place} is no point, or {side} holds no listed place.")
    place = claim.place_ids[0]
    km = evidence.km(place, held["place_id"])
    nearest = min(km, key=lambda other: km[other])
    error = sum(position_of(end, evidence.tables.places).doubt_km for end in (place, nearest))
    text = (
        f"{evidence.name(nearest)}, the nearest listed place of {side}, is {km[nearest]:.0f} km away, "
        f"give or take {error:.1f} km for the two points."
    )
    source_ids = held.loc[held["place_id"] == nearest, "source_id"]
    if abs(claim.value - km[nearest]) <= error + REPORTED_SHARE * claim.value:
        return Finding(AGREES, text, source_ids)
    if claim.value > km[nearest]:
        return Finding(DIFFERS, text, source_ids)
    return Finding(OPEN, f"{text} A force may stand ahead of it, where no place is listed.", source_ids)


def _reported_km(claim: Claim, evidence: Evidence, line: Sequence[str]) -> Finding | None:
    """Hold a distance against what other reports of the days around give for the side's forces; None without any."""
    rows = evidence.tables.deployments
    days = (rows["valid_from"] - claim.day).dt.days
    rows = rows[rows["near_place_id"].isin(claim.place_ids) & rows["actor_id"].isin(line) & days.abs().le(AROUND_DAYS)]
    if rows.empty:
        return None
    rows = rows.sort_values("valid_from", kind="stable")
    fair = REPORTED_SHARE * claim.value
    near = rows["near_km"].min() - fair <= claim.value <= rows["near_km"].max() + fair
    told = "; ".join(
        f"{name} {km:.0f} km from {evidence.name(place)}, reported {in_words(day)}"
        for name, km, place, day in zip(
            rows["actor_id"].map(evidence.actors),
            rows["near_km"],
            rows["near_place_id"],
            rows["valid_from"],
            strict=True,
        )
    )
    return Finding(AGREES if near else DIFFERS, f"{told}.", rows["source_id"])


def statement(claim: Claim, evidence: Evidence) -> Finding:
    """Show who holds the place and who takes it next: the tables hold no more about what was said."""
    held = evidence.holders(evidence.listed(claim.place_ids), claim.day)
    if held.empty:
        return Finding(OPEN, "No table holds what this says.")
    later = evidence.changes[evidence.changes["valid_from"] > claim.day].drop_duplicates("place_id")
    held = held.merge(later[["place_id", "to_actor", "valid_from"]], on="place_id", how="left")
    columns = held[["place_id", "actor_id", "since", "to_actor", "valid_from"]]
    text = [
        f"{evidence.name(place)} was with {evidence.actors[actor]} from {in_words(since)}"
        + (f", with {evidence.actors[heir]} from {in_words(day)}" if pd.notna(day) else "")
        for place, actor, since, heir, day in columns.itertuples(index=False)
    ]
    return Finding(OPEN, f"The tables only say: {'; '.join(text)}.", held["source_id"])


def _nearest_first(rows: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Return figures with their distance from the claim in days, the nearest first."""
    days = (rows["as_of"] - claim.day).dt.days.abs()
    return rows.assign(days=days).sort_values("days", kind="stable")


QUANTITIES: dict[str, Callable[[Claim, Evidence], Finding]] = {"percent": share, "towns": towns}
RULES: dict[str, Callable[[Claim, Evidence], Finding]] = {
    "control": control,
    "loss": loss,
    "estimate": estimate,
    "deployment": deployment,
    "distance": distance,
    "fact": fact,
    "forecast": forecast,
    "geography": geography,
    "last": last,
    "duration": duration,
    "trend": trend,
    "siege": siege,
    "statement": statement,
}


def check_claims(claims: pd.DataFrame | None = None, *, territory: Territory | None = None) -> pd.DataFrame:
    """Return a verdict on each claim of a report, with the rows that it follows from.

    Parameters
    ----------
    claims
        Rows of your own, like those of ``load_seed_claims``; by default those of the territory's tables. ``source_id``
        names the report that makes the claim: its rows in other tables are no evidence for it.
    territory
        Who held what, and the tables to look in; ``Territory.from_places()`` by default.

    Returns
    -------
    pandas.DataFrame
        One row per claim, in the order given: ``claim_id``, ``kind``, ``exact_words``, ``verdict`` (agrees, differs,
        partly, cannot be checked), ``evidence`` (a text made from table rows), ``source_ids`` (joined with ``;``).

    Raises
    ------
    TableError
        With every problem of the claims passed: a kind without a rule, a place or an actor that is in no table.
    TerritoryError
        If the territory is one of drawings, which do not say who holds a place.

    Notes
    -----
    The rule of each kind, on the last day of the day, month or year that the claim is about; a claim about days that
    the tables do not cover cannot be checked:

    - control: the holder of the place, of its parts, or of the listed place on the same spot. A share of a country is
      held against the largest claimed share in that period, within 5 points; a number of towns against the listed
      towns that the subject holds.
    - loss: a change from the subject in the period, at the place or at every part of it.
    - estimate: the figures of other sources for the same place within 92 days; agrees if one nearest in time overlaps
      the range, partly if only others do. A number in words is read by ``range_from_words``; of several places the
      nearest figures are added.
    - deployment: agrees if the force or a part of it is reported in the country, or within 15 km of the place, with a
      known end or at most 92 days before, or if its fighters there were counted. What it did there is not checked.
      Without such a row the claim is open, since the tables do not list every force.
    - distance: agrees if it lies between those that reports of three days around give for the side's forces, a fifth
      either way; else from the nearest listed place that the side holds. A force can stand ahead of that place, so a
      claim that is nearer is open; one that is farther differs.
    - fact: the events that the claim's row names for it, in part for it, and against it.
    - forecast: the same, of events after the claim: what happened next.
    - geography: bank and course of the nearest named river, borders, crossings and fields, from the layers.
    - last: whether the holder of the place held other towns in the country the day before: none agrees, smaller ones
      are partly.
    - duration: months since the event named, to half a month.
    - trend: claimed land of the subject that shrinks in each of three months.
    - siege: ``besieged`` on the first day; where it is not, events that bear it out make it partly.
    - statement: open; the evidence is who holds the place, and its next change.

    Examples
    --------
    >>> verdicts = check_claims().set_index("claim_id")["verdict"]
    >>> verdicts[["SC07", "SC01", "SC14"]].tolist()
    ['agrees', 'differs', 'partly']
    """
    model = territory_of(territory)
    if not model.has_places:
        refuse_drawings("check_claims")
    tables = model.tables
    table = tables.seed_claims if claims is None else tables.replace(seed_claims=claims).seed_claims
    reports = [None if pd.isna(source) else str(source) for source in table["source_id"]]
    evidence = {report: Evidence.without(report, model) for report in dict.fromkeys(reports)}
    findings = [
        _finding(claim, evidence[report]) for claim, report in zip(claims_of(table, tables), reports, strict=True)
    ]
    cited = [sorted({source for source in finding.source_ids if isinstance(source, str)}) for finding in findings]
    verdicts = {
        "verdict": pd.array([finding.verdict for finding in findings], dtype=TEXT),
        "evidence": pd.array([finding.text for finding in findings], dtype=TEXT),
        "source_ids": pd.array([";".join(sources) for sources in cited], dtype=TEXT),
    }
    found = table[["claim_id", "kind", "exact_words"]].assign(**verdicts)
    found.attrs = {}
    return found


def _finding(claim: Claim, evidence: Evidence) -> Finding:
    """Return what the tables say about a claim; nothing where it is about days that they do not cover."""
    first, last = evidence.tables.covers
    if first <= claim.day <= last:
        return RULES[claim.kind](claim, evidence)
    covered = f"the tables answer for {in_words(first)} to {in_words(last)}"
    return Finding(OPEN, f"The claim is about {in_words(claim.day)}, but {covered}.")
