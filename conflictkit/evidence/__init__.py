"""Every figure back to its rows: what it rests on, what changes without a row, and what differs between tables."""

from __future__ import annotations

from conflictkit.evidence.diff_tables import diff_tables as diff_tables
from conflictkit.evidence.what_if import what_if as what_if
