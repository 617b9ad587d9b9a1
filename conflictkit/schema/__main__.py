"""Check every table of a folder: ``python -m conflictkit.schema [folder]``; the shipped tables by default."""

from __future__ import annotations

import sys
from pathlib import Path

from conflictkit.errors import TableError
from conflictkit.files import data_folder
from conflictkit.schema import check_folder

if __name__ == "__main__":
    try:
        print(*check_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else data_folder()), sep="\n")
    except TableError as error:
        sys.exit(str(error))
