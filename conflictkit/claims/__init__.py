"""The claims of a report, held against the tables."""

from __future__ import annotations

from conflictkit.claims._rules import check_claims as check_claims
