"""What a place is called: spellings folded to one, the places that a text may mean, and the one that it means."""

from __future__ import annotations

import re
import unicodedata
import warnings
import weakref
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.errors import SHOWN, PlaceError, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from numpy.typing import NDArray

    from conflictkit.errors import ConflictkitError

ALIKE = 0.75  # of 1: folded spellings that are less alike are not the same name mistyped
# The article as it is written before the letters of the sun and of the moon.
ARTICLES = frozenset(
    {
        *("al", "el", "ul", "ar", "er", "ur", "as", "es", "us", "ash", "esh", "ad", "ed", "ud", "adh", "edh"),
        *("an", "en", "un", "at", "et", "ut", "ath", "eth", "az", "ez", "uz"),
    }
)
# Letters of Arabic that are written for one another, and their Persian and Kurdish twins.
ARABIC = str.maketrans("أإآٱىیېةۀەھؤئکگ", "اااايييهههه" + "وي" + "كك")
LETTERS = str.maketrans({"ı": "i", "ø": "o", "ß": "ss", "æ": "ae", "ð": "d", "ł": "l"})
LEAST = 3  # letters that are left of an Arabic word when its article goes
BESIDE_DEG = 0.15  # of its point, parts of a city lie
NAMED = 5  # candidates that a message names

_ASIDE = re.compile(r"\s*\([^)]*\)")
_OLD_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+", re.ASCII)


class Spelling(NamedTuple):
    """One way to write a place."""

    place_id: str
    written: str
    what: str  # the column that it stands in


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return a name without what spellings differ in: case, marks, hyphens, the article, forms of Arabic letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(ARABIC).translate(LETTERS))
    # marks of vowels, strokes and the tatweel go, and so do the signs of ayn and hamza, which are no letters here
    letters = "".join(
        letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Lm"} and letter not in "ـ'`‘’ء"
    )
    words = re.findall(r"\w+", letters)
    kept = [word for word in words[:-1] if word not in ARTICLES] + words[-1:]
    return "".join(word[2:] if word.startswith("ال") and len(word) >= len("ال") + LEAST else word for word in kept)


def spellings(places: pd.DataFrame) -> Iterator[Spelling]:
    """Yield all ways to write the places; what stands in brackets of a name tells namesakes apart, and may be left."""
    there = [column for column in ("name", "name_ar", "aliases") if column in places]
    for place_id, *cells in places[["place_id", *there]].itertuples(index=False):
        yield Spelling(place_id, place_id, "place_id")
        for what, cell in zip(there, cells, strict=True):
            if pd.isna(cell):
                continue
            for part in str(cell).split(";") if what == "aliases" else [str(cell)]:
                yield Spelling(place_id, part, what)
                if (bare := _ASIDE.sub("", part)) not in {part, ""}:
                    yield Spelling(place_id, bare, what)


class Names:
    """All spellings of a table of places, folded once."""

    def __init__(self, places: pd.DataFrame) -> None:
        self.ids = frozenset(places["place_id"])
        self.spellings = [(fold(spelling.written), spelling) for spelling in spellings(places)]
        self.aliases = {(each.place_id, each.written) for _, each in self.spellings if each.what == "aliases"}
        self._same: dict[str, dict[str, Spelling]] = {}
        for folded, spelling in self.spellings:
            self._same.setdefault(folded, {}).setdefault(spelling.place_id, spelling)

    def exact(self, text: str, among: Container[str]) -> dict[str, Spelling]:
        """Return the places that have the text as a spelling, after folding: the first such spelling of each."""
        folded = fold(text)
        same = self._same.get(folded, {}) if folded else {}
        return {place_id: spelling for place_id, spelling in same.items() if place_id in among}

    def alike(self, text: str, among: Container[str]) -> dict[str, tuple[float, Spelling]]:
        """Return the places with a spelling like the text, after folding: how like, of 1, and the spelling."""
        folded = fold(text)
        found: dict[str, tuple[float, Spelling]] = {}
        if not folded or len(text) > SHOWN:
            return found  # nobody mistyped a name that long, and comparing long text takes hours
        matcher = SequenceMatcher(b=folded, autojunk=False)
        most = self._most_alike(folded)
        for number in np.flatnonzero(most >= ALIKE).tolist():
            written, spelling = self.spellings[number]
            least = max(ALIKE, found[spelling.place_id][0] if spelling.place_id in found else 0.0)
            if most[number] < least or spelling.place_id not in among:
                continue
            matcher.set_seq1(written)
            ratio = matcher.ratio()
            if ratio > least or (ratio == least and spelling.place_id not in found):
                found[spelling.place_id] = (ratio, spelling)
        return found

    def _most_alike(self, folded: str) -> NDArray[np.float64]:
        """Return how like a folded text each spelling is at most: as if the letters they share stood in one order."""
        shared = np.zeros(len(self.spellings), dtype=np.int64)
        for letter, times in Counter(folded).items():
            if letter in self._letters:
                where, there = self._letters[letter]
                shared[where] += np.minimum(there, times)
        return 2 * shared / (self._lengths + len(folded))

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        """How many letters each folded spelling has."""
        return np.array([len(written) for written, _ in self.spellings], dtype=np.int64)

    @cached_property
    def _letters(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """By letter, the numbers of the folded spellings that have it, and how often each has."""
        found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for number, (written, _) in enumerate(self.spellings):
            for letter, times in Counter(written).items():
                found[letter][0].append(number)
                found[letter][1].append(times)
        return {letter: (np.array(where), np.array(times)) for letter, (where, times) in found.items()}


_NAMES: dict[int, tuple[weakref.ref[pd.DataFrame], Names]] = {}  # by the identity of the table


def names_of(places: pd.DataFrame) -> Names:
    """Return the names of a table of places: made at the first look-up, and kept as long as the table is there."""
    key = id(places)
    kept = _NAMES.get(key)
    if kept is None or kept[0]() is not places:
        _NAMES[key] = weakref.ref(places, lambda gone: _forget(key, gone)), Names(places)
    return _NAMES[key][1]


def _forget(key: int, gone: weakref.ref[pd.DataFrame]) -> None:
    """Drop the names of a table that is no more, unless another one has its number by now."""
    if key in _NAMES and _NAMES[key][0] is gone:
        del _NAMES[key]


def place_id_of(
    text: object,
    places: pd.DataFrame,
    *,
    among: Iterable[str] | None = None,
    unknown: str = "Unknown place",
    error: type[ConflictkitError] = PlaceError,
) -> str:
    """Return the id of the place that a text means: an id wins, then the one exact match after folding.

    Parameters
    ----------
    text
        An id, or a name in any spelling of the table.
    places
        The table of places.
    among
        The ids that can be meant; all of the table by default.
    unknown
        How the message begins if there is none.
    error
        What is raised then.

    Raises
    ------
    PlaceError
        If nothing has that name, or several places have.
    """
    names = names_of(places)
    ids = names.ids if among is None else frozenset(among)
    if isinstance(text, str) and text in ids:
        return text
    found = names.exact(text, ids) if isinstance(text, str) else {}
    if len(found) == 1:
        place_id = next(iter(found))
        if _OLD_ID.fullmatch(str(text)) and (place_id, text) in names.aliases:
            warnings.warn(f"Place {text!r} is now {place_id!r}: write the new id.", FutureWarning, stacklevel=3)
        return place_id
    if found:
        raise PlaceError(_several(text, list(found), places))
    if parts := _parts_of(text, names, ids, places):
        msg = f"{unknown} {shown(text)} as a whole: ask for {' or '.join(map(repr, parts))}."
        raise error(msg)
    hint = nearest(text, sorted(ids))
    msg = f"{unknown} {shown(text)}.{hint} find_place(text) looks for names; the ids are in the table of places."
    raise error(msg)


def meant_by(text: str, places: pd.DataFrame, among: Iterable[str]) -> list[str]:
    """Return the ids that a text may mean, for a reader to choose from: the same names, else parts, else alike.

    Parameters
    ----------
    text
        An id, or a name in any spelling of the table.
    places
        The table of places.
    among
        The ids that can be meant.
    """
    names, ids = names_of(places), frozenset(among)
    if text in ids:
        return [text]
    if found := list(names.exact(text, ids)) or _parts_of(text, names, ids, places):
        return found
    alike = names.alike(text, ids)
    return sorted(alike, key=lambda place: (-alike[place][0], place))[:NAMED]


def _parts_of(text: object, names: Names, ids: frozenset[str], places: pd.DataFrame) -> list[str]:
    """Return the places beside a place that cannot be meant, and named after it: the banks of Mosul for Mosul."""
    whole = names.exact(text, names.ids - ids) if isinstance(text, str) else {}
    if len(whole) != 1 or not {"latitude", "longitude"} <= set(places):
        return []
    one = places[places["place_id"] == next(iter(whole))].iloc[0]
    beside = (places[["latitude", "longitude"]] - [one["latitude"], one["longitude"]]).abs().max(axis=1) < BESIDE_DEG
    named = places["place_id"].isin(ids) & places["name"].str.endswith(f" {one['name']}")
    return places.loc[named & beside, "place_id"].tolist()


def _several(text: object, place_ids: list[str], places: pd.DataFrame) -> str:
    """Return the message that several places are called so."""
    rows = places.set_index("place_id").reindex(place_ids[:NAMED])
    where = [
        f"{place_id!r}" + (f" ({row['admin1']})" if "admin1" in rows and pd.notna(row["admin1"]) else "")
        for place_id, row in rows.iterrows()
    ]
    more = f" and {len(place_ids) - NAMED} more" if len(place_ids) > NAMED else ""
    return f"{shown(text)} is the name of {len(place_ids)} places: {', '.join(where)}{more}. Write the id of one."
