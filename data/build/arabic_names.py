"""Choose an Arabic name among alternate names that do not say which language they are in.

The romanized name is written back in Arabic letters, roughly, and the spelling most like it is taken.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ARABIC = re.compile("[\u0621-\u063a\u0641-\u0652 ]+")  # letters and vowel signs, without those of Persian and Kurdish
VOWEL_SIGNS = re.compile("[\u064b-\u0652]")
MARKED = re.compile(r"[أإآؤئءة]|\bال")
ARTICLE = re.compile(r"\b(?:a[lnrstzdḑşţ]|az̧|ash)[ -]")
# Words for an administrative unit, in Arabic (centre, district, subdistrict, town) and romanized (subdistrict).
UNIT = re.compile("^(?:(?:مركز|قضاء|ناحية|مدينة) )+|^n[āa][ḩh]iyat ")

# The Arabic letter that each of GeoNames' romanization stands for; the nearest, for letters that Kurdish names add.
LETTERS = dict(zip("btjḩhdrzsşḑţ‘fqklmnwyāūīáîêûpgvcxç", "بتجحهدرزسصضطعفقكلمنوياويىييوبكفجخج", strict=True))
LETTERS |= {"kh": "خ", "sh": "ش", "th": "ث", "dh": "ذ", "gh": "غ", "ch": "ج", "z̧": "ظ", "ة": "ة", " ": " "}
EDGE_VOWELS = dict(zip("aeiou", "āīīūū", strict=True))  # short vowels are written only where a word begins or ends


def arabic_name(name: str, spellings: Iterable[str]) -> str:
    """Choose the Arabic spelling that a romanized name renders best; empty where there is none.

    Only spellings in Arabic's own letters count; vowel signs and the word for an administrative unit are left out.
    Among equals the fuller orthography comes first: more articles and marked letters, then the longer. A Kurdish
    spelling that happens to use none of Kurdish's own letters cannot be told from an Arabic one.
    """

    def rank(spelling: str) -> tuple[float, int, int, str]:
        likeness = difflib.SequenceMatcher(None, sketch(name), bare(spelling), autojunk=False).ratio()
        return -likeness, -len(MARKED.findall(spelling)), -len(spelling), spelling

    candidates = {UNIT.sub("", VOWEL_SIGNS.sub("", spelling)) for spelling in spellings if ARABIC.fullmatch(spelling)}
    return min(candidates, key=rank, default="")


def bare(spelling: str) -> str:
    """Take the article from every word, and the mark from every alif."""
    return re.sub(r"\bال", "", re.sub("[أإآ]", "ا", spelling))


def sketch(name: str) -> str:
    """Write a romanized name in Arabic letters, without articles and doubled letters."""
    text = ARTICLE.sub("", UNIT.sub("", unicodedata.normalize("NFC", name).lower()))
    text = re.sub("[aā]h(?= |$)", "ة", text)
    text = re.sub("(?<![^ ])[aeiou]|[aeiou](?![^ ])", lambda vowel: EDGE_VOWELS[vowel[0]], text)
    letters = "".join(LETTERS.get(part, "") for part in re.findall("[kstdg]h|ch|z̧|.", text))
    return re.sub(r"(.)\1", r"\1", letters)
