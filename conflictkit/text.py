"""What text in a column is: its type, whatever the options of pandas; when it is none; and what no file can hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The type of every column of text. ``dtype="str"`` is another type, and writes missing cells as the word "None", where
# a reader has set pandas' option future.infer_string.
TEXT = pd.StringDtype(na_value=np.nan)


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
