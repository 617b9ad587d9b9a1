"""What text is, whatever the options of pandas."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from conflictkit.text import TEXT, as_writable, blank, writable


def test_the_type_of_text_is_that_of_pandas() -> None:
    """The same column as `str`, with holes that are no words."""
    assert pd.Series(["a", None]).dtype == TEXT
    assert pd.Series(["a", None, np.nan], dtype="object").astype(TEXT).isna().tolist() == [False, True, True]


def test_no_option_makes_words_of_holes() -> None:
    """With `dtype="str"` a missing cell would be the text None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pd.option_context("future.infer_string", False):  # noqa: FBT003 - the option's value
            cells = pd.Series(["a", None]).astype(TEXT)
            assert cells.isna().tolist() == [False, True]
            assert cells.dtype == TEXT


@pytest.mark.parametrize(("text", "said"), [("", True), (" \t\n", True), ("\N{NO-BREAK SPACE}", True), ("0", False)])
def test_blank(text: str, said: bool) -> None:  # noqa: FBT001 - a case
    """Nothing but space says nothing."""
    assert blank(text) == said


@pytest.mark.parametrize(
    ("text", "written"),
    [("القائم", "القائم"), ("\N{PILE OF POO}", "\N{PILE OF POO}"), ("a\ud83d", "a\\ud83d"), ("a\0b", "a\\x00b")],
    ids=["arabic", "emoji", "half", "nul"],
)
def test_what_no_file_can_hold(text: str, written: str) -> None:
    """Half of a pair of surrogates and NUL are spelt out; all else is as it was."""
    assert writable(text) == (text == written)
    assert as_writable(text) == written
    written.encode()
