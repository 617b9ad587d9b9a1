"""What the tests of estimates share: a way to write down a published figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROW: dict[str, Any] = {
    "as_of": pd.Timestamp("2017-11-03"),
    "date_prec": "day",
    "published_date": pd.Timestamp("2017-11-03"),
    "actor_id": "isis",
    "scope": "IQ;SY",
    "place_id": None,
    "low": float("nan"),
    "best": float("nan"),
    "high": float("nan"),
    "bound_type": "range",
    "quantity": "fighters",
    "estimator": "A",
    "estimator_actor_id": None,
    "source_id": "reuters-2017-11-03",
    "quote": None,
    "note": None,
}


@pytest.fixture(scope="session")
def rows() -> Callable[..., pd.DataFrame]:
    """Return a function that makes a table of figures, each given by what differs from an empty one."""

    def make(*figures: dict[str, Any]) -> pd.DataFrame:
        told = [{**ROW, "estimate_id": f"row-{i}", **figure} for i, figure in enumerate(figures)]
        frame = pd.DataFrame(told)
        text = [name for name in frame if name not in {"as_of", "published_date", "low", "best", "high"}]
        return frame.astype(dict.fromkeys(text, "str") | dict.fromkeys(("low", "best", "high"), "float64"))

    return make


@pytest.fixture(scope="session")
def areas() -> Callable[..., pd.DataFrame]:
    """Return a function that makes a table of areas held or lost."""
    area: dict[str, Any] = {
        **{name: value for name, value in ROW.items() if name != "quantity"},
        "metric": "area_held",
        "unit": "km2",
        "baseline_date": pd.NaT,
        "control_definition": "core",
    }

    def make(*figures: dict[str, Any]) -> pd.DataFrame:
        told = [{**area, "estimate_id": f"row-{i}", **figure} for i, figure in enumerate(figures)]
        frame = pd.DataFrame(told)
        for name in ("as_of", "baseline_date"):
            frame[name] = pd.to_datetime(frame[name])
        return frame.astype(dict.fromkeys(("low", "best", "high"), "float64"))

    return make
