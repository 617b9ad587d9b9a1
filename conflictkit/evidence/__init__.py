"""Evidence: what stands against a row, what hangs on it, what differs between tables, and the rows behind a figure."""

from __future__ import annotations

from conflictkit.evidence._faults import in_words as in_words
from conflictkit.evidence._faults import look_at as look_at
from conflictkit.evidence._joins import join_lines as join_lines
