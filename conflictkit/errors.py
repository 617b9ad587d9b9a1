"""The kit's exceptions, each a subclass of ``ConflictkitError``, and the checks that nearly every function makes."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

SHOWN = 80  # letters of a value that a message repeats: enough to find it, and no page that somebody pasted
NAMED = 12  # allowed values that a message lists; more are counted, and the nearest is named all the same


class ConflictkitError(ValueError):
    """Anything that the kit refuses; the classes below say what kind of thing it was."""


class TableError(ConflictkitError):
    """A table breaks its contract, or a file is not a table.

    Attributes
    ----------
    problems
        One row per problem: ``table``, ``row`` (line of the CSV, the header is line 1), ``column``, ``value``,
        ``problem``. None where the file could not be read at all.
    """

    def __init__(self, message: str, problems: pd.DataFrame | None = None) -> None:
        super().__init__(message)
        self.problems = problems

    @classmethod
    def of(cls, errors: Sequence[TableError]) -> TableError:
        """Return one error with the problems of several."""
        import pandas as pd

        found = [error.problems for error in errors if error.problems is not None]
        return cls("\n".join(map(str, errors)), pd.concat(found, ignore_index=True) if found else None)


class TerritoryError(ConflictkitError):
    """A territory cannot be built from these tables, or asked this question."""


class PolygonError(ConflictkitError):
    """Dated polygons cannot be read."""


class EstimateError(ConflictkitError):
    """Published figures cannot be read, added or pooled."""


class DateError(ConflictkitError):
    """A date cannot be read."""


class PlaceError(ConflictkitError):
    """A place is unknown, or has no position."""


class PageError(ConflictkitError):
    """A map cannot be written as a page of its own."""


class UnknownNameError(ConflictkitError):
    """An option or a name is not one of those allowed."""


def shown(value: object, most: int = SHOWN) -> str:
    """Return a value as a message shows it: as Python writes it, the beginning of a long one."""
    try:
        # only the beginning of a long text is looked at
        text = repr(value[: most + 1] if isinstance(value, str) else value)
    except Exception:  # noqa: BLE001 - an object of anybody's, which cannot say what it is
        text = f"a {type(value).__name__}"
    return text if len(text) <= most else f"{text[:most]}..."


def nearest(value: object, allowed: Iterable[object]) -> str:
    """Return `` Did you mean 'x'?`` for the closest allowed value, whatever its case, or an empty string."""
    text = value if isinstance(value, str) else shown(value)
    if len(text) > SHOWN:
        return ""  # nobody mistyped this, and comparing long text takes hours
    names = {str(name).lower(): str(name) for name in allowed}
    match = get_close_matches(text.lower(), names, n=1)
    return f" Did you mean {names[match[0]]!r}?" if match else ""


def known(what: str, value: object, allowed: Iterable[str]) -> None:
    """Raise if a value is not one of those allowed.

    Parameters
    ----------
    what
        What the value is, for the message.
    value
        As the caller gave it.
    allowed
        The values that can be.

    Raises
    ------
    UnknownNameError
        With the value, those allowed and the nearest match.
    """
    options = list(allowed)
    if isinstance(value, str) and value in options:
        return
    first = ", ".join(f"{option}" for option in options[:NAMED])
    more = f" and {len(options) - NAMED:,} more" if len(options) > NAMED else ""
    msg = f"Unknown {what} {shown(value)}: use one of {first}{more}.{nearest(value, options)}"
    raise UnknownNameError(msg)


def need(frame: pd.DataFrame, columns: Iterable[str], *, what: str, like: str) -> None:
    """Raise if a frame is none, has no rows, or lacks a column that is asked of it.

    Parameters
    ----------
    frame
        Rows that a caller brought.
    columns
        What is read of them.
    what
        Who reads them, for the message: ``plot_strength``.
    like
        The function whose rows have all that is needed: ``load_deployments``.

    Raises
    ------
    TableError
        With the columns that are missing, or that there is no row.
    """
    if not hasattr(frame, "columns"):
        msg = f"{what} takes a DataFrame like that of {like}(), not {type(frame).__name__}."
        raise TableError(msg)
    if missing := [column for column in columns if column not in frame.columns]:
        msg = f"The frame lacks {', '.join(missing)}: {what} takes rows like those of {like}()."
        raise TableError(msg)
    if frame.empty:
        msg = f"No rows for {what}. Check the filter, or start from {like}()."
        raise TableError(msg)
