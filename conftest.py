"""What holds for tests and for the examples in docstrings and pages alike."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """Close what was drawn, without importing matplotlib where nothing was."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
