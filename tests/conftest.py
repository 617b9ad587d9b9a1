"""Fixtures shared by all tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Iterator


# The same worlds in every run: a red run can be repeated, and a change is never blamed for an old surprise. To look for
# surprises: pytest --hypothesis-seed=random --hypothesis-profile=default.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """Close what a test drew, without importing matplotlib where no test did."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def territory() -> ck.Territory:
    """Return the model on the shipped tables, built once."""
    return ck.Territory.from_places()
