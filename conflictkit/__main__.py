"""The command line: ``conflictkit new folder`` and ``conflictkit check [folder]``, or ``python -m conflictkit ...``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conflictkit.errors import ConflictkitError, TableError
from conflictkit.evidence import in_words, join_lines, look_at
from conflictkit.evidence._passport import passport_in, verified
from conflictkit.evidence.diff_tables import land_of
from conflictkit.files import data_folder
from conflictkit.tables import Tables
from conflictkit.war_folder import check_folder, new_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, or 1 with what is wrong on standard error.

    Parameters
    ----------
    argv
        The words after the program's name; None for those of the process.

    Returns
    -------
    int
        The exit status.

    Examples
    --------
    >>> from conflictkit.__main__ import main
    >>> main(["check"])  # doctest: +ELLIPSIS
    places: 1,172 rows, no problem
    ...
    0
    """
    arguments = _parser().parse_args(argv)
    try:
        print(*arguments.run(arguments), sep="\n")
    except (ConflictkitError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the commands, each with the function that runs it."""
    parser = argparse.ArgumentParser(prog="conflictkit", description="Tables of a war, from the command line.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    new = commands.add_parser("new", help="write a folder of tables with headers and example rows, to be filled")
    new.add_argument("folder", type=Path, help="a folder that is not there yet, or is empty")
    new.set_defaults(run=_new)
    check = commands.add_parser("check", help="check every table of a folder, and the references between them")
    check.add_argument("folder", type=Path, nargs="?", help="holds a CSV for each table; default: the shipped tables")
    check.add_argument("--all", action="store_true", help="name every row to look at, not the first three of a kind")
    check.set_defaults(run=_check)
    verify = commands.add_parser("verify", help="read the passport of a figure, and say whether its rows still stand")
    verify.add_argument("figure", type=Path, help="a file that save_figure wrote: PNG, SVG, PDF or HTML")
    verify.add_argument("--tables", type=Path, help="a folder of tables; default: the shipped ones")
    verify.set_defaults(run=_verify)
    return parser


def _verify(arguments: argparse.Namespace) -> list[str]:
    """Return what stands; raise with what has changed, old and new."""
    card = passport_in(arguments.figure)
    tables = Tables.shipped() if arguments.tables is None else Tables.read(arguments.tables)
    lines, stand, foreign = verified(card, tables)
    rest = f"; {foreign:,} are of files that are not among the tables" if foreign else ""
    told = f"{arguments.figure.name}: {stand:,} of {len(card['rows']):,} rows stand unchanged{rest}."
    if lines:
        raise TableError("\n".join([told, *lines]))
    return [told, str(card.get("cite", ""))]


def _new(arguments: argparse.Namespace) -> list[str]:
    """Write a folder, and return one line per file."""
    return new_folder(arguments.folder)


def _check(arguments: argparse.Namespace) -> list[str]:
    """Return a line per table of a folder, how far its ids join, and rows to look at: signs of faults, no errors."""
    folder = arguments.folder or data_folder()
    lines = check_folder(folder)
    if not all((folder / f"{name}.csv").exists() for name in ("places", "control_changes", "actors")):
        return lines  # a few rows beside the shipped tables
    tables = Tables.shipped() if folder == data_folder() else Tables.read(folder)
    return [*lines, *join_lines(tables), *in_words(look_at(tables, land_of(tables)), every=arguments.all)]


if __name__ == "__main__":
    sys.exit(main())
