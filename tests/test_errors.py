"""The exceptions: what they are caught as, and the hint that they give."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

from conflictkit import errors

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
