"""The page docs/editing-the-tables.md, step by step, as a reader follows it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.__main__ import main

PAGE = (Path(__file__).parents[1] / "docs" / "editing-the-tables.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the blocks of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow
def test_the_page_followed_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Copy, page, row, check, what changes, and a figure of before."""
    monkeypatch.chdir(tmp_path)
    copy, compare = blocks("python")
    page, row = blocks("csv")
    ck.save_figure(ck.plot_territory(ck.Territory.from_places(), "2017-11-18", extent="rumana"), "figure.png")
    exec(copy, {})  # noqa: S102 - the page's own code
    with Path("my-tables/sources.csv").open("a", encoding="utf-8") as file:
        file.write(page)
    changes = Path("my-tables/control_changes.csv")
    lines = changes.read_text(encoding="utf-8").splitlines(keepends=True)
    later = next(line for line in lines if line.startswith("rumana,2017-11-11"))
    changes.write_text("".join([*lines, row]), encoding="utf-8")
    # the row of 11 November does not follow on: the check says so, and the page says what to do
    assert main(["check", "my-tables"]) == 1
    assert "from_actor" in capsys.readouterr().err
    changes.write_text("".join([*(line for line in lines if line != later), row]), encoding="utf-8")
    check, verify = (block.removeprefix("$ conflictkit ").split() for block in blocks("console"))
    assert main(check) == 0
    capsys.readouterr()
    names: dict[str, object] = {"ck": ck}
    exec(compare, names)  # noqa: S102 - the page's own code
    found, land = names["found"], names["land"]
    assert isinstance(found, pd.DataFrame)
    assert isinstance(land, pd.DataFrame)
    told = found[found["table"] != "area"]
    assert set(told["row_key"]) == {"rumana, 2017-11-06", "rumana, 2017-11-11", "my-paper-2017-11-06"}
    km2 = land.set_index("row_key")[["old", "new"]].astype(float)
    moved = km2["new"] - km2["old"]
    assert moved["2017-11-06, IQ, iraq_gov"] == pytest.approx(-moved["2017-11-06, IQ, isis"], abs=0.11)
    assert moved["2017-11-06, IQ, iraq_gov"] > 50
    days = land["row_key"].str.split(", ").str[0]
    assert (days.min(), days.max() < "2017-11-11") == ("2017-11-06", True)
    assert main(verify) == 1
    assert "control_changes rumana, 2017-11-11: the row is gone" in capsys.readouterr().err
