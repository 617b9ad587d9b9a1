"""Quantities in words: what each wording stands for, and that nothing is guessed."""

from __future__ import annotations

from math import isnan

import pytest

import conflictkit as ck
from conflictkit.errors import EstimateError, TableError

READ = {
    "a few thousand": "2,000–6,000",
    "several hundred": "300–900",
    "fewer than 1,000": "at most 1,000",
    "about a third": "0.3–0.367",
    "between 15 and 20 thousand": "15,000–20,000",
    "up to 10,000": "at most 10,000",
    "over 15,000": "at least 15,000",
    "more than 6,000": "at least 6,000",
    "15,000\N{EN DASH}20,000 fighters": "15,000–20,000",
    "some thirty-five thousand fighters": "31,500–38,500",
    "twenty-thirty": "20–30",
    "from 500 to 2 thousand": "500–2,000",
    "5,000+": "at least 5,000",
    "9,000 or more": "at least 9,000",
    "nearly 30,000": "27,000–30,000",
    "a hundred thousand": "100,000",
    "at least a few hundred": "at least 200",
    "about 15,000 to 20,000": "15,000–20,000",
    "20 to 30 percent": "0.2–0.3",
    "\u0661\u066c\u0665\u0660\u0660-\u0662\u066c\u0665\u0660\u0660": "1,500–2,500",
}
REFUSED = (
    "umpteen",
    "",
    "n/a",
    "unknown",
    "59.000",
    "5,000 to 1,000",
    "between 30 and",
    "more",
    "90,80",
    "at least up to 5",
    "9" * 400,
)


@pytest.mark.parametrize(("text", "expected"), READ.items(), ids=READ)
def test_wordings_are_read(text: str, expected: str) -> None:
    """Each wording gives its interval."""
    assert str(ck.range_from_words(text)) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(EstimateError):
        ck.range_from_words(text)


def test_only_text_is_read() -> None:
    """A number is no wording."""
    with pytest.raises(EstimateError, match="not int"):
        ck.range_from_words(3)  # type: ignore[arg-type]


def test_unknown_wording_gets_the_nearest() -> None:
    """A typing error is named with what was meant."""
    with pytest.raises(EstimateError, match=r"'sevral'.*nearest is 'several'"):
        ck.range_from_words("sevral hundred")


def test_best_only_where_one_exact_number_is_given() -> None:
    """About 2,000 has a best; a few, nearly and a range have none."""
    assert ck.range_from_words("about 2,000").best == 2000
    assert all(isnan(ck.range_from_words(text).best) for text in ("a few", "nearly 2,000", "1 to 2", "over 5"))


def test_shares_are_parts_of_one() -> None:
    """The unit tells a third from three hundred."""
    assert ck.range_from_words("more than half").unit == "share"
    assert ck.range_from_words("a few").unit == "count"


def test_conventions_are_named_and_can_be_edited() -> None:
    """The sentence of the table comes with the range; another table reads otherwise."""
    assert "a few" in ck.range_from_words("a few thousand").how
    words = ck.load_quantity_words()
    words.loc[words["phrase"] == "a few", ["low", "high"]] = [3, 5]
    mine = ck.Tables.shipped().replace(quantity_words=words)
    assert str(ck.range_from_words("a few thousand", tables=mine)) == "3,000–5,000"


def test_the_words_of_another_war_are_its_own(other_war: ck.Tables) -> None:
    """What the shipped table reads is no word there, and the other way round."""
    assert str(ck.range_from_words("a handful", tables=other_war)) == "3–6"
    with pytest.raises(EstimateError, match="'several' of 'several' is no wording of the table; the nearest is"):
        ck.range_from_words("several", tables=other_war)
    none = other_war.replace(quantity_words=other_war.quantity_words.head(0))
    assert ck.range_from_words("1,500", tables=none).best == 1500
    with pytest.raises(EstimateError, match="no wording of the table, which has none"):
        ck.range_from_words("a handful", tables=none)


def test_a_broken_table_is_refused() -> None:
    """A wording without its numbers is found before anything is read."""
    words = ck.load_quantity_words()
    words.loc[words["phrase"] == "a few", "low"] = float("nan")
    with pytest.raises(TableError, match="a phrase of this kind has a value"):
        ck.Tables.shipped().replace(quantity_words=words)
