"""Numbers, counts and lists as prose."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit import prose


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (-0.0, "0"),
        (5, "5"),
        (9.53, "9.53"),
        (9.999, "10"),
        (1234.5, "1,234"),
        (90800.0, "90,800"),
        (-1500, "-1,500"),
        (0.3333, "0.333"),
        (0.000012345, "0.0000123"),
        (float("nan"), "no figure"),
        (float("inf"), "inf"),
    ],
)
def test_number(value: float, words: str) -> None:
    """Thousands have commas, small numbers three figures, and none an exponent."""
    assert prose.number(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (37267, "37,300"),
        (999.6, "1,000"),
        (0.12345, "0.123"),
        (0, "0"),
        (float("nan"), "no figure"),
        (-37267, "-37,300"),
    ],
)
def test_significant(value: float, words: str) -> None:
    """No more figures than a model has."""
    assert prose.significant(value) == words
    assert prose.significant(37267, 2) == "37,000"


@pytest.mark.parametrize(
    ("share", "words", "tenths"),
    [
        (0.9, "90 %", "90.0 %"),
        (0.0061, "0.6 %", "0.6 %"),
        (0.0006, "0.1 %", "0.1 %"),
        (0.0004, "< 0.1 %", "< 0.1 %"),
        (0, "0 %", "0.0 %"),
    ],
)
def test_percent(share: float, words: str, tenths: str) -> None:
    """What is not nothing is never said to be 0."""
    assert (prose.percent(share), prose.percent(share, tenths=True)) == (words, tenths)


def test_counted() -> None:
    """One page, two pages."""
    told = [prose.counted(n, "page") for n in (0, 1, 2, 1152)]
    assert told == ["0 pages", "1 page", "2 pages", "1,152 pages"]
    assert [prose.counted(n, "country", "countries") for n in (1, 2)] == ["1 country", "2 countries"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("", ""),
        ("A", "A"),
        ("AB", "A and B"),
        ("ABC", "A, B and C"),
        ("ABCD", "A, B, C and D"),
        ("ABCDE", "A, B, C and 2 others"),
        ("AABBA", "A and B"),
    ],
)
def test_listed(names: str, words: str) -> None:
    """The rest is counted, and nothing is named twice."""
    assert prose.listed(names) == words
    assert prose.listed("ABC", most=2) == "A and 2 others"


@given(st.lists(st.text(min_size=1), max_size=9))
def test_a_list_of_names_loses_nobody(names: list[str]) -> None:
    """Named or counted, everybody is there."""
    once = list(dict.fromkeys(names))
    text = prose.listed(names)
    named = once if len(once) <= 4 else once[:3]
    assert all(name in text for name in named)
    assert len(once) == len(named) or text.endswith(f" and {len(once) - 3} others")


def test_credit_counts_pages_and_publishers() -> None:
    """Each publisher once, those with most pages first; a page that no table has counts too."""
    sources = pd.DataFrame({"publisher": ["B", "A", "B", None]}, dtype="str")
    version = f"conflictkit {ck.__version__}."
    assert prose.credit(sources) == f"Sources: 4 pages by B and A. {version}"
    assert prose.credit(sources.head(1)) == f"Sources: 1 page by B. {version}"
    assert prose.credit(sources.head(0)) == version


SYRIANS, STATE = "قوات سوريا الديمقراطية", "الدولة"


@pytest.mark.parametrize(
    ("sentence", "ordered"),
    [
        ("Al Qaim, 12,000 km2", "Al Qaim, 12,000 km2"),
        (SYRIANS, SYRIANS),  # alone, it has its own direction
        (f"{STATE} 93", f"\u200e\u2068{STATE}\u2069 93"),
        (f"{SYRIANS}, {STATE}: 2017", f"\u200e\u2068{SYRIANS}\u2069, \u2068{STATE}\u2069: 2017"),
        (f"on two lines\n{STATE} and more", f"on two lines\n\u200e\u2068{STATE}\u2069 and more"),
        ("a name \u202ethat turns, and what follows", "a name that turns, and what follows"),
        ("צבא the army", "\u200e\u2068צבא\u2069 the army"),
    ],
)
def test_names_from_right_to_left_stay_in_their_sentence(sentence: str, ordered: str) -> None:
    """Each apart from what is beside it, on a line that runs from left to right; saying it twice changes nothing."""
    assert prose.in_order(sentence) == ordered
    assert prose.in_order(ordered) == ordered


@given(st.text(), st.integers(1, 30))
def test_shortened(text: str, letters: int) -> None:
    """Never longer than asked, as it is if it fits, without a blank before the ellipsis."""
    cut = prose.shortened(text, letters)
    assert len(cut) <= letters
    assert cut == text if len(text) <= letters else cut.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert len(text) <= letters or not cut[:-1].endswith(" ")
