"""The exceptions: what they are caught as, and the hint that they give."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

from conflictkit import errors
from conflictkit.errors import SHOWN, UnknownNameError, known, nearest, shown

EXCEPTIONS = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, Exception)]


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_each_is_caught_as_a_value_error_and_explains_itself(exception: type[Exception]) -> None:
    """A caller who does not know the kit's classes catches the built-in one."""
    assert issubclass(exception, ValueError)
    assert (exception.__doc__ or "").splitlines()[0].endswith(".")


def test_table_error_carries_its_problems() -> None:
    """The message is for people, the frame for programs."""
    problems = pd.DataFrame({"row": [2]})
    error = errors.TableError("one problem", problems)
    assert str(error) == "one problem"
    assert error.problems is problems


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("isiss", " Did you mean 'isis'?"),
        ("ISIS", " Did you mean 'isis'?"),
        ("deir ezzor", " Did you mean 'Deir ez-Zor'?"),
        ("something else", ""),
        ("", ""),
    ],
)
def test_nearest(value: str, hint: str) -> None:
    """The hint ignores case, gives the allowed spelling, and keeps quiet where nothing is near."""
    assert errors.nearest(value, ["isis", "sdf", "Deir ez-Zor"]) == hint


@pytest.mark.parametrize("value", ["sdff", "SDF", 5, None, ["sdf"], ""])
def test_known_refuses_what_is_not_allowed(value: object) -> None:
    """With the value, what is allowed, and the nearest match."""
    with pytest.raises(errors.UnknownNameError) as refusal:
        errors.known("actor_id", value, ["isis", "sdf"])
    assert str(refusal.value).startswith(f"Unknown actor_id {value!r}: use one of isis, sdf.")
    assert ("Did you mean 'sdf'?" in str(refusal.value)) == (value in ("sdff", "SDF", ["sdf"]))


def test_known_takes_what_is_allowed() -> None:
    """From any kind of list, a column too."""
    errors.known("actor_id", "sdf", pd.Series(["isis", "sdf"]))
    errors.known("actor_id", "sdf", (name for name in ("isis", "sdf")))


def test_known_counts_what_it_does_not_list() -> None:
    """A hundred names are no help; the nearest is named all the same."""
    with pytest.raises(errors.UnknownNameError) as refusal:
        errors.known("place_id", "place-1oo", [f"place-{n}" for n in range(1000)])
    text = str(refusal.value)
    assert f"and {1000 - errors.NAMED:,} more" in text
    assert "Did you mean 'place-" in text
    assert len(text) < 300


def test_need_names_columns_and_next_step() -> None:
    """One mistake, one exception, wherever it is made."""
    frame = pd.DataFrame({"a": [1]})
    errors.need(frame, ["a"], what="plot_x", like="load_x")
    with pytest.raises(errors.TableError, match=r"The frame lacks b, c: plot_x takes rows like those of load_x\(\)"):
        errors.need(frame, ["a", "b", "c"], what="plot_x", like="load_x")
    with pytest.raises(errors.TableError, match=r"No rows for plot_x. Check the filter, or start from load_x\(\)"):
        errors.need(frame.head(0), ["a"], what="plot_x", like="load_x")


class Silent:
    """An object that cannot say what it is."""

    def __repr__(self) -> str:
        """Fail, as some objects do."""
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("isis", "'isis'"),
        ("x" * 80, repr("x" * 78) + "..."),
        ("x" * 5_000_000, "'" + "x" * 79 + "..."),
        (list(range(1000)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, ..."),
        ("half \ud83d", "'half \\ud83d'"),
        (Silent(), "a Silent"),
        (None, "None"),
    ],
    ids=["short", "edge", "page", "list", "surrogate", "silent", "nothing"],
)
def test_values_as_messages_show_them(value: object, text: str) -> None:
    """What was pasted is not repeated, and what cannot say itself is named by its type."""
    found = shown(value)
    assert len(found) <= SHOWN + 3
    assert found[:60] == text[:60]
    assert found.endswith("...") == text.endswith("...")


def test_what_nobody_mistyped_is_not_compared() -> None:
    """A page for a name has no nearest match, and asking for one ends at once."""
    assert nearest("x" * 1_000_000, ["isis"] * 10) == ""
    assert nearest("Isi", ["isis", "sdf"]) == " Did you mean 'isis'?"
    with pytest.raises(UnknownNameError) as refused:
        known("actor", "x" * 1_000_000, ["isis"])
    assert len(str(refused.value)) < 200
