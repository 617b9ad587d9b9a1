"""Draw rows of the tables for an audit, and count the verdicts that people gave.

Each drawn row is checked by hand against a page other than the one that it cites::

    python data/build/audit.py draw    # the rows of each sample, the same for the same tables and seed
    python data/build/audit.py count   # what data/build/audit.csv says of them, with Wilson intervals
    python data/build/audit.py table   # the same verdicts as the tables of docs/audit.md

`draw` depends on the tables as they stand: once rows are mended or added, the same seed draws others. The rows that
were drawn stand in ``audit.csv``, with the verdict, the page looked at and what it says.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

DATA = Path(__file__).parents[1]
VERDICTS = Path(__file__).with_name("audit.csv")
SEED = 20261129
WORDS = ["right", "a day off", "wrong", "could not be found"]
Z95 = 1.959964


@dataclass(frozen=True)
class Sample:
    """So many rows of these tables, of one confidence where it is given."""

    name: str
    tables: dict[str, list[str]]  # each table with the columns of its key
    size: int
    confidence: str | None = None

    def rows(self) -> pd.DataFrame:
        """Return table and key of all rows that may be drawn, sorted."""
        found = []
        for table, key in self.tables.items():
            rows = pd.read_csv(DATA / f"{table}.csv", dtype=str, keep_default_na=False)
            if self.confidence is not None:
                rows = rows[(rows["confidence"] == self.confidence) & (rows["event"] != "initial")]
            keys = rows[key].agg(" ".join, axis=1)
            found.append(pd.DataFrame({"sample": self.name, "table": table, "key": keys}))
        return pd.concat(found).sort_values(["table", "key"], ignore_index=True)


CHANGE = ["place_id", "valid_from"]
SAMPLES = [
    Sample("control, confirmed", {"control_changes": CHANGE}, 20, "confirmed"),
    Sample("control, area-wide", {"control_changes": CHANGE}, 15, "area-wide"),
    Sample("deployments", {"deployments": ["deployment_id"]}, 15),
    Sample("estimates", {"fighter_estimates": ["estimate_id"], "area_estimates": ["estimate_id"]}, 10),
]


def draw(seed: int) -> pd.DataFrame:
    """Draw every sample, each from a stream of its own so that none depends on another's size."""
    drawn = []
    for number, sample in enumerate(SAMPLES):
        rows = sample.rows()
        picks = np.random.default_rng([seed, number]).choice(len(rows), sample.size, replace=False)
        drawn.append(rows.iloc[sorted(picks)])
    return pd.concat(drawn, ignore_index=True)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the Wilson score interval, 95 %, of a share; from 0 to 1 where nothing was looked at."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, Z95**2 / of
    half = Z95 * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    centre = share + spread / 2
    return max((centre - half) / (1 + spread), 0.0), min((centre + half) / (1 + spread), 1.0)


def count(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Count the verdicts of each sample and of all, with the shares wrong of those that could be checked."""
    samples = [(sample.name, verdicts.loc[verdicts["sample"] == sample.name, "verdict"]) for sample in SAMPLES]
    counted = []
    for name, given in [*samples, ("all", verdicts["verdict"])]:
        number = {word: int((given == word).sum()) for word in WORDS}
        checked = len(given) - number["could not be found"]
        line: dict[str, object] = {"sample": name, "drawn": len(given), **number, "checked": checked}
        for label, hits in {
            "wrong by more than a day": number["wrong"],
            "wrong or a day off": number["wrong"] + number["a day off"],
        }.items():
            low, high = wilson(hits, checked)
            line[label] = f"{hits / max(checked, 1):.1%} ({low:.1%}-{high:.1%})"
        counted.append(line)
    return pd.DataFrame(counted).set_index("sample")


def table(verdicts: pd.DataFrame) -> str:
    """Write the verdicts in Markdown, one table to a sample."""
    lines = []
    for sample in SAMPLES:
        lines += [f"### {sample.name[0].upper()}{sample.name[1:]}", "", "| row | verdict | page | what it says |"]
        lines += ["|---|---|---|---|"]
        rows = verdicts.loc[verdicts["sample"] == sample.name, ["key", "verdict", "checked_url", "says"]]
        for key, verdict, url, says in rows.to_numpy(dtype=str).tolist():
            page = f"[{urlsplit(url).netloc.removeprefix('www.')}]({url})" if url else ""
            lines.append(f"| `{key}` | {verdict} | {page} | {says} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def main() -> None:
    """Draw, count, or write the tables."""
    parser = argparse.ArgumentParser(description="Draw rows of the tables for an audit, and count the verdicts given.")
    parser.add_argument("what", choices=["draw", "count", "table"])
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    if options.what == "draw":
        print(f"seed {options.seed}")
        print(draw(options.seed).to_csv(index=False), end="")
        return
    verdicts = pd.read_csv(VERDICTS, dtype=str, keep_default_na=False)
    if unknown := sorted(set(verdicts["verdict"]) - set(WORDS)):
        message = f"no such verdict: {', '.join(unknown)}"
        raise SystemExit(message)
    print(table(verdicts) if options.what == "table" else count(verdicts).T.to_string())


if __name__ == "__main__":
    main()
