"""What a map of cells hides: each kind of finding, and the land that hangs on it."""

from __future__ import annotations

import pandas as pd
import pytest

from conflictkit import Territory, load_actors, load_control_changes, load_places
from conflictkit.errors import DateError

KINDS = {"open_capture", "no_evidence", "close_pair", "outside_borders"}


@pytest.fixture(scope="module")
def shipped() -> Territory:
    """Build the model of the shipped tables."""
    return Territory.from_places()


def test_findings_are_typed_and_sorted(shipped: Territory) -> None:
    """One row per finding, by kind and place, whatever the kind."""
    found = shipped.stale()
    assert set(found.kind) == KINDS
    assert found.equals(found.sort_values(["kind", "place_id", "other_place_id"], ignore_index=True))
    assert not found.duplicated(["kind", "place_id", "other_place_id"]).any()
    assert found.valid_from.dtype.kind == "M"
    assert found.detail.str.len().gt(10).all()
    assert set(found.place_id) <= set(shipped.places.place_id)


def test_land_of_a_finding_is_the_cell_of_its_place(shipped: Territory) -> None:
    """Of a pair, the cell of the second, which the first would have if the two were one."""
    found = shipped.stale()
    cells = shipped.cells.groupby("place_id")[["claimed_km2", "core_km2"]].sum()
    place = found.other_place_id.fillna(found.place_id)
    known = place.isin(cells.index)
    assert known.mean() > 0.98
    for column in ("claimed_km2", "core_km2"):
        assert found[known][column].to_numpy() == pytest.approx(cells.loc[place[known], column].to_numpy())
        assert (found[~known][column] == 0).all()


def test_open_captures_are_held_to_the_end(shipped: Territory) -> None:
    """By non-state holders, with the day of the capture; counted again from the table."""
    found = shipped.stale().query("kind == 'open_capture'").set_index("place_id")
    states = load_actors().query("kind in ['state', 'state_force', 'state_of_control']").actor_id
    last = load_control_changes().sort_values("valid_from").groupby("place_id").tail(1).set_index("place_id")
    expected = last[last.event.ne("initial") & ~last.to_actor.isin(states)].sort_index()
    assert found.index.tolist() == expected.index.tolist()
    assert (found.actor_id == expected.to_actor).all()
    assert (found.valid_from == expected.valid_from).all()


@pytest.mark.parametrize("days", [0, 365, 1_500, 5_000])
def test_no_evidence_is_counted_in_days_before_the_date(shipped: Territory, days: int) -> None:
    """A row exactly that old is still evidence; rows after the date are none."""
    day = pd.Timestamp("2016-06-30")
    found = shipped.stale(day, days=days).query("kind == 'no_evidence'").set_index("place_id")
    rows = load_control_changes()
    age = (day - rows[rows.valid_from <= day].groupby("place_id").valid_from.max()).dt.days
    assert set(found.index) == set(age.index[age > days])
    oldest = shipped.stale(day, days=int(age.max())).query("kind == 'no_evidence'")
    assert len(oldest) == 0
    for place in found.index[:5]:
        assert f"{age[place]} days before 2016-06-30" in found.detail[place]


def test_default_date_is_the_last_of_the_table(shipped: Territory) -> None:
    """So that a table is not stale because it is old."""
    assert shipped.stale().equals(shipped.stale("2019-12-23", days=365))
    assert load_control_changes().valid_from.max() == pd.Timestamp("2019-12-23")


def test_twins_and_places_without_a_point_are_found() -> None:
    """Two on one point, and one that has rows but no coordinates: nothing of it is counted, and that is said."""
    places, changes = load_places(), load_control_changes()
    used = places[places.place_id.isin(changes.place_id) & places.latitude.notna()]
    twin = used[used.place_id == "al-qaim"].assign(place_id="zz-twin")
    nowhere = twin.assign(
        place_id="zz-nowhere", latitude=float("nan"), longitude=float("nan"), where_prec="area", kind="area"
    )
    rows = changes[changes.place_id == "al-qaim"]
    territory = Territory.from_places(
        pd.concat([changes, rows.assign(place_id="zz-twin"), rows.assign(place_id="zz-nowhere")], ignore_index=True),
        pd.concat([places, twin, nowhere], ignore_index=True),
    )
    found = territory.stale().set_index("kind")
    same = found.loc["same_point"]
    assert (same.place_id, same.other_place_id, same.claimed_km2) == ("al-qaim", "zz-twin", 0)
    assert found.loc["no_coordinates"].place_id == "zz-nowhere"
    assert pd.isna(found.loc["no_coordinates"].claimed_km2)


def test_a_date_that_is_none_is_refused(shipped: Territory) -> None:
    """With the value."""
    with pytest.raises(DateError, match="soon"):
        shipped.stale("soon")
