"""Every question about forces and claims, asked of another war: nothing of the shipped tables may answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = "1993-07-01"
SHIPPED = ck.Tables.shipped()
WORDS = {"geonames", "other", "The Hill"}  # of the contract, of English, of the name of a paper of that war


@pytest.fixture(scope="module")
def territory(other_war: ck.Tables) -> ck.Territory:
    """Return who held what in another war."""
    return ck.Territory.from_places(tables=other_war)


ANSWERS: dict[str, Callable[[ck.Tables, ck.Territory], object]] = {
    "deployments_at": lambda tables, _: ck.deployments_at(DAY, tables=tables, assume_days=None),
    "order_of_battle": lambda tables, _: ck.order_of_battle(DAY, tables=tables, assume_days=None),
    "strength_over_time": lambda tables, _: ck.strength_over_time("guard", tables=tables),
    "backing_at": lambda tables, _: ck.backing_at(DAY, tables=tables, assume_days=None),
    "relations_at": lambda tables, _: ck.relations_at("1994-07-01", tables=tables, within_days=2000, assume_days=None),
    "distance_km": lambda tables, _: ck.distance_km("golf", "overseas", date=DAY, tables=tables),
    "distance to the border": lambda tables, _: ck.distance_km("golf", "border", tables=tables),
    "nearest_forces": lambda tables, _: ck.nearest_forces("delta", DAY, tables=tables, assume_days=None),
    "nearest_fronts": lambda tables, _: ck.nearest_fronts("golf", DAY, tables=tables),
    "besieged": lambda _, territory: ck.besieged(DAY, territory=territory),
    "pocket_at": lambda _, territory: ck.pocket_at("bravo", DAY, territory=territory),
    "check_claims": lambda _, territory: ck.check_claims(territory=territory),
}


def words_of(answer: object) -> str:
    """Return all text of an answer: cells, attributes, tree, HTML."""
    if isinstance(answer, pd.DataFrame):
        return f"{answer.to_csv()} {answer.attrs}"
    html = getattr(answer, "_repr_html_", str)()
    frame = getattr(answer, "frame", None)
    return f"{answer} {html} {words_of(frame) if frame is not None else ''}"


@pytest.mark.parametrize("question", ANSWERS)
def test_nothing_of_the_shipped_war_shows(question: str, other_war: ck.Tables, territory: ck.Territory) -> None:
    """No name or id of a shipped actor, side, source or place."""
    text = words_of(ANSWERS[question](other_war, territory))
    actors = SHIPPED.actors[~SHIPPED.actors["actor_id"].isin(other_war.actors["actor_id"])]
    sources, places = SHIPPED.sources, SHIPPED.places
    strange = [*actors["actor_id"], *actors["name"], *SHIPPED.sides["side"], *SHIPPED.sides["name"]]
    strange += [*sources["source_id"], *sources["publisher"], *places["place_id"], *places["name"], "Iraq", "Syria"]
    assert len(text) > 1
    assert [name for name in set(strange) - WORDS if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)] == []


def test_answers_are_those_of_the_tables(other_war: ck.Tables, territory: ck.Territory) -> None:
    """Worked by hand from the few rows of that war."""
    here = ck.deployments_at(DAY, tables=other_war, assume_days=None)
    assert here.actor_name.tolist() == [
        "Red Scouts",
        "Red Army of the Hills",
        "Blue Guard",
        "Blue Guard",
        *here.actor_name[4:],
    ]
    order = ck.order_of_battle(DAY, "red", tables=other_war, assume_days=None)
    assert str(order).splitlines()[1] == "The Red Side: 1,700\N{EN DASH}1,800 (2 of 2 forces with a figure)"
    border = ck.distance_km("golf", "border", tables=other_war)
    assert border.to_name == "border of Aland and Beland"
    assert border.km == pytest.approx(139, abs=1)  # 1.5 degrees of longitude
    assert ck.backing_at(DAY, tables=other_war, assume_days=None)[["backer", "actor"]].to_numpy().tolist() == [
        ["Overseas Union", "Blue Guard"]
    ]
    pocket = ck.pocket_at("bravo", DAY, territory=territory)
    assert (pocket.attrs["side"], pocket.attrs["place_ids"]) == (
        "red",
        ["bravo", "charlie", "foxtrot", "golf", "hotel"],
    )
    verdicts = ck.check_claims(territory=territory).set_index("claim_id").verdict
    assert verdicts.to_dict() == {"RC01": "agrees", "RC02": "cannot be checked", "RC03": "cannot be checked"}
