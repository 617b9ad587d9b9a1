"""Numbers given in words, read by a table of conventions that the analyst can edit."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from math import isinf, isnan, nan
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from conflictkit.errors import EstimateError, shown
from conflictkit.ranges import Range
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[a-z]+|\S")
DIGITS = re.compile(r"\d[\d,.]*")
DOTTED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,])")  # 59.000 is 59 in English and 59,000 in Italian
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"٬": ",", "٫": "."})  # noqa: RUF001 - what pages hold
BETWEEN = {"to", "and", "or", "-"}  # what stands between the two ends of a range
OPENERS = {"between", "from"}
TEN, HUNDRED = 10, 100
SHOWN = 60  # letters of a wording that a message repeats


class Word(NamedTuple):
    """One row of the table."""

    phrase: str
    kind: str
    low: float
    high: float
    convention: str


class Amount(NamedTuple):
    """A number, exact or vague, before bounds and margins."""

    low: float
    high: float
    scale: float = 1.0
    is_share: bool = False

    @property
    def scaled(self) -> tuple[float, float]:
        """The numbers that it stands for."""
        return self.low * self.scale, self.high * self.scale


def range_from_words(text: str, *, tables: Tables | None = None) -> Range:
    """Return the interval that a wording of a quantity stands for.

    Parameters
    ----------
    text
        The wording alone, in English: "a few thousand", "fewer than 1,000", "between 15 and 20 thousand".
    tables
        The tables with the conventions, ``quantity_words``; the shipped ones by default. To read otherwise, edit a copy
        of ``load_quantity_words()`` and pass ``Tables.shipped().replace(quantity_words=mine)``.

    Returns
    -------
    Range
        ``low`` and ``high`` as far as the words set them, nan for the other side of a bound; ``best`` only where one
        exact number is given; ``unit`` is ``"share"`` for parts of a whole, from 0 to 1; ``how`` names the conventions.

    Raises
    ------
    EstimateError
        If a word is not in the table (the message has the nearest that is), if there is no number, or if a dot could
        be a decimal point or stand for thousands. Nothing is guessed.

    Notes
    -----
    What vague words stand for is a convention, not a measurement: the table names one for each. "About" widens an
    exact number and leaves a range as it is, which already says how sure it is.

    Examples
    --------
    >>> print(range_from_words("a few thousand"))
    2,000–6,000
    >>> print(range_from_words("fewer than 1,000"))
    at most 1,000
    >>> print(range_from_words("between 15 and 20 thousand"))
    15,000–20,000
    >>> range_from_words("umpteen")
    Traceback (most recent call last):
    ...
    conflictkit.errors.EstimateError: 'umpteen' of 'umpteen' is no wording of the table; the nearest is 'fourteen'.
    Add a row to the table quantity_words.
    """
    if not isinstance(text, str):
        msg = f"range_from_words reads text, not {type(text).__name__}."  # type: ignore[unreachable]
        raise EstimateError(msg)
    rows = (tables or Tables.shipped()).quantity_words[list(Word._fields)]
    return _Reading(text, {str(row[0]): Word(*row) for row in rows.itertuples(index=False)}).result()


class _Reading:
    """One text on its way to a range: words are taken off both ends until an amount is left."""

    def __init__(self, text: str, lexicon: Mapping[str, Word]) -> None:
        self.text, self.lexicon = text, lexicon
        self.used: dict[str, str] = {}
        plain = "".join(str(unicodedata.digit(c, c)) for c in text.translate(DASHES).lower())
        if DOTTED.search(plain):
            self.fail(f"{DOTTED.findall(plain)[0]!r} may be thousands or decimals: write 59,000 or 59.0")
        self.words = self._phrases([t.replace(",", "") if t[0].isdigit() else t for t in TOKEN.findall(plain)])

    def _phrases(self, tokens: list[str]) -> list[str]:
        """Return the tokens with the longest phrases of the table joined."""
        longest = max((phrase.count(" ") for phrase in self.lexicon), default=0) + 1
        joined: list[str] = []
        while tokens:
            sizes = [n for n in range(min(longest, len(tokens)), 1, -1) if " ".join(tokens[:n]) in self.lexicon]
            size = sizes[0] if sizes else 1
            joined.append(" ".join(tokens[:size]))
            tokens = tokens[size:]
        return joined

    def result(self) -> Range:
        """Return the range, or say what cannot be read."""
        self._refuse_strangers()
        words, bound, margin = self._without_ends(list(self.words))
        amounts = [self._amount(part) for part in self._split(words)]
        # "between 15 and 20 thousand": what multiplies the second end multiplies the first
        if len(amounts) > 1 and amounts[0].scale == 1 and amounts[0].high <= amounts[1].low:
            amounts[0] = amounts[0]._replace(scale=amounts[1].scale, is_share=amounts[1].is_share)
        low, high = amounts[0].scaled[0], amounts[-1].scaled[1]
        if isinf(high):
            self.fail(f"{self.text[:SHOWN]!r} has a number that is too large")
        if low > high:
            self.fail(f"{shown(self.text)} has a lower end above its upper end")
        # a margin widens an exact number, which stays the best where it lies inside; a bound opens one side
        best = low if low == high else nan
        if margin and low == high:
            best = nan if margin.high == 1 or margin.low == 1 else best
            low, high = margin.low * low, margin.high * high
        if bound:
            best, low, high = nan, low if bound == "at_least" else nan, high if bound == "at_most" else nan
        unit = "share" if amounts[-1].is_share else "count"
        how = "; ".join(f"{phrase}: {convention}" for phrase, convention in self.used.items())
        return Range(low, best, high, unit, how)

    def _refuse_strangers(self) -> None:
        """Raise if a word is not in the table: nothing is guessed."""
        for word in self.words:
            if not (word in self.lexicon or word in BETWEEN | OPENERS or DIGITS.fullmatch(word)):
                near = get_close_matches(word, self.lexicon, n=1, cutoff=0.0)
                hint = f"; the nearest is {near[0]!r}" if near else ", which has none"
                self.fail(
                    f"{shown(word)} of {shown(self.text)} is no wording of the table{hint}. "
                    "Add a row to the table quantity_words"
                )

    def _without_ends(self, words: list[str]) -> tuple[list[str], str, Word | None]:
        """Return the words between bounds, margins and nouns, with the bound and the margin."""
        bounds: list[str] = []
        margin: Word | None = None
        while words:
            kinds = [self.lexicon[words[end]].kind if words[end] in self.lexicon else "" for end in (0, -1)]
            end = next((e for e, kind in zip((0, -1), kinds, strict=True) if kind in _ENDS[e]), None)
            if end is None:
                break
            word = self._use(words.pop(end))
            if word.kind == "margin":
                margin = word
            elif word.kind != "noun":
                bounds.append(word.kind)
        if len(set(bounds)) > 1:
            self.fail(f"{shown(self.text)} has a lower and an upper bound: write it as a range")
        return words, bounds[0] if bounds else "", margin

    def _split(self, words: list[str]) -> list[list[str]]:
        """Return the two ends of a range, or the one amount."""
        if words and words[0] in OPENERS:
            words = words[1:]
        for i in range(1, len(words) - 1):
            if words[i] in BETWEEN and not self._is_compound(words[i - 1 : i + 2]):
                return [words[:i], words[i + 1 :]]
        return [words]

    def _is_compound(self, words: list[str]) -> bool:
        """Tell thirty-five, one number, from twenty-thirty, a range."""
        tens, dash, ones = words
        if dash != "-" or not {tens, ones} <= self.lexicon.keys():
            return False
        small = self.lexicon[ones].high < TEN and self.lexicon[ones].low == self.lexicon[ones].high
        return small and TEN < self.lexicon[tens].low < HUNDRED and self.lexicon[tens].low % TEN == 0

    def _amount(self, words: list[str]) -> Amount:
        """Return the amount of some words: a number or a part, then what multiplies it."""
        words = [w for w in words if not (w in self.lexicon and self.lexicon[w].kind in {"noun", "margin"})]
        if not words:
            self.fail(f"{shown(self.text)} has no number that is listed")
        first, rest = words[0], words[1:]
        if DIGITS.fullmatch(first):
            amount = Amount(float(first), float(first))
        elif first not in self.lexicon:
            self.fail(f"{shown(self.text)} has {shown(first)} where a number should be")
        elif len(words) > 2 and self._is_compound(words[:3]):  # noqa: PLR2004 - tens, dash, ones
            value = self._use(first).low + self._use(words[2]).low
            amount, rest = Amount(value, value), words[3:]
        elif self.lexicon[first].kind in {"number", "share"}:
            word = self._use(first)
            amount = Amount(word.low, word.high, is_share=word.kind == "share")
        else:
            amount, rest = Amount(1.0, 1.0), words
        return self._multiplied(amount, rest)

    def _multiplied(self, amount: Amount, words: list[str]) -> Amount:
        for word in words:
            if word not in self.lexicon or self.lexicon[word].kind != "scale":
                self.fail(f"{shown(self.text)} has {shown(word)} where hundred, thousand or percent should be")
            factor = self._use(word).low
            amount = amount._replace(scale=amount.scale * factor, is_share=amount.is_share or factor < 1)
        return amount

    def _use(self, phrase: str) -> Word:
        word = self.lexicon[phrase]
        if word.kind == "margin" or (word.kind in {"number", "share"} and word.low != word.high):
            self.used[phrase] = word.convention
            if not isnan(word.low):
                self.used[phrase] += f" ({Range(word.low, high=word.high)})"
        return word

    def fail(self, what: str) -> NoReturn:
        """Raise: a wording that cannot be read is never guessed."""
        msg = f"{what}."
        raise EstimateError(msg)


_ENDS = {0: {"noun", "margin", "at_least", "at_most"}, -1: {"noun", "at_least", "at_most"}}
