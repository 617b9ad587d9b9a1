"""Other people's files, read into the kit's own tables."""

from __future__ import annotations
