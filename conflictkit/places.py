"""``find_place``: the places that a name may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.errors import PlaceError, known, shown
from conflictkit.placenames import names_of
from conflictkit.tables import Tables
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from conflictkit.placenames import Spelling

OF_PLACE = ["place_id", "name", "country", "admin1"]
WHY = {
    "place_id": "its id",
    "name": "its name",
    "name_ar": "its Arabic name",
    "aliases": "another spelling of its name",
}


def find_place(text: str, *, country: str | None = None, tables: Tables | None = None) -> pd.DataFrame:
    """Return the places that a name may mean, the best first.

    Parameters
    ----------
    text
        A name in any spelling or script of the table, or an id.
    country
        Code of a country, such as ``"IQ"``; None for all.
    tables
        The tables to look in; those that ship by default.

    Returns
    -------
    pandas.DataFrame
        One row per candidate: ``place_id``, ``name``, ``country``, ``admin1``, ``matched`` (the spelling that is like
        the text), ``likeness`` (1 if they are the same after folding, at least 0.75), ``why``. Empty if nothing is
        like it.

    Raises
    ------
    PlaceError
        If the text is none.
    UnknownNameError
        If there is no such country.

    Notes
    -----
    Folding comes first: case, marks, hyphens, the article and the forms of Arabic letters make no difference, and what
    stands in brackets of a name may be left out. Only if no spelling is the same then, spellings are compared letter
    by letter. Functions that take a place take an id, or a name that is the same as one place's after folding.

    Examples
    --------
    >>> find_place("Deir Ezzor").place_id.tolist()
    ['deir-ez-zor']
    >>> find_place("الرقة")[["place_id", "why"]].to_numpy().tolist()
    [['raqqa', 'its Arabic name']]
    >>> find_place("Falluja").place_id.iloc[0], len(find_place("Xyzzy"))
    ('fallujah', 0)
    """
    text = _name(text)
    used = Tables.shipped() if tables is None else tables
    places, names = used.places, names_of(used.places)
    if country is not None:
        known("country", country, sorted(used.borders["country"].unique()))
        places = places[places["country"].map(lambda codes: country in codes.split(";")).astype(bool)]
    among = names.ids if country is None else frozenset(places["place_id"])
    same = names.exact(text, among)
    found = {place: (1.0, spelling) for place, spelling in same.items()} or names.alike(text, among)
    return _candidates(found, places, text)


def _name(text: object) -> str:
    if isinstance(text, str):
        return text
    msg = f"Not the name of a place: {shown(text)}. Write text, such as 'Deir Ezzor'."
    raise PlaceError(msg)


def _candidates(found: dict[str, tuple[float, Spelling]], places: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the rows: an id as it is written first, then by likeness, names before other spellings."""
    at = np.flatnonzero(places["place_id"].isin(list(found)).to_numpy())
    there = places[[*OF_PLACE, "population"]].take(at)
    people = there.pop("population").fillna(0).tolist()
    ids = there["place_id"].tolist()
    ranks = list(WHY)

    def order(number: int) -> tuple[bool, float, int, float, str]:
        likeness, spelling = found[ids[number]]
        return ids[number] != text, -round(likeness, 3), ranks.index(spelling.what), -people[number], ids[number]

    best = sorted(range(len(at)), key=order)
    matches = [found[ids[number]] for number in best]
    rows = there.take(best).reset_index(drop=True)
    rows["matched"] = pd.Series([spelling.written for _, spelling in matches], dtype=TEXT)
    rows["likeness"] = np.array([round(likeness, 3) for likeness, _ in matches], dtype=np.float64)
    rows["why"] = pd.Series([_why(*match) for match in matches], dtype=TEXT)
    return rows


def _why(likeness: float, spelling: Spelling) -> str:
    return WHY[spelling.what] if likeness == 1 else f"like {WHY[spelling.what]}"
