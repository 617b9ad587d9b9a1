"""A look inside: tests of the parts of a territory need what no user does."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conflictkit import Territory


def land_of(territory: Territory) -> Any:  # noqa: ANN401 - of places or of drawings
    """Return the land that a territory has."""
    return territory._land  # noqa: SLF001


def unpacked(page: str) -> dict[str, Any]:
    """Return the numbers of a page as its script reads them."""
    (packed,) = re.findall(r'<script type="text/plain" id="ck-data">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return found
