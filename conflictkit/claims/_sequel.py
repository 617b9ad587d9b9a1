"""What single events say to a claim: statements of fact, forecasts by what happened, durations, sieges, trends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.claims._evidence import AGREES, DIFFERS, ONE_DAY, OPEN, PARTLY, Finding
from conflictkit.dates import in_words
from conflictkit.deployments._siege import besieged
from conflictkit.prose import KM2, counted, significant

if TYPE_CHECKING:
    from conflictkit.claims._evidence import Claim, Evidence

DAYS_A_YEAR = 365.2425  # of the Gregorian calendar
DAYS_A_MONTH = DAYS_A_YEAR / 12
HALF_A_MONTH = 0.5  # "two months" in a report is a whole number of them
EARLIER_DAYS = (90, 60, 30)  # three steps of a month show whether something went on shrinking


def fact(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a statement against the events that its row names, each for it, in part for it, or against it."""
    ahead, partly, against = (_rows(ids, evidence) for ids in (claim.supported, claim.in_part, claim.contradicted))
    told = pd.concat([ahead, partly, against])
    if told.empty:
        return Finding(OPEN, "No event of the tables is about it.")
    alone = {len(ahead): AGREES, len(against): DIFFERS}.get(len(told), PARTLY)
    return Finding(alone, _in_words(told), told["source_id"])


def forecast(claim: Claim, evidence: Evidence) -> Finding:
    """Hold an expectation against what happened after it was said: events of before say nothing to it."""
    named = {*claim.supported, *claim.in_part, *claim.contradicted}
    early = evidence.events.loc[sorted(named), "event_date"] <= claim.day
    if early.any():
        return Finding(OPEN, f"Not after the claim: {', '.join(early.index[early])}.")
    found = fact(claim, evidence)
    return found._replace(text=f"Afterwards: {found.text}") if named else found


def _rows(event_ids: tuple[str, ...], evidence: Evidence) -> pd.DataFrame:
    """Return events in the order of time."""
    return evidence.events.loc[list(event_ids)].sort_values("event_date", kind="stable")


def _in_words(events: pd.DataFrame) -> str:
    """Return events as sentences."""
    days = [in_words(day, precision=prec) for day, prec in zip(events["event_date"], events["date_prec"], strict=True)]
    return " ".join(f"{day}: {notes}." for day, notes in zip(days, events["notes"], strict=True))


def duration(claim: Claim, evidence: Evidence) -> Finding:
    """Hold a number of months against the days from the event named to the day of the claim."""
    started = _rows(claim.supported, evidence)
    if started.empty or claim.unit != "months":
        return Finding(OPEN, "No event of the tables says when it began, or the claim gives no months.")
    days = (claim.day - started["event_date"].iloc[0]).days
    months = days / DAYS_A_MONTH
    text = f"{_in_words(started.head(1))} To {in_words(claim.day)}: {counted(days, 'day')}, {months:.1f} months."
    return Finding(AGREES if abs(months - claim.value) <= HALF_A_MONTH else DIFFERS, text, started["source_id"])


def siege(claim: Claim, evidence: Evidence) -> Finding:
    """Tell whether the place was cut off on the first day by the model of sieges, for how long, and what events say."""
    day = max(claim.start, evidence.tables.covers[0])
    rows = besieged(day, territory=evidence.territory)
    shut = rows[rows["place_id"].isin(evidence.listed(claim.place_ids))].head(1)
    text = f"By the model of sieges {claim.place} was not cut off on {in_words(day)}."
    if shut.empty:
        told = fact(claim, evidence)
        if told.verdict == OPEN:
            return Finding(DIFFERS, text)
        return Finding(DIFFERS if told.verdict == DIFFERS else PARTLY, f"{text} {told.text}", told.source_ids)
    since, until = shut["since"].iloc[0], shut["until"].iloc[0]
    by = evidence.actors[str(shut["besieged_by"].iloc[0])]
    lasted = ((evidence.tables.covers[1] if pd.isna(until) else until) - since).days / DAYS_A_YEAR
    end = "" if pd.isna(until) else f" to {in_words(until)}"
    text = (
        f"By the model of sieges {claim.place} was besieged by {by} on {in_words(day)}, and cut off without a break "
        f"from {in_words(since)}{end}: {lasted:.1f} years."
    )
    held = evidence.holders(shut["place_id"], day)["source_id"]
    return Finding(PARTLY if claim.unit == "years" and lasted < claim.value else AGREES, text, held)


def last(claim: Claim, evidence: Evidence) -> Finding:
    """Tell what else of the country its holder held on the day before: nothing, smaller towns, or as large a one."""
    before = max(claim.day - ONE_DAY, evidence.tables.covers[0])
    here = evidence.holders(evidence.listed(claim.place_ids), before)
    if here.empty:
        return Finding(OPEN, f"No control row says who held {claim.place}.")
    holder, place = str(here["actor_id"].iloc[0]), evidence.places.loc[claim.place_ids[0]]
    rows = evidence.holders(evidence.territory.places["place_id"], before)
    rows = rows[(rows["actor_id"] == holder) & ~rows["place_id"].isin([*claim.place_ids, *here["place_id"]])]
    others = evidence.places.loc[rows["place_id"]]
    others = others[(others["country"] == place["country"]) & (others["kind"] == "town")]
    least = claim.value if claim.unit == "residents" else 0.0  # a town whose residents are not known counts as small
    others = others[others["population"].fillna(0) >= least].sort_values("population", ascending=False)
    holds = f"On {in_words(before)} {evidence.actors[holder]} held"
    size = f" of {significant(least)} residents or more" if least else ""
    of = f"in {evidence.name(str(place['country']))}{size}"
    if others.empty:
        return Finding(AGREES, f"{holds} no other listed town {of}.", here["source_id"])
    larger = others["population"] >= place["population"]
    names = ", ".join(others["name"].head(3))
    text = f"{holds} {counted(len(others), 'other listed town')} {of}, the largest {names}."
    cited = rows.set_index("place_id")["source_id"].reindex(others.index[:3])
    return Finding(DIFFERS if larger.any() else PARTLY, text, [*here["source_id"], *cited.dropna()])


def trend(claim: Claim, evidence: Evidence) -> Finding:
    """Tell whether the land of the subject went on shrinking for three months, and in which countries it lay."""
    days = [claim.day - pd.Timedelta(days=back) for back in (*EARLIER_DAYS, 0)]
    days = [day for day in days if day >= evidence.tables.covers[0]]
    area = evidence.territory.area(days, level="claimed")
    own = area[area["actor_id"] == claim.subject]
    if own.empty or len(days) == 1:
        return Finding(OPEN, "The tables say nothing of its land on these days.")
    scopes = evidence.territory.scope
    parts = own[own["scope"].isin(scopes)]
    km2 = parts.groupby("date")["area_km2"].sum().reindex(days, fill_value=0.0)
    left = parts[(parts["date"] == claim.day) & (parts["area_km2"] > 0)]["scope"].tolist()
    where = " and ".join(evidence.name(code) for code in scopes if code in left) or "no country"
    told = [f"{significant(value)} on {in_words(day)}" for day, value in zip(days, km2.tolist(), strict=True)]
    text = f"Claimed land in {KM2}: {', '.join(told)}; in {where}."
    return Finding(AGREES if km2.is_monotonic_decreasing and km2.is_unique else DIFFERS, text)
