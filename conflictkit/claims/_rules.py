"""One rule for each kind of claim: the claim and the tables in, verdict and evidence out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.claims._evidence import Claim, Evidence, Finding, date
from conflictkit.deployments import deployments_at, distance_km

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

AGREES, DIFFERS, OPEN = "agrees", "differs", "cannot be checked"

# A report counts for a quarter, the longest interval between the regular counts in the tables (inspector general).
WINDOW_DAYS = 92

# The tables give Al-Qaim two points, 9.6 km apart, the border crossing at one of them: nearer than this is one place.
NEAR_KM = 15.0

# Half-width of a point in km by where_prec: the classes of data/README.md; a gazetteer point is the centre of a town.
POINT_KM = {"geonames": 1.0, "map_mark": 0.5, "map_mark_low": 2.0, "estimated": 5.0}

SHARE_POINTS = 5.0  # fair between a published map and the model for the Islamic State (docs/figures.md)
ABOUT = 0.2  # "about 40 km" is taken as within a fifth

ONE_DAY = pd.Timedelta(days=1)


def control(claim: Claim, tables: Evidence) -> Finding:
    """Hold a claim on control against the holder on that day."""
    if claim.unit in QUANTITIES:
        return QUANTITIES[claim.unit](claim, tables)
    held = tables.holders(tables.listed(claim.place_ids), claim.day)
    if held.empty:
        return Finding(OPEN, f"{claim.place} is an area without an outline: no control row is about it.")
    before = dict(tables.holders(held["place_id"], claim.day - ONE_DAY)[["place_id", "actor_id"]].to_numpy().tolist())
    text = [
        f"{tables.name(place)}: {tables.actors[actor]} since {date(since)}"
        + (f", {tables.actors[before[place]]} the day before" if since == claim.day else "")
        for place, actor, since in zip(held["place_id"], held["actor_id"], held["since"], strict=True)
    ]
    own = held["actor_id"].isin(tables.above(claim.subject))
    return Finding(AGREES if own.all() else DIFFERS, f"{'; '.join(text)}.", held["source_id"])


def share(claim: Claim, tables: Evidence) -> Finding:
    """Hold a share of countries against the largest claimed share of that period."""
    area = tables.territory.area(level="claimed")
    own = area[area["date"].between(claim.start, claim.day) & (area["actor_id"] == claim.subject)]
    most = own.loc[own.groupby("scope")["share"].idxmax()].sort_values("scope", ascending=False)
    percent = dict(zip(most["scope"], (100 * most["share"]).tolist(), strict=True))
    when = dict(zip(most["scope"], most["date"], strict=True))
    land = "all" if len(claim.countries) > 1 else claim.countries[0]
    text = [
        f"{percent[code]:.0f} % of {'both together' if code == 'all' else tables.name(code)} on {date(when[code])}"
        for code in dict.fromkeys([land, *claim.countries])
    ]
    near = abs(percent[land] - claim.value) <= SHARE_POINTS
    return Finding(AGREES if near else DIFFERS, f"Largest claimed share: {'; '.join(text)}.")


def towns(claim: Claim, tables: Evidence) -> Finding:
    """Hold a number of towns against the listed towns that the subject holds."""
    held = tables.holders(tables.territory.places["place_id"], claim.day)
    is_town = np.array([tables.places[place].kind == "town" for place in held["place_id"]])
    own = held[is_town & (held["actor_id"] == claim.subject)]
    names = ", ".join(sorted(tables.name(place) for place in own["place_id"]))
    verdict = AGREES if len(own) == claim.value else DIFFERS
    return Finding(verdict, f"{len(own)} listed towns were still held: {names}.", own["source_id"])


def loss(claim: Claim, tables: Evidence) -> Finding:
    """Look for a change from the subject in that period, at the place or at every part of it."""
    places, changes = tables.listed(claim.place_ids), tables.changes
    if not places:
        return Finding(OPEN, f"No control row is about {claim.place}.")
    inside = changes["valid_from"].between(claim.start, claim.day) & changes["place_id"].isin(places)
    lost = changes[inside & (changes["from_actor"] == claim.subject)]
    text = [
        f"{tables.name(place)}: to {tables.actors[actor]} on {date(day)}"
        for place, actor, day in zip(lost["place_id"], lost["to_actor"], lost["valid_from"], strict=True)
    ]
    verdict = AGREES if set(places) <= set(lost["place_id"]) else DIFFERS
    return Finding(verdict, f"{'; '.join(text) or 'No such change'}.", lost["source_id"])


def estimate(claim: Claim, tables: Evidence) -> Finding:
    """Hold a range against the figures of other sources for the same place at about that time."""
    claimed = [claim.value if np.isnan(bound) else bound for bound in (claim.low, claim.high)]
    if np.isnan(claimed).any():
        return words(claim, tables)
    rows = tables.fighters
    same = rows[(rows["actor_id"] == claim.subject) & (rows["quantity"] == claim.unit) & rows["place_id"].notna()]
    near = _nearest_first(same[same["place_id"] == claim.place_id], claim)
    near = near[near["days"] <= WINDOW_DAYS]
    if near.empty:
        alike = [tables.name(claim.place_id) in tables.name(place) for place in same["place_id"]]
        wider = _nearest_first(same[np.array(alike, dtype=bool)], claim).head(2)
        text = f" Nearest in time, for it or an area named after it: {tables.figures(wider)}." if len(wider) else ""
        return Finding(OPEN, f"No other source within {WINDOW_DAYS} days.{text}", wider["source_id"])
    low, high = near["low"].fillna(near["best"]).fillna(0), near["high"].fillna(near["best"]).fillna(np.inf)
    overlaps = (low <= claimed[1]) & (high >= claimed[0])
    return Finding(AGREES if overlaps.any() else DIFFERS, f"{tables.figures(near)}.", near["source_id"])


def words(claim: Claim, tables: Evidence) -> Finding:
    """Show the figures nearest in time to a number given in words."""
    people = tables.areas[tables.areas["metric"] == "population_held"]
    counts = people if claim.unit == "people" else tables.fighters[tables.fighters["quantity"] == claim.unit]
    whole = counts[(counts["actor_id"] == claim.subject) & (counts["scope"] == "iraq_syria")]
    found = _nearest_first(whole, claim).head(3)
    return Finding(OPEN, f"Words, not a number. Nearest in time: {tables.figures(found)}.", found["source_id"])


def deployment(claim: Claim, tables: Evidence) -> Finding:
    """Look for the force, or a part of it, in each country or at each place named."""
    here = deployments_at(claim.day, tables.deployments, assume_days=None)  # how old is fresh is said below
    fresh = here["end_known"] | (here["days_since_report"] <= WINDOW_DAYS)
    force = here[fresh & here["actor_id"].isin(tables.below(claim.subject))]
    force = force.assign(part=force["actor_id"] != claim.subject).sort_values(["part", "days_since_report"])
    found = {where: force[_at(where, force, tables)].head(2) for where in claim.place_ids or claim.countries}
    if all(len(rows) for rows in found.values()):
        rows = pd.concat(found.values()).drop_duplicates("deployment_id")
        return Finding(AGREES, f"{tables.forces(rows)}.", rows["source_id"])
    missing = " and ".join(tables.name(where) for where, rows in found.items() if rows.empty)
    others = f" Elsewhere: {tables.forces(force.head(2))}." if len(force) else ""
    return Finding(OPEN, f"No other source places it at {missing}.{others}", force["source_id"].head(2))


def _at(where: str, force: pd.DataFrame, tables: Evidence) -> NDArray[np.bool_]:
    """Tell which deployments are in a country, or at a place, or near it in the same country."""
    if where not in tables.places:
        return np.array([where in codes for codes in force["host_country"]], dtype=bool)
    place, here = tables.places[where], np.array(force["place_id"] == where, dtype=bool)
    if place.is_area:
        return here
    pointed = force["latitude"].notna() & (force["host_country"] == place.country)
    points = force[["latitude", "longitude"]].where(pointed, np.inf).to_numpy().tolist()
    near = [math.isfinite(point[0]) and distance_km(place.point, tuple(point)) <= NEAR_KM for point in points]
    return np.asarray(np.logical_or(here, near), dtype=bool)


def distance(claim: Claim, tables: Evidence) -> Finding:
    """Measure from the nearest listed place that the subject's side holds."""
    side = tables.above(claim.subject)
    held = tables.holders(tables.territory.places["place_id"], claim.day)
    held = held[held["actor_id"].isin(side)]
    km = tables.km(claim.place_id, held["place_id"])
    nearest = min(km, key=lambda place: km[place])
    error = sum(POINT_KM[tables.places[end].where_prec] for end in (nearest, claim.place_id))
    text = (
        f"{tables.name(nearest)}, the nearest listed place of {tables.actors[side[-1]]}, is {km[nearest]:.0f} km away, "
        f"give or take {error:.1f} km for the two points."
    )
    source_ids = held.loc[held["place_id"] == nearest, "source_id"]
    if abs(claim.value - km[nearest]) <= error + ABOUT * claim.value:
        return Finding(AGREES, text, source_ids)
    if claim.value > km[nearest]:
        return Finding(DIFFERS, text, source_ids)
    return Finding(OPEN, f"{text} A force may stand ahead of it, where no place is listed.", source_ids)


def statement(claim: Claim, tables: Evidence) -> Finding:
    """Show who holds the place and who takes it next: the tables hold no more about what was said."""
    held = tables.holders(tables.listed(claim.place_ids), claim.day)
    if held.empty:
        return Finding(OPEN, "No table holds what this says.")
    later = tables.changes[tables.changes["valid_from"] > claim.day].drop_duplicates("place_id")
    held = held.merge(later[["place_id", "to_actor", "valid_from"]], on="place_id", how="left")
    text = [
        f"{tables.name(place)} was with {tables.actors[actor]} from {date(since)}"
        + (f", with {tables.actors[heir]} from {date(day)}" if pd.notna(day) else "")
        for place, actor, since, heir, day in held.drop(columns=["control_status", "source_id"]).itertuples(index=False)
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
    "statement": statement,
}
