"""Fixtures shared by all tests, and how often a property is tried."""

from __future__ import annotations

import math
import os

import pytest
import synthetic
from hypothesis import HealthCheck, is_hypothesis_test, settings

import conflictkit as ck

# The same worlds in every run: a red run can be repeated, and a change is never blamed for an old surprise. To look for
# surprises: pytest --hypothesis-seed=random --hypothesis-profile=default. No profile knows the clock: a busy machine
# fails nothing.
STEADY = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", STEADY, max_examples=100)
settings.register_profile("quick", STEADY, max_examples=30)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark property tests; a quick run tries a third of the worlds that the test's author names, ten at most."""
    properties = [item for item in items if is_hypothesis_test(getattr(item, "obj", None))]
    for item in properties:
        item.add_marker("property")
    if settings.get_current_profile_name() != "quick":
        return
    for test in {getattr(item.obj, "__func__", item.obj) for item in properties}:  # once, however many parameters
        own = test._hypothesis_internal_use_settings  # noqa: SLF001 - tests/test_profiles.py sees that it has the effect
        test._hypothesis_internal_use_settings = settings(own, max_examples=quick_count(own.max_examples))  # noqa: SLF001


def quick_count(count: int) -> int:
    """Return how many worlds a quick run tries where a thorough one tries so many."""
    return min(10, math.ceil(count / 3))


@pytest.fixture(scope="session")
def territory() -> ck.Territory:
    """Return the model on the shipped tables, built once."""
    return ck.Territory.from_places()


@pytest.fixture(scope="session")
def other_war() -> ck.Tables:
    """Return the tables of another war: nothing of the shipped one may show in what is made of them."""
    return synthetic.other_war()
