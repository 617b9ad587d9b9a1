"""Options of pandas that a reader has set change no cell: nothing becomes a word, nothing is lost, nothing fails."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

OPTIONS = {
    "as they come": "",
    "objects for text": "pd.options.future.infer_string = False",
    "NaN is not NA": "pd.options.future.distinguish_nan_and_na = True",
    "Python's scalars": "pd.options.future.python_scalars = True",
    "text in Python": "pd.options.mode.string_storage = 'python'",
    "no speed": "pd.options.compute.use_numexpr = pd.options.compute.use_bottleneck = False",
    "short display": (
        "pd.options.display.max_columns = pd.options.display.max_rows = 1; pd.options.display.max_colwidth = 5; "
        "pd.options.display.precision = 1; pd.options.display.float_format = '{:.1e}'.format"
    ),
    "order of dates": "pd.options.display.date_dayfirst = True",
}
RELATIONS_AND_FINDINGS = (59, 69)
# Every loader, frames of one's own as pandas reads them, and what is made of both: each cell as text, None for none.
CODE = """
import json, warnings
import pandas as pd
warnings.simplefilter("ignore")
{option}
import conflictkit as ck
from conflictkit.files import data_folder

def cells(frame):
    plain = pd.DataFrame(frame).drop(columns="geometry", errors="ignore")
    return {{str(name): [None if pd.isna(cell) else str(cell) for cell in plain[name]] for name in plain}}

own = {{name: pd.read_csv(data_folder() / f"{{name}}.csv") for name in ("control_changes", "actors", "deployments")}}
territory = ck.Territory.from_places(own["control_changes"], actors=own["actors"])
found = {{name: cells(getattr(ck, name)()) for name in dir(ck) if name.startswith("load_") and name != "load_events"}}
found |= {{f"own {{name}}": cells(ck.validate(frame, name)) for name, frame in own.items()}}
found |= {{
    "dtypes": {{name: str(dtype) for name, dtype in ck.load_places().dtypes.items()}},
    "rejected": cells(ck.Tables.shipped().replace(places=ck.load_places().iloc[9:]).rejected),
    "holders": cells(territory.holders("2017-11-03")),
    "area": cells(territory.area("2017-11-03")),
    "changes": cells(territory.changes("2017-01-01", "2017-11-03")),
    "stale": cells(territory.stale("2017-11-03")),
    "there": cells(ck.deployments_at("2017-11-03", own["deployments"])),
    "order": cells(ck.order_of_battle("2017-11-03").frame),
    "order in words": str(ck.order_of_battle("2017-11-03")),
    "relations": cells(ck.relations_at("2017-11-03")),
    "audit": cells(ck.audit_estimates(ck.load_fighter_estimates())),
    "listing": ck.estimates_table()._repr_html_(),
    "claims": cells(ck.check_claims(territory=territory)),
    "page": str(ck.map_deployments(territory, ["2017-11-03"]).data),
}}
print(json.dumps(found, sort_keys=True))
"""


@cache
def found_with(option: str) -> dict[str, object]:
    """Return what a process of its own finds under an option, which has to be set before anything is read."""
    command = [sys.executable, "-c", CODE.format(option=option)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "option",
    [pytest.param(option, id=name, marks=pytest.mark.slow) for name, option in OPTIONS.items() if option],
)
def test_no_option_changes_a_cell(option: str) -> None:
    """With infer_string off "None" backed Canada, and the Islamic State belonged to None."""
    found, expected = found_with(option), found_with("")
    assert {name for name in expected if found[name] != expected[name]} == set()


def test_numbers_that_the_option_changed() -> None:
    """So many relations and findings, no actor of the name None."""
    found = found_with(OPTIONS["objects for text"])
    relations, audit = found["relations"], found["audit"]
    assert isinstance(relations, dict)
    assert isinstance(audit, dict)
    assert "None" not in {*relations["actor_id"], *relations["other_id"]}
    assert (len(relations["actor_id"]), len(audit["check"])) == RELATIONS_AND_FINDINGS
