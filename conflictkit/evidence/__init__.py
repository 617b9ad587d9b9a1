"""Evidence: what stands against a row, what hangs on it, what differs between tables, and the rows behind a figure."""

from __future__ import annotations

from conflictkit.evidence._faults import in_words as in_words
from conflictkit.evidence._faults import look_at as look_at
from conflictkit.evidence.diff_tables import diff_tables as diff_tables
from conflictkit.evidence.what_if import what_if as what_if
