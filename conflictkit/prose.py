"""Figures and names as prose, the same in captions, tables, pages and sentences."""

from __future__ import annotations

import re
from decimal import Decimal
from importlib.metadata import version
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

KM2 = "km\N{SUPERSCRIPT TWO}"
FIGURES = 3  # significant figures of what a model computes: no source and no model of the field has more
LEAST_PERCENT = 0.05  # that a decimal shows
WHOLE_FROM = 10  # numbers below have decimals where they need them
NO_FIGURE = "no figure"
UNGRADED = "Z"  # after every grade

# Letters written from right to left (Unicode blocks from Hebrew to Arabic Extended-A, and what stands for them), and a
# stretch of words in them: a comma or a letter of ours ends it.
RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
BETWEEN = "' \u2019\u00a0\u200b-\u200d-"  # apostrophes, blanks, joiners, hyphen
STRETCH = re.compile(f"([{RIGHT_TO_LEFT}](?:[{RIGHT_TO_LEFT}{BETWEEN}]*[{RIGHT_TO_LEFT}])?)")
APART, AGAIN, ONWARD = "\u2068", "\u2069", "\u200e"  # first strong isolate, its end, and the mark of left to right
# Marks that turn what follows, to the end of the line where nobody closes them: names do not need them.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def number(value: float) -> str:
    """Return a number with thousands commas: whole from ten on, to three figures below; "no figure" for none."""
    if isnan(value):
        return NO_FIGURE
    if abs(value) >= WHOLE_FROM or value == int(value):
        return f"{value or 0.0:,.0f}"  # zero has no sign
    return f"{Decimal(f'{value:.{FIGURES}g}'):f}"  # without the e of 1.2e-05


def significant(value: float, figures: int = FIGURES) -> str:
    """Return a number to some significant figures, with thousands commas: 37,267 is 37,300."""
    return number(float(f"{value:.{figures}g}"))  # nan and inf are read back as what they are


def percent(share: float, *, tenths: bool = False) -> str:
    """Return a share as a percentage, with a decimal below one or always: 0.9 is 90 %; what is not nothing is not 0."""
    value = 100 * share
    if 0 < value < LEAST_PERCENT:
        return "< 0.1 %"
    return f"{value:.{1 if tenths or 0 < abs(value) < 1 else 0}f} %"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: 1 page, 2 pages, 1,152 places."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def listed(names: Iterable[str], *, most: int = 4) -> str:
    """Return names joined for prose, the rest counted: A, B, C and 12 others."""
    once = list(dict.fromkeys(names))
    if len(once) > most:
        return f"{', '.join(once[: most - 1])} and {len(once) - most + 1} others"
    return " and ".join([", ".join(once[:-1]), once[-1]] if len(once) > 1 else once)


def credit(sources: pd.DataFrame, *, without: int = 0) -> str:
    """Return the end of a caption for some rows of sources: how many pages, by whom, and the version of the kit.

    The publishers of the best grade come first: a caption names three, and those with most pages are not the best.
    """
    pages = sources["publisher"].dropna().value_counts()
    graded = sources.assign(grade=sources["reliability"].fillna(UNGRADED) if "reliability" in sources else UNGRADED)
    grade = graded.groupby("publisher")["grade"].min()
    publishers = sorted(pages.index, key=lambda name: (grade[name], -pages[name], name))
    told = f"Sources: {counted(len(sources), 'page')} by {listed(publishers)}. " if publishers else ""
    told += f"No page found: {counted(without, 'row')}. " if without else ""
    return f"{told}conflictkit {version('conflictkit')}."


def one_line(text: str) -> str:
    """Return text without line breaks, tabs and double blanks."""
    return " ".join(text.split())


def shortened(text: str, letters: int) -> str:
    """Return text of at most so many letters: the end of a longer one gives way to an ellipsis."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def in_order(sentence: str) -> str:
    """Return a sentence of ours whose names from right to left stay where they are written.

    Set as it is, a line that begins with an Arabic name runs from right to left as a whole, and a number after such a
    name is put before it (Unicode Standard Annex 9). A name alone has no marks.
    """
    plain = TURNS.sub("", sentence)
    if not STRETCH.search(plain) or STRETCH.fullmatch(plain.strip()):
        return plain
    lines = (STRETCH.sub(rf"{APART}\g<0>{AGAIN}", line.removeprefix(ONWARD)) for line in plain.split("\n"))
    return "\n".join(ONWARD + line if APART in line else line for line in lines)
