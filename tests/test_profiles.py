"""A quick run tries fewer worlds than a thorough one, and neither knows the clock."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TRIED: list[int] = []


@pytest.mark.parametrize("_once_more", [0, 1])
@settings(max_examples=12)
@given(number=st.integers())
def test_a_property(number: int, _once_more: int) -> None:
    """Any property: it only counts how often it is tried."""
    TRIED.append(number)


def test_a_property_was_tried_as_often_as_the_profile_says() -> None:
    """A third of the author's twelve in a quick run, all in a thorough one; twice, for the two parameters."""
    expected = {"quick": 4, "thorough": 12}
    assert len(TRIED) == 2 * expected.get(settings.get_current_profile_name(), len(TRIED) // 2)


@pytest.mark.parametrize("name", ["quick", "thorough"])
def test_no_profile_knows_the_clock(name: str) -> None:
    """No deadline for a single world, and no complaint about slow ones."""
    profile = settings.get_profile(name)
    assert profile.deadline is None
    assert HealthCheck.too_slow in profile.suppress_health_check
    assert profile.derandomize
