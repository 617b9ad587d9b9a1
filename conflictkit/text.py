"""What text in a column is: its type, whatever the options of pandas; when it is none; and what no file can hold."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

# The type of every column of text. ``dtype="str"`` is another type, and writes missing cells as the word "None", where
# a reader has set pandas' option future.infer_string.
TEXT = pd.StringDtype(na_value=np.nan)

# What no XML can hold, not even escaped (XML 1.0, 2.2, "Char"): control characters, halves of pairs, two others.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def blank(text: str) -> bool:
    """Whether a text says nothing: such a cell is an empty one, in files and in frames."""
    return not text or text.isspace()


def writable(text: str) -> bool:
    """Whether a text can be written: not if it holds NUL, or half of a pair of surrogates."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def as_writable(text: str) -> str:
    """Return a text with what cannot be written spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def for_xml(text: str) -> str:
    """Return a text in which the sign for "unknown letter" stands for each that no XML can hold; nothing is escaped."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(text))
