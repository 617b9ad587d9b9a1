"""The doors for quantities in words."""

from __future__ import annotations

import math

from fuzz.cells import ANY_TEXT
from fuzz.door import Door
from hypothesis import strategies as st

import conflictkit as ck

PHRASES = sorted(ck.load_quantity_words()["phrase"])
PARTS = st.one_of(
    st.sampled_from(PHRASES),
    st.sampled_from(["and", "or", "to", "-", "between", "a", "of", "%", ",", ".", "(", "up", "k", "m", "~", "not"]),
    st.integers(0, 10**7).map(str),
    st.integers(0, 10**7).map("{:,}".format),
    st.floats(0, 1e6).map(str),
    st.sampled_from(["1,5", "1.5", "1.500,2", "10^3", "1e3", "½", "٣", "-5", "0", "00", "1/2", "20s", "1990s"]),
)
SENTENCES = st.lists(PARTS, min_size=1, max_size=8).map(" ".join)


def ask(text: str) -> None:
    """See a range in order, of numbers from zero on."""
    found = ck.range_from_words(text)
    ends = [end for end in (found.low, found.best, found.high) if not math.isnan(end)]
    assert ends == sorted(ends)
    assert all(end >= 0 for end in ends)
    assert ends, "no number"
    str(found)


DOORS = [
    Door("words: sentences", SENTENCES, ask, weight=14),
    Door("words: anything", st.one_of(ANY_TEXT, st.text(max_size=200)), ask, weight=6),
]
