"""Names of places: folding, the one place that a name means, and those it may mean."""

from __future__ import annotations

from difflib import SequenceMatcher

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import PlaceError, UnknownNameError
from conflictkit.placenames import ALIKE, fold, names_of, place_id_of

PLACES = pd.DataFrame(
    {
        "place_id": ["suran-hama", "suran-aleppo", "new-town", "sinjar"],
        "name": ["Suran (Hama)", "Sawran", "New Town", "Sinjar"],
        "name_ar": ["صوران", None, "البلدة الجديدة", None],
        "aliases": [None, "Ṣūrān;Soran", "old-town;Newtown", None],
        "admin1": ["Hama", "Aleppo", "Homs", "Nineveh"],
    }
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Qaim", "al qaim"),
        ("Al Qā’im", "Al Qa'im"),
        ("‘Ayn al ‘Arab", "Ayn al-Arab"),
        ("Deir ez-Zor", "DEIR EZ ZOR"),
        ("الرقة", "رقه"),
        ("أبو كمال", "ابو كمال"),
        ("عين عيسى", "عين عيسي"),
        ("Şūrān", "Suran"),
        ("تَدْمُر", "تدمر"),
        ("کوبانی", "كوباني"),
    ],
)
def test_spellings_fold_to_one(one: str, other: str) -> None:
    """Case, marks, hyphens, the article and the forms of Arabic letters make no difference."""
    assert fold(one) == fold(other) != ""


def test_a_word_that_is_only_an_article_stays() -> None:
    """What is left is never nothing, where there was a letter."""
    assert fold("Al") == "al"
    assert fold(" - ") == ""


def test_an_id_wins_then_the_one_match() -> None:
    """As written; else the only place with that spelling."""
    assert place_id_of("sinjar", PLACES) == "sinjar"
    assert place_id_of("SINJAR", PLACES) == "sinjar"
    assert place_id_of("Soran", PLACES) == "suran-aleppo"
    assert place_id_of("بلده جديده", PLACES) == "new-town"


def test_namesakes_are_refused_and_named() -> None:
    """In Hama and in Aleppo: neither is chosen."""
    with pytest.raises(PlaceError, match=r"'Suran' is the name of 2 places: 'suran-hama' \(Hama\), 'suran-aleppo'"):
        place_id_of("Suran", PLACES)
    assert place_id_of("Suran", PLACES, among=["suran-hama"]) == "suran-hama"


def test_an_id_that_left_is_taken_with_a_warning() -> None:
    """The warning names the new one; a name that is another spelling gives none."""
    with pytest.warns(FutureWarning, match="'old-town' is now 'new-town'"):
        assert place_id_of("old-town", PLACES) == "new-town"
    assert place_id_of("Newtown", PLACES) == "new-town"


@pytest.mark.parametrize("text", ["nowhere", "", " - ", 7, None, ["sinjar"], "x" * 100_000])
def test_no_such_place(text: object) -> None:
    """Nothing of that name, and what is no name."""
    with pytest.raises(PlaceError, match=r"Unknown place .*find_place"):
        place_id_of(text, PLACES)


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        *(("Deir Ezzor", "deir-ez-zor"), ("Dayr az Zawr", "deir-ez-zor"), ("دير الزور", "deir-ez-zor")),
        *(("Al-Bukamal", "abu-kamal"), ("Abu Kamal", "abu-kamal"), ("Albu Kamal", "abu-kamal")),
        *(("الرقة", "raqqa"), ("Ar Raqqah", "raqqa"), ("Rakka", "raqqa"), ("Mosul", "mosul"), ("الموصل", "mosul")),
        *(("Tadmur", "palmyra"), ("Al Qaim", "al-qaim"), ("Kobane", "kobani"), ("Ain al-Arab", "kobani")),
    ],
)
def test_usual_spellings(text: str, place_id: str) -> None:
    """Spellings of the newsrooms are found first, as the same name."""
    first = ck.find_place(text).iloc[0]
    assert (first.place_id, first.likeness) == (place_id, 1)


def test_candidates() -> None:
    """Alike in letters where nothing is the same; the best first; nothing for what is like nothing."""
    near = ck.find_place("Falluja")
    assert near.place_id.iloc[0] == "fallujah"
    assert near.why.iloc[0] == "like its id"
    assert near.likeness.is_monotonic_decreasing
    assert near.likeness.ge(0.75).all()
    for text in ("Xyzzy", "", "7", "x" * 1000):
        assert ck.find_place(text).empty
    assert list(ck.find_place("Xyzzy").columns) == list(near.columns)


WORDS = st.text("abcd -", max_size=9)


@given(names=st.lists(WORDS, min_size=1, max_size=12), text=WORDS)
@example(names=["abc", "cba", "abca"], text="abca")
@example(names=["abcdabcd"], text="dcbadcba")
def test_the_bound_on_likeness_leaves_no_name_out(names: list[str], text: str) -> None:
    """The same places, just as like, as where every spelling is compared letter by letter."""
    places = pd.DataFrame({"place_id": [f"p{number}" for number in range(len(names))], "name": names})
    plain: dict[str, float] = {}
    for written, spelling in names_of(places).spellings:
        ratio = SequenceMatcher(a=written, b=fold(text), autojunk=False).ratio()
        if written and fold(text) and ratio >= max(ALIKE, plain.get(spelling.place_id, 0)):
            plain[spelling.place_id] = ratio
    alike = names_of(places).alike(text, set(places["place_id"]))
    assert {place_id: ratio for place_id, (ratio, _) in alike.items()} == plain


def test_by_country() -> None:
    """Only places of the country."""
    assert ck.find_place("Raqqa", country="SY").place_id.tolist() == ["raqqa"]
    assert "raqqa" not in ck.find_place("Raqqa", country="IQ").place_id.tolist()
    with pytest.raises(UnknownNameError, match="country"):
        ck.find_place("Raqqa", country="Syria")
    with pytest.raises(PlaceError, match="Not the name"):
        ck.find_place(7)  # type: ignore[arg-type]


def test_functions_take_names() -> None:
    """The same answer by id and by name."""
    assert ck.distance_km("Albu Kamal", "Deir Ezzor").km == ck.distance_km("abu-kamal", "deir-ez-zor").km
    near = ck.nearest_forces("Albu Kamal", "2017-11-03", within_km=50)
    assert near.how.tolist() == ck.nearest_forces("abu-kamal", "2017-11-03", within_km=50).how.tolist()
    assert ck.order_of_battle("2017-06-10", place_id="Ar Raqqah").frame.equals(
        ck.order_of_battle("2017-06-10", place_id="raqqa").frame
    )


def test_names_are_folded_once_a_table() -> None:
    """The second look-up takes the names of the first; another table, equal or not, has its own."""
    mine = PLACES.copy()
    assert names_of(mine) is names_of(mine)
    other = mine.assign(name=["One", "Two", "Three", "Four"])
    assert place_id_of("Four", other) == "sinjar"
    with pytest.raises(PlaceError, match="Unknown place"):
        place_id_of("Four", mine)


def test_husaybah_is_the_town_of_al_qaim() -> None:
    """The id that left is taken, with a warning that names the new one; the name as it is."""
    places = ck.Tables.shipped().places
    with pytest.warns(FutureWarning, match="'husaybah-al-qaim' is now 'al-qaim'"):
        assert place_id_of("husaybah-al-qaim", places) == "al-qaim"
    assert place_id_of("Husaybah", places) == "al-qaim"


def test_mosul_as_a_whole_answers_by_its_banks() -> None:
    """The city has no row of its own: its two banks are named, and nothing that only bears its name."""
    with pytest.raises(PlaceError, match="No land for 'Mosul' as a whole: ask for 'east-mosul' or 'west-mosul'"):
        ck.pocket_at("Mosul", "2017-06-01")
    assert ck.distance_km("Mosul", "raqqa").km > 300
